// A Gaussian mixed model with one grouping factor, fitted again whenever a coefficient moves.
//
// In the coordinates of `products.js`, and with theta = (a, b, c),
//
//     Lambda = [a 0; b c],   N_j = I + Lambda'G_j Lambda = L_j L_j',   B_j = L_j^-1 Lambda'A_j,
//     S = W'V^-1 W = total - sum_j B_j'B_j,   log|V| = 2 sum_j log|L_j|.
//
// The gradient in Lambda is 2 D Lambda, with D as in mlcore/gaussian/profile.py. Where there are
// fewer than two random terms, the elements of theta, A_j and G_j that are not needed stay zero.
function refit({ p, q, places, reml }) {
  const START = [0.35, 0, 0.35];
  const ASIDE = 0.05; // a search that starts at a variance of zero would not leave it
  const VANISHED = 1e-4; // a relative SD that is zero, if the deviance agrees
  const LARGE = [1e4, 0, q === 2 ? 1e4 : 0]; // random effects that vary freely …
  const EXACT = 1e-8; // … and what they leave of the outcome where they reproduce it
  const K = p + 1; // columns of W, y the last
  const free = [0, 1, 3][q];
  const reduce = reduction({ p, q, places });
  const whiten = new Float64Array(K * K); // the inverse of the Cholesky factor of S
  const B = new Float64Array(2 * K);
  let P = new Float64Array(0); // Z_j'V_j^-1 W_j
  let theta = START;
  let n, J, A, G, total, root, rootZ, best;
  let l11, l21, l22, e11, e12, e21, e22;

  // One group at Lambda: its factor L_j, B_j and E_j = G_j Lambda L_j'^-1.
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

  // The deviance in these coordinates, and its gradient.
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

  // Lambda without negative diagonal, and exactly zero where a variance has all but vanished.
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
    return there.deviance <= here.deviance + rounding(here) ? there : here;
  }

  // What is asked of a fit, in the units of the data.
  const scale = () => 1 / root[K * K - 1];
  const sigma = () => (best.residual / Math.sqrt(best.nu)) * scale();
  const tilted = (t) => -whiten[p * K + t] / whiten[K * K - 1]; // beta of the orthonormal columns
  function lambda(r) { // row r of Lambda
    const [a, b, c] = best.theta;
    if (q === 1) return [rootZ[0] * a, 0];
    return r === 0 ? [rootZ[0] * a + rootZ[2] * b, rootZ[2] * c] : [rootZ[3] * b, rootZ[3] * c];
  }
  const norm = (r) => Math.hypot(...lambda(r));
  const together = () => lambda(0)[0] * lambda(1)[0] + lambda(0)[1] * lambda(1)[1];

  // For every group f(h, s): u = h's, and its conditional variance is sigma^2 h'h.
  function effects(r, out, f) {
    const [first, second] = lambda(r);
    for (let j = 0; j < J; j++) {
      enter(j, best.theta);
      let s1 = B[p];
      let s2 = B[K + p];
      for (let t = 0; t < p; t++) {
        s1 -= B[t] * tilted(t);
        s2 -= B[K + t] * tilted(t);
      }
      const h1 = first / l11;
      out[j] = f(h1, (second - l21 * h1) / l22, s1, s2);
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
  const empty = (_, room) => room(J).fill(NaN);
  const nothing = { u: empty, se_u: empty, theta: (_, room) => room(free).fill(NaN) };

  return ([base, ...coefficients]) => {
    const reduced = reduce(base, coefficients);
    ({ n, J, A, G, total, root, rootZ } = reduced);
    if (reduced.collinear) return nothing;
    if (P.length !== A.length) P = new Float64Array(A.length);
    if (evaluate(LARGE).residual ** 2 < EXACT * n) return nothing;
    const aside = (value) => (value < 0 ? -1 : 1) * Math.max(Math.abs(value), ASIDE);
    const start = theta.map((value, i) => (i >= free ? 0 : i === 1 ? value : aside(value)));
    const found = settled(minimise(evaluate, start, free));
    theta = Number.isFinite(found.deviance) ? found.theta : START;
    best = evaluate(theta);
    return Number.isFinite(best.deviance) ? answers : nothing;
  };
}

// One of a fit's answers; NaN if the model could not be fitted.
const result = ({ name, term }) => ([fit], room) => (fit[name] ? fit[name](term, room) : NaN);
