// Cholesky factors of small matrices, and Newton's search for a minimum.
const COLLINEAR = 1e-13; // the share of a column that is rounding

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

const rounding = (here) => 1e-11 * (1 + Math.abs(here.deviance)); // smaller differences are rounding

// The minimum over the first `free` elements of theta of evaluate(theta) = { theta, deviance,
// gradient }. Second derivatives are differences of gradients; a step that does not lead downhill
// is damped, each parameter in units of its own curvature (Marquardt, 1963).
function minimise(evaluate, start, free) {
  const ENOUGH = 1e-12; // deviance still to be gained
  const STEP = 1e-6;
  const LEAST = 1e-3; // damping, and MOST of it: nothing leads downhill any more
  const MOST = 1e8;
  const STEPS = 200;
  const hessian = new Float64Array(free * free);
  const inverse = new Float64Array(free * free);
  const moved = (theta, by) => theta.map((value, r) => value + by(r));

  function curve(here) {
    for (let r = 0; r < free; r++) {
      const { gradient } = evaluate(moved(here.theta, (c) => (c === r ? STEP : 0)));
      for (let c = 0; c < free; c++) hessian[r * free + c] = (gradient[c] - here.gradient[c]) / STEP;
    }
    for (let r = 0; r < free; r++)
      for (let c = 0; c < r; c++) hessian[r * free + c] = (hessian[r * free + c] + hessian[c * free + r]) / 2;
  }

  // The step, and the fall of the deviance that is foreseen; null where the surface is no bowl.
  function newton({ gradient }, damping) {
    inverse.set(hessian);
    for (let r = 0; r < free; r++) inverse[r * free + r] += damping * Math.abs(inverse[r * free + r]);
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

  let here = evaluate(start);
  let damping = 0;
  for (let i = 0; i < STEPS && free; i++) {
    curve(here);
    let there, way;
    for (; damping < MOST; damping = Math.max(4 * damping, LEAST)) {
      way = newton(here, damping);
      there = way && evaluate(moved(here.theta, (r) => way.step[r]));
      if (there && there.deviance <= here.deviance + rounding(here)) break;
    }
    if (damping >= MOST) return here;
    here = there;
    if (damping === 0 && way.gain < ENOUGH) return here;
    damping = damping > LEAST ? damping / 8 : 0;
  }
  return here;
}
