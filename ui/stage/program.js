// Quantities compiled: `const p = program(wire); p.set({ sigma_u: 3 }); p.get(2)`.
// A node keeps its value until a control that it depends on changes, and writes its next vector
// into the same memory: copy what must last.
function program({ nodes }) {
  const now = {};
  const read = ({ name }) => () => {
    if (now[name] === undefined) throw new Error(`the control ${name} has no value yet`);
    return now[name];
  };
  const compiled = nodes.map(({ op, args, ...own }) => {
    const make = op === "control" ? read : operations[op];
    if (!make) throw new Error(`no operation ${op}: there are ${Object.keys(operations).join(", ")}`);
    let memory = new Float64Array(0);
    const room = (n) => (memory.length === n ? memory : (memory = new Float64Array(n)));
    return { args, values: args.map(() => 0), compute: make(own), room, value: undefined, stale: true };
  });

  // Who depends on a control: a node comes after its arguments, so that one pass finds them all.
  const dependents = {};
  for (const name of new Set(nodes.filter(({ op }) => op === "control").map((node) => node.name))) {
    const above = new Set();
    nodes.forEach((node, i) => { if ((node.op === "control" && node.name === name) || node.args.some((arg) => above.has(arg))) above.add(i); });
    dependents[name] = [...above].map((i) => compiled[i]);
  }

  function get(place) {
    const node = compiled[place];
    if (node.stale) {
      for (let k = 0; k < node.args.length; k++) node.values[k] = get(node.args[k]);
      node.value = node.compute(node.values, node.room);
      node.stale = false;
    }
    return node.value;
  }

  function set(values) {
    for (const name in values) {
      if (now[name] === values[name]) continue;
      now[name] = values[name];
      for (const node of dependents[name] ?? []) node.stale = true;
    }
  }

  return { controls: Object.keys(dependents), set, get };
}
