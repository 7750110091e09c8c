// What each operation of a quantity does, as `operations.py` says it. Each is made from what is its
// own on the wire: (its arguments, room for n numbers) => value.
const operations = (() => {
  const whole = (x) => Math.floor(x + 0.5);
  const length = (n) => Math.max(0, whole(n));
  const vector = (x) => (typeof x === "number" ? [x] : x);
  const at = (x, i) => (typeof x === "number" ? x : x[i]);

  const plain = (compute) => () => compute;

  const elementwise = (f) => plain((args, room) => {
    let n = -1;
    for (const arg of args) {
      if (typeof arg === "number") continue;
      if (n >= 0 && arg.length !== n) throw new Error(`vectors of ${n} and ${arg.length} numbers do not go together`);
      n = arg.length;
    }
    const [a, b, c] = args;
    if (n < 0) return f(a, b, c);
    const out = room(n);
    if (f.length === 1) for (let i = 0; i < n; i++) out[i] = f(a[i]);
    else if (f.length === 2) for (let i = 0; i < n; i++) out[i] = f(at(a, i), at(b, i));
    else for (let i = 0; i < n; i++) out[i] = f(at(a, i), at(b, i), at(c, i));
    return out;
  });

  const reduction = (f) => plain(([x]) => f(vector(x)));

  function total(x) {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += x[i];
    return sum;
  }

  function sd(x) {
    const mean = total(x) / x.length;
    let squares = 0;
    for (let i = 0; i < x.length; i++) squares += (x[i] - mean) ** 2;
    return x.length ? Math.sqrt(squares / (x.length - 1)) : NaN;
  }

  const polynomial = (x, coefficients) => coefficients.reduce((sum, c) => sum * x + c, 0);

  // Hart's rational approximation, after West (2005), Wilmott Magazine, 70-76.
  function normalCdf(x) {
    const z = Math.abs(x);
    const density = Math.exp((-z * z) / 2);
    const tail = z > 38 ? 0
      : z < 7.07106781186547
        ? (density * polynomial(z, [3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376]))
          / polynomial(z, [8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752])
        : density / (z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 0.65))))) / Math.sqrt(2 * Math.PI);
    return x > 0 ? 1 - tail : tail;
  }

  // Wichura's PPND16 (1988), Applied Statistics 37, 477-484.
  function normalQuantile(p) {
    const q = p - 0.5;
    if (Math.abs(q) <= 0.425) {
      const r = 0.180625 - q * q;
      return (q * polynomial(r, [2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608]))
        / polynomial(r, [5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4, 5.3941960214247511077e3, 6.871870074920579083e2, 4.2313330701600911252e1, 1]);
    }
    const small = q < 0 ? p : 1 - p;
    if (small === 0) return q < 0 ? -Infinity : Infinity;
    const r = Math.sqrt(-Math.log(small));
    const x = r <= 5
      ? polynomial(r - 1.6, [7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734])
        / polynomial(r - 1.6, [1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1, 6.8976733498510000455e-1, 1.6763848301838038494, 2.05319162663775882187, 1])
      : polynomial(r - 5, [2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772])
        / polynomial(r - 5, [2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1]);
    return q < 0 ? -x : x;
  }

  function arranged(x, into) {
    for (let i = 0; i < into.length; i++) into[i] = i;
    return into.sort((a, b) => x[a] - x[b] || (x[a] !== x[a]) - (x[b] !== x[b]) || a - b);
  }

  function quantile([x, p], room) {
    const ordered = Float64Array.from(vector(x)).sort();
    const last = ordered.length - 1;
    const one = (share) => {
      const place = Math.min(Math.max(share * last, 0), last);
      const below = Math.floor(place);
      return below === last ? ordered[last] : ordered[below] + (place - below) * (ordered[below + 1] - ordered[below]);
    };
    const of = last < 0 ? () => NaN : one;
    if (typeof p === "number") return of(p);
    const out = room(p.length);
    p.forEach((share, i) => { out[i] = of(share); });
    return out;
  }

  function take([values, index], room) {
    const from = vector(values);
    if (typeof index === "number") return from[whole(index)] ?? NaN;
    const out = room(index.length);
    for (let i = 0; i < out.length; i++) out[i] = from[whole(index[i])];
    return out;
  }

  function groupSum([values, codes, groups], room) {
    const out = room(length(groups)).fill(0);
    for (let i = 0; i < codes.length; i++) {
      const group = whole(codes[i]);
      if (group >= 0 && group < out.length) out[group] += at(values, i);
    }
    return out;
  }

  function groupMean([values, codes, groups], room) {
    const counts = groupSum([1, codes, groups], (n) => new Float64Array(n));
    const out = groupSum([values, codes, groups], room);
    for (let j = 0; j < out.length; j++) out[j] /= counts[j];
    return out;
  }

  // Chance: number i is a hash of seed, stream and i, so that both languages draw the same.
  function mixed(x) {
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return (x ^ (x >>> 16)) >>> 0;
  }

  function drawn(seed, out, stream) {
    seed >>>= 0;
    const [high, low] = [0, 1].map((k) => mixed(seed ^ mixed(2 * stream + k)));
    const word = (key, i) => mixed(seed + mixed(i + key));
    for (let i = 0; i < out.length; i++) out[i] = (word(high, i) * 2 ** 20 + (word(low, i) >>> 12) + 0.5) / 2 ** 52;
    return out;
  }

  function sweep(own) {
    const grids = own.grids.map(unpacked);
    const middle = unpacked(own.middle);
    const steps = unpacked(own.steps);
    const m = typeof middle === "number" ? 1 : middle.length;
    return (args, room) => {
      let corners = [[0, 1]];
      args.forEach((x, k) => {
        const grid = grids[k];
        let i = 0;
        while (i < grid.length - 2 && x >= grid[i + 1]) i++;
        const share = Math.min(Math.max((x - grid[i]) / (grid[i + 1] - grid[i]), 0), 1);
        corners = corners.flatMap(([row, weight]) => [
          [row * grid.length + i, weight * (1 - share)],
          [row * grid.length + i + 1, weight * share],
        ]).filter(([, weight]) => weight > 0); // a neighbour without a value does not count
      });
      const value = (c) => corners.reduce((sum, [row, weight]) => sum + weight * steps[row * m + c], at(middle, c));
      if (typeof middle === "number") return value(0);
      const out = room(m);
      for (let c = 0; c < m; c++) out[c] = value(c);
      return out;
    };
  }

  return {
    data: ({ values }) => { const kept = unpacked(values); return () => kept; },
    sweep, products, refit, result,
    add: elementwise((a, b) => a + b), subtract: elementwise((a, b) => a - b), multiply: elementwise((a, b) => a * b),
    divide: elementwise((a, b) => a / b), power: elementwise((a, b) => a ** b), negative: elementwise((a) => -a),
    less: elementwise((a, b) => +(a < b)), less_equal: elementwise((a, b) => +(a <= b)), equal: elementwise((a, b) => +(a === b)),
    and: elementwise((a, b) => +(a !== 0 && b !== 0)), or: elementwise((a, b) => +(a !== 0 || b !== 0)), not: elementwise((a) => +(a === 0)),
    sqrt: elementwise((a) => Math.sqrt(a)), exp: elementwise((a) => Math.exp(a)), log: elementwise((a) => Math.log(a)),
    absolute: elementwise((a) => Math.abs(a)), minimum: elementwise((a, b) => Math.min(a, b)), maximum: elementwise((a, b) => Math.max(a, b)),
    clip: elementwise((x, low, high) => Math.min(Math.max(x, low), high)), where: elementwise((c, a, b) => (c !== 0 ? a : b)),
    round: elementwise((a) => whole(a)), floor: elementwise((a) => Math.floor(a)),
    normal_cdf: elementwise((x) => normalCdf(x)), normal_quantile: elementwise((p) => normalQuantile(p)),
    logistic: elementwise((x) => 1 / (1 + Math.exp(-x))), logit: elementwise((p) => Math.log(p / (1 - p))),
    total: reduction(total), mean: reduction((x) => total(x) / x.length), sd: reduction(sd), count: reduction((x) => x.length),
    smallest: reduction((x) => (x.length ? x.reduce((a, b) => Math.min(a, b)) : NaN)),
    largest: reduction((x) => (x.length ? x.reduce((a, b) => Math.max(a, b)) : NaN)),
    quantile_of: plain(quantile), take: plain(take), group_sum: plain(groupSum), group_mean: plain(groupMean),
    order: plain(([x], room) => arranged(vector(x), room(vector(x).length))),
    ranks: plain(([x], room) => {
      const out = room(vector(x).length);
      arranged(vector(x), new Float64Array(out.length)).forEach((place, i) => { out[place] = i + 1; });
      return out;
    }),
    sort: plain(([x], room) => {
      const out = room(vector(x).length);
      out.set(vector(x));
      return out.sort();
    }),
    cumulative: plain(([x], room) => {
      const out = room(vector(x).length);
      let sum = 0;
      vector(x).forEach((value, i) => { out[i] = sum += value; });
      return out;
    }),
    concat: plain((parts, room) => {
      const out = room(parts.reduce((sum, part) => sum + vector(part).length, 0));
      let start = 0;
      for (const part of parts) { out.set(vector(part), start); start += vector(part).length; }
      return out;
    }),
    repeat: plain(([x, n], room) => room(length(n)).fill(x)),
    grid: plain(([low, high, n], room) => {
      const out = room(length(n));
      for (let i = 0; i < out.length; i++) out[i] = i && i === out.length - 1 ? high : low + ((high - low) * i) / Math.max(1, out.length - 1);
      return out;
    }),
    uniform: plain(([seed, n], room) => drawn(seed, room(length(n)), 0)),
    normal: plain(([seed, n], room) => {
      const out = drawn(seed, room(length(n)), 1);
      for (let i = 0; i < out.length; i++) out[i] = normalQuantile(out[i]);
      return out;
    }),
    shuffled: plain(([values, seed], room) => {
      const n = vector(values).length;
      const keys = drawn(seed, new Float64Array(n), 2);
      const out = room(n);
      arranged(keys, new Float64Array(n)).forEach((place, i) => { out[i] = values[place]; });
      return out;
    }),
  };
})();
