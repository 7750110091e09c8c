// A Gaussian mixed model with one grouping factor, fitted again whenever a coefficient moves.
//
// The columns of X, y and Z are combinations V of base columns, so that cross-products of these by
// group are all that is needed. X, y and Z are first made orthonormal, in that order (nothing then
// depends on anybody's origin or scale), and theta = (a, b, c) is found in these coordinates:
//
//     Lambda = [a 0; b c],   N_j = I + Lambda'Z_j'Z_j Lambda = L_j L_j',   B_j = L_j^-1 Lambda'Z_j'W_j,
//     S = W'V^-1 W = W'W - sum_j B_j'B_j,   log|V| = 2 sum_j log|L_j|,     W = [X y].
//
// The gradient in Lambda is 2 D Lambda, with D as in mlcore/gaussian/profile.py; Newton steps take
// their second derivatives from differences of it. A model with fewer than two random terms has
// columns of zeros for Z in their place.
const refitting = (unpacked) => {
  const START = [0.35, 0, 0.35];
  const FREE = [0, 1, 3]; // how many of a, b, c are free with 0, 1, 2 random terms
  const ASIDE = 0.05; // a search that starts at a variance of zero would not leave it
  const ENOUGH = 1e-12; // deviance still to be gained
  const VANISHED = 1e-4; // a relative SD that is zero, if the deviance agrees
  const COLLINEAR = 1e-13;
  const MOST = 200; // steps

  // M (size, size), symmetric, becomes its lower Cholesky factor; false if it has none.
  function factor(M, size) {
    for (let c = 0; c < size; c++) {
      const least = COLLINEAR * Math.abs(M[c * size + c]);
      for (let r = c; r < size; r++) {
        let sum = M[r * size + c];
        for (let k = 0; k < c; k++) sum -= M[r * size + k] * M[c * size + k];
        if (r > c) M[r * size + c] = sum / M[c * size + c];
        else if (sum > least) M[c * size + c] = Math.sqrt(sum);
        else return false;
      }
    }
    return true;
  }

  // L, lower triangular, becomes its inverse.
  function invert(L, size) {
    for (let c = 0; c < size; c++)
      for (let r = c; r < size; r++) {
        let sum = r === c ? 1 : 0;
        for (let k = c; k < r; k++) sum -= L[r * size + k] * L[k * size + c];
        L[r * size + c] = sum / L[r * size + r];
      }
  }

  // Cross-products by group of the standardised base columns, the constant first.
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

  function refit({ p, q, places, reml }) {
    const K = p + 1; // columns of W, y the last
    const width = K + q;
    const free = FREE[q];
    const root = new Float64Array(K * K); // the inverse Cholesky factor of W'W / n, then of Z'Z / n
    const rootZ = new Float64Array(q * q);
    const total = new Float64Array(K * K);
    const whiten = new Float64Array(K * K);
    const hessian = new Float64Array(free * free);
    let theta = START;
    let n, k, J, C, V, Y, A, G, P;

    // Base coefficients of every column; y's may differ between groups.
    function combine({ means, scales }, coefficients) {
      V.fill(0);
      Y.fill(0);
      places.forEach(([column, b], i) => {
        const given = coefficients[i];
        if (column !== p) {
          V[column * k + b] += given * scales[b];
          V[column * k] += given * means[b];
        } else
          for (let j = 0; j < J; j++) {
            const value = typeof given === "number" ? given : given[j];
            Y[j * k + b] += value * scales[b];
            Y[j * k] += value * means[b];
          }
      });
    }

    // Z_j'W_j, Z_j'Z_j and the sum of W_j'W_j; returns that of Z_j'Z_j.
    function multiply() {
      const pooled = new Float64Array(q * q);
      const CV = new Float64Array(width * k);
      const pairs = C.length / J;
      const dot = (r, c) => {
        let sum = 0;
        for (let b = 0; b < k; b++) sum += V[r * k + b] * CV[c * k + b];
        return sum;
      };
      total.fill(0);
      for (let j = 0; j < J; j++) {
        for (let b = 0; b < k; b++) V[p * k + b] = Y[j * k + b];
        for (let c = 0; c < width; c++)
          for (let b = 0; b < k; b++) {
            let sum = 0;
            for (let d = 0; d < k; d++) sum += C[j * pairs + (b > d ? (b * (b + 1)) / 2 + d : (d * (d + 1)) / 2 + b)] * V[c * k + d];
            CV[c * k + b] = sum;
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

    // Columns from `from` on become combinations of themselves: row r of the inverse root, each.
    function turn(inverse, from, size) {
      for (let r = size - 1; r >= 0; r--)
        for (let b = 0; b < k; b++) {
          const sum = (y) => {
            let value = 0;
            for (let c = 0; c <= r; c++) value += inverse[r * size + c] * (from + c === p ? y : V[(from + c) * k + b]);
            return value;
          };
          if (from + r === p) for (let j = 0; j < J; j++) Y[j * k + b] = sum(Y[j * k + b]);
          else V[(from + r) * k + b] = sum(0);
        }
    }

    function orthonormalise() {
      rootZ.set(multiply().map((value) => value / n));
      root.set(total.map((value) => value / n));
      if (!factor(root, K) || !factor(rootZ, q)) return false;
      invert(root, K);
      invert(rootZ, q);
      turn(root, 0, K);
      turn(rootZ, K, q);
      multiply();
      return true;
    }

    // One group at Lambda: its factor L_j, B_j and E_j = Z_j'Z_j Lambda L_j'^-1.
    const B = new Float64Array(2 * K);
    let l11, l21, l22, e11, e12, e21, e22;
    function enter(j, [a, b, c]) {
      const g11 = G[3 * j];
      const g21 = G[3 * j + 1];
      const g22 = G[3 * j + 2];
      const x11 = g11 * a + g21 * b;
      const x21 = g21 * a + g22 * b;
      l11 = Math.sqrt(1 + a * x11 + b * x21);
      l21 = (c * x21) / l11;
      l22 = Math.sqrt(1 + c * c * g22 - l21 * l21);
      e11 = x11 / l11;
      e21 = x21 / l11;
      e12 = (g21 * c - l21 * e11) / l22;
      e22 = (g22 * c - l21 * e21) / l22;
      for (let t = 0; t < K; t++) {
        const first = A[2 * j * K + t];
        const second = A[(2 * j + 1) * K + t];
        B[t] = (a * first + b * second) / l11;
        B[K + t] = (c * second - l21 * B[t]) / l22;
      }
    }

    // The deviance (but for constants) and its gradient.
    function evaluate(at) {
      const [a, b, c] = at;
      whiten.set(total);
      let logDet = 0;
      let d11 = 0;
      let d21 = 0;
      let d22 = 0;
      for (let j = 0; j < J; j++) {
        enter(j, at);
        logDet += 2 * Math.log(l11 * l22);
        for (let r = 0; r < K; r++) {
          for (let t = 0; t <= r; t++) whiten[r * K + t] -= B[r] * B[t] + B[K + r] * B[K + t];
          P[2 * j * K + r] = A[2 * j * K + r] - e11 * B[r] - e12 * B[K + r];
          P[(2 * j + 1) * K + r] = A[(2 * j + 1) * K + r] - e21 * B[r] - e22 * B[K + r];
        }
        d11 += G[3 * j] - e11 * e11 - e12 * e12;
        d21 += G[3 * j + 1] - e11 * e21 - e12 * e22;
        d22 += G[3 * j + 2] - e21 * e21 - e22 * e22;
      }
      if (!factor(whiten, K)) return { theta: at, deviance: NaN, gradient: [NaN, NaN, NaN] };
      const nu = reml ? n - p : n;
      const residual = whiten[K * K - 1];
      let deviance = logDet + nu * (1 + Math.log((2 * Math.PI * residual ** 2) / nu));
      if (reml) for (let r = 0; r < p; r++) deviance += 2 * Math.log(whiten[r * K + r]);
      invert(whiten, K);
      for (let j = 0; j < J; j++)
        for (let r = reml ? 0 : p; r < K; r++) {
          let first = 0;
          let second = 0;
          for (let t = 0; t <= r; t++) {
            first += whiten[r * K + t] * P[2 * j * K + t];
            second += whiten[r * K + t] * P[(2 * j + 1) * K + t];
          }
          const weight = r === p ? nu : 1;
          d11 -= weight * first * first;
          d21 -= weight * first * second;
          d22 -= weight * second * second;
        }
      const gradient = [2 * (d11 * a + d21 * b), 2 * (d21 * a + d22 * b), 2 * d22 * c];
      return { theta: at, deviance, gradient, residual, nu };
    }

    // Second derivatives from differences of the gradient, and the Newton step with some damping.
    function differences(here) {
      const step = 1e-6;
      for (let r = 0; r < free; r++) {
        const { gradient } = evaluate(here.theta.map((value, c) => (c === r ? value + step : value)));
        for (let c = 0; c < free; c++) hessian[r * free + c] = (gradient[c] - here.gradient[c]) / step;
      }
      return hessian.map((value, i) => (value + hessian[(i % free) * free + Math.floor(i / free)]) / 2);
    }

    function newton(curvature, gradient, damping) {
      const inverse = Float64Array.from(curvature);
      for (let r = 0; r < free; r++) inverse[r * free + r] += damping * Math.abs(curvature[r * free + r]);
      if (!factor(inverse, free)) return null;
      invert(inverse, free);
      const step = [0, 0, 0];
      let gain = 0;
      for (let r = 0; r < free; r++) {
        let along = 0;
        for (let c = 0; c <= r; c++) along += inverse[r * free + c] * gradient[c];
        for (let c = 0; c <= r; c++) step[c] -= inverse[r * free + c] * along;
        gain += along ** 2 / 2;
      }
      return { step, gain };
    }

    const noise = (here) => 1e-11 * (1 + Math.abs(here.deviance));

    function minimise(start) {
      let here = evaluate(start);
      let damping = 0;
      for (let i = 0; i < MOST && free; i++) {
        const curvature = differences(here);
        let there, way;
        for (; damping < 1e8; damping = Math.max(4 * damping, 1e-3)) {
          way = newton(curvature, here.gradient, damping);
          there = way && evaluate(here.theta.map((value, r) => value + way.step[r]));
          if (there && there.deviance <= here.deviance + noise(here)) break;
        }
        if (damping >= 1e8) return here;
        here = there;
        if (damping === 0 && way.gain < ENOUGH) return here;
        damping = damping > 1e-3 ? damping / 8 : 0;
      }
      return here;
    }

    // Exactly zero where a variance has all but vanished.
    function settled(here) {
      let [a, b, c] = here.theta;
      if (a < 0) [a, b] = [-a, -b];
      c = Math.abs(c);
      const squares = a * a + b * b + c * c;
      const largest = Math.sqrt((squares + Math.sqrt(Math.max(0, squares ** 2 - 4 * (a * c) ** 2))) / 2);
      if (largest < VANISHED) [a, b, c] = [0, 0, 0];
      else if (q === 2 && (a * c) / largest < VANISHED) {
        const along = Math.hypot(a, b);
        [a, b, c] = along > c ? [a, Math.sign(b) * Math.hypot(b, c), 0] : [0, largest, 0];
      }
      const there = evaluate([a, b, c]);
      return there.deviance <= here.deviance + noise(here) ? there : here;
    }

    // What is asked of a fit, in the units of the data; `best` is the last evaluation.
    let best;
    const scale = () => 1 / root[K * K - 1];
    const sigma = () => (best.residual / Math.sqrt(best.nu)) * scale();
    const tilted = (t) => -whiten[p * K + t] / whiten[K * K - 1]; // beta, for the orthonormal columns

    // Row r of Lambda in the user's coordinates.
    function lambda(r) {
      const [a, b, c] = best.theta;
      if (q === 1) return [rootZ[0] * a, 0];
      return r === 0 ? [rootZ[0] * a + rootZ[2] * b, rootZ[2] * c] : [rootZ[3] * b, rootZ[3] * c];
    }
    const norm = (r) => Math.hypot(...lambda(r));
    const together = () => lambda(0)[0] * lambda(1)[0] + lambda(0)[1] * lambda(1)[1];

    // For every group f(h, s): u = h1 s1 + h2 s2 and its conditional variance sigma^2 (h1^2 + h2^2).
    function effects(r, out, f) {
      const [first, second] = lambda(r);
      for (let j = 0; j < J; j++) {
        enter(j, best.theta);
        let [top, low] = [B[p], B[K + p]];
        for (let t = 0; t < p; t++) {
          top -= B[t] * tilted(t);
          low -= B[K + t] * tilted(t);
        }
        const h = first / l11;
        out[j] = f(h, (second - l21 * h) / l22, top, low);
      }
      return out;
    }

    const answers = {
      deviance() {
        let value = best.deviance + 2 * best.nu * Math.log(scale());
        if (reml) for (let r = 0; r < p; r++) value -= 2 * Math.log(root[r * K + r]);
        return value;
      },
      loglik: () => -answers.deviance() / 2,
      sigma,
      sd: (r) => sigma() * norm(r),
      correlation: () => together() / (norm(0) * norm(1)),
      icc: () => norm(0) ** 2 / (norm(0) ** 2 + 1),
      beta(i) {
        let value = -root[p * K + i];
        for (let t = i; t < p; t++) value += root[t * K + i] * tilted(t);
        return value * scale();
      },
      se(i) {
        let squares = 0;
        for (let r = i; r < p; r++) {
          let sum = 0;
          for (let t = i; t <= r; t++) sum += whiten[r * K + t] * root[t * K + i];
          squares += sum * sum;
        }
        return sigma() * Math.sqrt(squares);
      },
      u: (r, room) => effects(r, room(J), (h1, h2, s1, s2) => scale() * (h1 * s1 + h2 * s2)),
      se_u: (r, room) => effects(r, room(J), (h1, h2) => sigma() * Math.hypot(h1, h2)),
      theta(_, room) {
        const out = room(free);
        if (q) out[0] = norm(0);
        if (q === 2) {
          out[1] = out[0] ? together() / out[0] : 0;
          out[2] = Math.sqrt(Math.max(0, norm(1) ** 2 - out[1] ** 2));
        }
        return out;
      },
    };
    const nothing = { u: (_, room) => room(J).fill(NaN), theta: (_, room) => room(free).fill(NaN) };
    nothing.se_u = nothing.u;

    return ([base, ...coefficients]) => {
      ({ n, sums: C } = base);
      k = base.means.length;
      const groups = (2 * C.length) / (k * (k + 1));
      if (groups !== J) {
        J = groups;
        [V, Y, A, G, P] = [width * k, J * k, 2 * J * K, 3 * J, 2 * J * K].map((size) => new Float64Array(size));
      }
      combine(base, coefficients);
      if (!orthonormalise()) return nothing;
      const aside = (value) => (value < 0 ? -1 : 1) * Math.max(Math.abs(value), ASIDE);
      const start = theta.map((value, i) => (i >= free ? 0 : i === 1 ? value : aside(value)));
      const found = settled(minimise(start));
      theta = Number.isFinite(found.deviance) ? found.theta : START;
      best = evaluate(theta);
      return Number.isFinite(best.deviance) ? answers : nothing;
    };
  }

  const result = ({ name, term }) => ([fit], room) => (fit[name] ? fit[name](term, room) : NaN);

  return { products, refit, result };
};
