// Cross-products by group, of base columns and of the columns that a model makes of them.

// n, the base columns' means and scales, and by group the lower triangles of the cross-products of
// the standardised columns, the constant first: as sent, or formed again from rows that change.
function products({ base }) {
  if (base) {
    const kept = { n: base.n, means: unpacked(base.means), scales: unpacked(base.scales), sums: unpacked(base.sums) };
    return () => kept;
  }
  return ([codes, ...columns], room) => {
    const n = codes.length;
    const k = columns.length + 1;
    const means = [0, ...columns.map((x) => x.reduce((sum, value) => sum + value, 0) / n)];
    const spread = (x, mean) => Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n);
    const scales = [1, ...columns.map((x, c) => spread(x, means[c + 1]) || 1)];
    const groups = 1 + codes.reduce((a, b) => Math.max(a, b), -1);
    const sums = room((groups * k * (k + 1)) / 2).fill(0);
    const row = new Float64Array(k).fill(1);
    for (let i = 0; i < n; i++) {
      for (let c = 1; c < k; c++) row[c] = (columns[c - 1][i] - means[c]) / scales[c];
      let place = (codes[i] * k * (k + 1)) / 2;
      for (let c = 0; c < k; c++) for (let d = 0; d <= c; d++) sums[place++] += row[c] * row[d];
    }
    return { n, means, scales, sums };
  };
}

// A model's columns W = [X y] and Z as combinations of base columns. They are made orthonormal, W
// and Z each in its order; then nothing depends on anybody's origin or scale. What is left are
//
//     A_j = Z_j'W_j,     G_j = Z_j'Z_j (three numbers: 11, 21, 22),     total = W'W,
//
// and the way back: rows of `root` (K, K) and `rootZ` (q, q) are the new columns in terms of the old.
function reduction({ p, q, places }) {
  const K = p + 1;
  const width = K + q;
  const total = new Float64Array(K * K);
  const reduced = { n: 0, J: 0, collinear: false, total, root: new Float64Array(K * K), rootZ: new Float64Array(q * q) };
  let k, V, Y, triangles; // V (width, k) are base coefficients, Y (J, k) those of y, group by group

  function combine({ means, scales }, coefficients) {
    V.fill(0);
    Y.fill(0);
    places.forEach(([column, b], i) => {
      const given = coefficients[i];
      if (column !== p) {
        V[column * k + b] += given * scales[b];
        V[column * k] += given * means[b];
      } else
        for (let j = 0; j < reduced.J; j++) {
          const value = typeof given === "number" ? given : given[j];
          Y[j * k + b] += value * scales[b];
          Y[j * k] += value * means[b];
        }
    });
  }

  // A, G and `total`; returns the sum of the G_j, lower triangle.
  function multiply() {
    const { J, A, G } = reduced;
    const pooled = new Float64Array(q * q);
    const CV = new Float64Array(width * k);
    const size = (k * (k + 1)) / 2;
    const dot = (r, c) => {
      let sum = 0;
      for (let b = 0; b < k; b++) sum += V[r * k + b] * CV[c * k + b];
      return sum;
    };
    total.fill(0);
    for (let j = 0; j < J; j++) {
      for (let b = 0; b < k; b++) V[p * k + b] = Y[j * k + b];
      CV.fill(0);
      for (let c = 0; c < width; c++)
        for (let b = 0, place = j * size; b < k; b++)
          for (let d = 0; d <= b; d++, place++) {
            CV[c * k + b] += triangles[place] * V[c * k + d];
            if (d < b) CV[c * k + d] += triangles[place] * V[c * k + b];
          }
      for (let r = 0; r < K; r++) for (let c = 0; c <= r; c++) total[r * K + c] += dot(r, c);
      for (let r = 0; r < q; r++) {
        for (let c = 0; c < K; c++) A[(2 * j + r) * K + c] = dot(K + r, c);
        for (let c = 0; c <= r; c++) {
          G[3 * j + r + c] = dot(K + r, K + c);
          pooled[r * q + c] += G[3 * j + r + c];
        }
      }
    }
    return pooled;
  }

  // Column `from + r` becomes a combination of columns `from` to `from + r`: row r of `inverse`.
  function turn(inverse, from, size) {
    for (let r = size - 1; r >= 0; r--)
      for (let b = 0; b < k; b++) {
        let others = 0;
        for (let c = 0; c < r; c++) others += inverse[r * size + c] * V[(from + c) * k + b];
        const own = inverse[r * size + r];
        if (from + r !== p) V[(from + r) * k + b] = others + own * V[(from + r) * k + b];
        else for (let j = 0; j < reduced.J; j++) Y[j * k + b] = others + own * Y[j * k + b];
      }
  }

  // The reduced data at these coefficients; where columns are collinear, that is all that is said.
  return (base, coefficients) => {
    k = base.means.length;
    triangles = base.sums;
    const J = (2 * triangles.length) / (k * (k + 1));
    if (J !== reduced.J) {
      [V, Y] = [new Float64Array(width * k), new Float64Array(J * k)];
      Object.assign(reduced, { J, A: new Float64Array(2 * J * K), G: new Float64Array(3 * J) });
    }
    reduced.n = base.n;
    combine(base, coefficients);
    const { root, rootZ } = reduced;
    rootZ.set(multiply());
    root.set(total);
    for (const M of [root, rootZ]) M.forEach((value, i) => { M[i] = value / base.n; });
    reduced.collinear = !factor(root, K) || !factor(rootZ, q);
    if (reduced.collinear) return reduced;
    invert(root, K);
    invert(rootZ, q);
    turn(root, 0, K);
    turn(rootZ, K, q);
    multiply();
    return reduced;
  };
}
