// A stage: columns of frames with marks, controls, an equation, a finding, a table. Everything on it
// reads nodes of one program; a moved control repaints what depends on it, once a frame.
const LOW = 700; // a window of fewer units, such as a wall's 617, has the frames at their low height

function scene(root) {
  let data;
  let component;
  let quantities;
  let uses = []; // by node, the names of the controls that it depends on
  let values = {};
  let goals = {};
  let parts = [];
  let makers = [];
  let given = "";
  let waiting = null;
  let halt = () => {};
  let boards = [];
  let size = 1; // of a unit, 1/16 rem, in pixels

  const asking = () => data.mode === "ask";
  const get = (node) => quantities.get(node);
  const number = (value) => (value === "inf" ? Infinity : value === null || value === undefined ? NaN : value);
  const json = (value) => (value === Infinity ? "inf" : Number.isNaN(value) ? null : value);

  // ---- movement

  function apply(changes) {
    values = { ...values, ...changes };
    quantities.set(values);
  }

  function move(changes) {
    halt();
    goals = { ...goals, ...changes };
    apply(changes);
    later(Object.keys(changes));
  }

  function glide(changes, from = values) {
    halt();
    goals = { ...goals, ...changes };
    const start = { ...from };
    const names = Object.keys(changes);
    const between = (name, t) => (Number.isFinite(start[name]) && Number.isFinite(changes[name]) && t < 1 ? start[name] + (changes[name] - start[name]) * t : changes[name]);
    const stop = tween((t) => {
      apply(Object.fromEntries(names.map((name) => [name, steps(name) ? changes[name] : between(name, t)])));
      later(names);
    });
    halt = () => {
      stop();
      halt = () => {};
      apply(Object.fromEntries(names.map((name) => [name, goals[name]])));
      later(names);
    };
  }

  // A seed, a choice and a group have nothing between two values.
  const steps = (name) => control(name)?.whole || ["again", "choice", "focus"].includes(control(name)?.kind);

  function later(names) {
    if (waiting) return names.forEach((name) => waiting.add(name));
    waiting = new Set(names);
    requestAnimationFrame(() => {
      const changed = waiting;
      waiting = null;
      if (root.isConnected) paint(changed);
    });
  }

  function paint(changed) {
    const touched = (part) => !changed || part.controls.some((name) => changed.has(name));
    for (const part of parts) if (touched(part)) part.paint();
    for (const board of boards) if (board.crowds.some(touched)) board.paint();
    for (const maker of makers) maker.show();
  }

  const control = (name) => data.controls.find((each) => each.name === name);
  // Choosing a group moves the controls that it has values of its own for.
  function choose(name, i) {
    const sets = Object.entries(control(name).sets ?? {}).map(([other, own]) => [other, own[i]]);
    move({ [name]: i, ...Object.fromEntries(sets) });
    report();
  }

  const stage = { value: (name) => values[name], goal: (name) => goals[name], control, move, glide, choose, done: report };

  function report() {
    say();
    component.setStateValue("values", Object.fromEntries(data.controls.map(({ name }) => [name, json(goals[name])])));
  }

  function say() {
    if (asking() || !boards.length) return; // out of sight it is not built yet
    const words = plain(`${filled(data.finding, get)} ${filled(data.sentence, get)}`);
    const live = root.querySelector("[aria-live].sr");
    if (live) live.textContent = words;
    for (const board of boards) set(board.surface, { "aria-label": words });
  }

  // ---- building

  // A part is repainted when a control moves that one of its nodes depends on.
  function part(painter, nodes) {
    const read = [...nodes, ...(painter.also ?? [])];
    const made = { ...painter, controls: [...new Set([...read.flatMap((node) => [...uses[node]]), ...(painter.controls ?? [])])] };
    parts.push(made);
    return made;
  }

  function live(parts, node, wrap = (text) => words(text)) {
    part({ paint: () => node.replaceChildren(...wrap(filled(parts, get))) }, readBy(parts));
    return node;
  }

  const equation = (spec, node) => {
    part({
      paint() {
        node.replaceChildren(...pieces(spec.pieces, get));
        set(node, { "aria-label": plain(filled(spec.spoken, get)) });
      },
    }, [...readByPieces(spec.pieces), ...readBy(spec.spoken)]);
    set(node, { role: "math", class: "equation" });
    return node;
  };

  function build() {
    if (!data) return;
    const held = root.getRootNode().activeElement?.getAttribute("data-focus");
    for (const maker of makers) maker.stop?.();
    [parts, makers, boards] = [[], [], []]; // what was drawn reads a program that may be gone
    if (!root.clientWidth) return;
    known.clear();
    size = rem();
    const width = root.clientWidth / size;
    const narrow = width < 640;
    const shares = data.columns.map((column) => column.width);
    const gap = 40;
    const free = width - gap * (shares.length - 1);
    const widths = shares.map((each) => (narrow ? width : (free * each) / shares.reduce((a, b) => a + b)));
    const grid = html("div", { class: "columns", style: narrow ? "" : `grid-template-columns:${widths.map((each) => `${each / 16}rem`).join(" ")}` },
      ...data.columns.map((column, i) => html("div", { class: "column" }, ...stack(column, widths[i], narrow))));
    root.replaceChildren(...[
      head(), grid,
      asking() ? html("p", { class: low() ? "sr" : "caption" }, data.caption) : links(),
      asking() ? null : table(),
      html("p", { class: "sr", "aria-live": "polite" }),
    ].filter(Boolean));
    paint();
    describe();
    if (held) root.querySelector(`[data-focus="${CSS.escape(held)}"]`)?.focus();
  }

  function describe() {
    for (const board of boards) set(board.surface, { role: "group", "aria-label": asking() ? data.caption : plain(`${filled(data.finding, get)} ${filled(data.sentence, get)}`) });
  }

  // On a wall fewer lines go into the window: words give way to the picture.
  const low = () => innerHeight / rem() < LOW;

  function head() {
    const kind = asking() ? "asking" : data.gap && data.equation ? "" : "quiet";
    const box = html("div", { class: `head ${kind} ${low() ? "low" : ""}` });
    const raw = (name, text) => { const node = html("div", { class: name }); node.innerHTML = text; return node; };
    if (asking()) box.append(raw("story", data.story), raw("question", data.question));
    else {
      if (data.gap) box.append(raw("gap", data.gap));
      box.append(live(data.finding, html("p", { class: "finding" })));
      if (data.equation) box.append(equation(data.equation, html("div", {})));
      if (data.note) box.append(raw("note", data.note));
    }
    return box;
  }

  // Items of a column in order; neighbouring frames share one surface, so that rules run through.
  function stack(column, width, narrow) {
    const nodes = [];
    for (let i = 0; i < column.items.length; i++) {
      const item = column.items[i];
      if (item.kind === "frame") {
        const run = [];
        while (column.items[i]?.kind === "frame") run.push(column.items[i++]);
        i--;
        nodes.push(board(run, column, width, narrow));
      } else if (item.kind === "controls") {
        const made = item.names.map((name) => CONTROLS[control(name).kind](control(name), stage));
        makers.push(...made);
        nodes.push(html("div", { class: "controls" }, ...made.map((each) => each.node)));
      } else if (item.kind === "readout")
        nodes.push(html("div", { class: "readout" },
          html("div", {}, live(item.label, html("span", { class: "what" })), item.note.length ? live(item.note, html("span", { class: "muted" })) : null),
          live(item.value, html("output", { class: "hued", style: hue(item.role) }))));
      else if (item.kind === "note") nodes.push(live(item.text, html(item.heading ? "h2" : "p", { class: item.heading ? "heading" : "aside" })));
      else if (item.kind === "equation") nodes.push(equation(item, html("div", {})));
    }
    return nodes;
  }

  function board(frames, column, width, narrow) {
    const named = frames.some((frame) => frame.y.names.length); // names need their room also on a phone
    const [left, right] = narrow && !named ? [Math.min(column.margin[0], 44), Math.min(column.margin[1], 40)] : column.margin;
    let y = 0;
    const places = frames.map((frame) => {
      const top = y + (frame.title.length || frame.y.label ? 26 : 10);
      const bottom = top + (low() ? frame.low : frame.height);
      y = bottom + (frame.x.ticks.length ? 30 : 6) + (frame.x.label ? 20 : 0);
      return { top, bottom };
    });
    const tall = y;
    const surface = svg("svg", { viewBox: `0 0 ${width} ${tall}`, style: `height:${tall / 16}rem` });
    const canvas = html("canvas", { "aria-hidden": "true", style: `width:${width / 16}rem;height:${tall / 16}rem` });
    const hatches = new Map();
    const made = { surface, crowds: [], paint: () => crowd(canvas, made.crowds, width, tall) };
    const targets = [];
    frames.forEach((spec, k) => {
      const box = { left, right: width - right, ...places[k] };
      const frame = {
        box, width, surface, get,
        x: ruled(spec.x, [box.left, box.right]), y: ruled(spec.y, [box.bottom, box.top]),
        column: { ...box, top: places[0].top, bottom: places.at(-1).bottom },
        focus: (name) => Math.round(values[name]),
        canvas: (draw) => ({ nodes: [], draw, paint() {} }),
        hatch: (role) => { const id = `hatch-${role}-${data.id.slice(0, 8)}`; hatches.set(id, role); return id; },
      };
      surface.append(...axes(spec, frame));
      const drawn = spec.marks.map((mark) => {
        const painter = mark.kind === "handle" ? grip(mark, frame, stage) : MARKS[mark.kind](mark, frame);
        const own = part(painter, nodesOf(mark));
        if (mark.of) own.controls.push(mark.of);
        if (own.draw) made.crowds.push(own);
        if (mark.of && own.distance) targets.push({ of: mark.of, part: own });
        const group = svg("g", mark.kind === "handle" ? {} : { "aria-hidden": "true" }, ...own.nodes);
        if (mark.kind !== "handle") part({ paint: () => set(group, { opacity: get(mark.opacity) }) }, [mark.opacity]);
        return group;
      });
      surface.append(...drawn);
    });
    surface.prepend(svg("defs", {}, ...[...hatches].map(([id, role]) =>
      svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("rect", { width: 3, height: 6, style: `fill:var(--${role})` })))));
    if (targets.length) surface.onclick = (event) => pick(where(event, surface), targets, event);
    boards.push(made);
    return html("div", { class: `layer${targets.length ? " pickable" : ""}` }, ...(made.crowds.length ? [canvas] : []), surface);
  }

  const NUMBERS = ["x", "y", "x1", "y1", "x2", "y2", "v00", "v01", "v11", "size", "low", "high", "starts", "at", "offset", "factor"];
  const nodesOf = (mark) => NUMBERS.map((name) => mark[name]).filter((node) => typeof node === "number");

  function axes(spec, frame) {
    const { left, right, top, bottom } = frame.box;
    const nodes = [];
    const name = (axis, i) => axis.names[i] ?? fixed(axis.ticks[i], Math.max(0, ...axis.ticks.map((tick) => (String(tick).split(".")[1] ?? "").length)));
    spec.y.ticks.forEach((tick, i) => nodes.push(
      svg("line", { x1: left, x2: right, y1: frame.y(tick), y2: frame.y(tick), class: "grid" }),
      label(name(spec.y, i), { x: left - 8, y: frame.y(tick) + 5, class: "tick", "text-anchor": "end" })));
    if (spec.x.ticks.length) nodes.push(svg("line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "rule heavy" }));
    spec.x.ticks.forEach((tick, i) => nodes.push(
      svg("line", { x1: frame.x(tick), x2: frame.x(tick), y1: bottom - 4, y2: bottom + 4, class: "rule heavy" }),
      label(name(spec.x, i), { x: frame.x(tick), y: bottom + 22, class: "tick", "text-anchor": "middle" })));
    if (spec.x.label) nodes.push(label(spec.x.label, { x: right, y: bottom + (spec.x.ticks.length ? 42 : 18), class: "muted", "text-anchor": "end" }));
    if (spec.y.label) nodes.push(label(spec.y.label, { x: spec.title.length ? right : left, y: top - 12, class: "muted", "text-anchor": spec.title.length ? "end" : "start" }));
    if (spec.title.length) {
      const title = label("", { x: left, y: top - 12, class: "hued strong", style: hue(spec.role) });
      live(spec.title, title, (text) => spans(text));
      nodes.push(title);
    }
    return nodes;
  }

  function crowd(canvas, crowds, width, tall) {
    const scale = size * (globalThis.devicePixelRatio || 1);
    if (canvas.width !== Math.round(width * scale)) [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(tall * scale)];
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, tall);
    for (const each of crowds) { pen.globalAlpha = 1; each.draw(pen, colour); }
  }

  // Asking for a colour makes the browser work out every style: once, until the page turns dark.
  const probe = html("span", { hidden: "" });
  const known = new Map();
  const colour = (role) => {
    if (known.has(role)) return known.get(role);
    if (!probe.isConnected) root.append(probe);
    probe.style.color = `var(--${role})`;
    known.set(role, getComputedStyle(probe).color);
    return known.get(role);
  };

  // A click chooses the group of the nearest mark.
  function pick({ x, y }, targets, event) {
    if (event.target.closest("[role=slider]")) return;
    let best = { gap: 16 };
    for (const { of, part } of targets)
      for (let i = 0; i < part.n(); i++) {
        const gap = part.distance(x, y, i);
        if (gap < best.gap) best = { gap, of, i };
      }
    if (best.of === undefined) return;
    choose(best.of, best.i);
  }

  function links() {
    const link = (text, act, name, extra = {}) => html("button", { type: "button", class: "link", onclick: act, "data-focus": name, ...extra }, text);
    const changed = Object.fromEntries(data.controls.map(({ name, start }) => [name, number(start)]));
    return html("div", { class: "links" },
      ...data.presets.map(({ label: text, values: preset }) =>
        link(text, () => { glide(Object.fromEntries(Object.entries(preset).map(([name, value]) => [name, number(value)]))); report(); }, `preset/${text}`)),
      data.controls.some(({ kind }) => kind !== "place") ? link("Back to the start", () => { glide(changed); report(); }, "start") : null,
      link("The same as a table", (event) => {
        const twin = root.querySelector(".twin");
        event.target.setAttribute("aria-expanded", twin.toggleAttribute("open"));
        paint();
      }, "table", { "aria-expanded": "false" }));
  }

  // The picture's twin in numbers, filled only while it is open.
  function table() {
    const { caption, columns } = data.table;
    const body = html("tbody", {});
    const heads = columns.map((column) => html("th", { scope: "col" }, ...words(column.heading)));
    const twin = html("div", { class: "twin" });
    const texts = (column) => column.names ?? listed(get(column.value)).map((value) => said({ format: column.format }, value));
    part({
      paint() {
        if (!twin.hasAttribute("open")) return twin.replaceChildren();
        if (!twin.firstChild) twin.append(html("table", {}, html("caption", {}, caption), html("thead", {}, html("tr", {}, ...heads)), body));
        const cells = columns.map(texts);
        const row = (_, i) => html("tr", {}, ...cells.map((each, k) => (k ? html("td", {}, each[i] ?? each[0]) : html("th", { scope: "row" }, each[i]))));
        body.replaceChildren(...Array.from({ length: Math.max(...cells.map((each) => each.length)) }, row));
      },
    }, columns.flatMap((column) => column.value ?? []));
    return twin;
  }
  const listed = (value) => (typeof value === "number" ? [value] : [...value]);

  const stop = onResize(root, build);
  root.addEventListener("transitionend", (event) => { if (event.target === root && event.propertyName === "color") { known.clear(); for (const board of boards) board.paint(); } });
  return {
    update(next, mounted) {
      component = mounted;
      const arriving = data?.mode === "ask" && next.mode === "show";
      const before = data;
      data = next;
      const sent = JSON.stringify(next.values);
      const wanted = Object.fromEntries(next.controls.map(({ name, start }) => [name, number(name in next.values ? next.values[name] : start)]));
      if (before?.id !== next.id) {
        halt();
        quantities = program(next.program);
        uses = [];
        for (const { op, name, args } of next.program.nodes) uses.push(new Set([...(op === "control" ? [name] : []), ...args.flatMap((arg) => [...uses[arg]])]));
        given = sent;
        goals = wanted;
        values = {};
        apply({ ...wanted, revealed: arriving ? 0 : 1 });
        build();
        say();
        if (!arriving) return;
        if (root.getBoundingClientRect().top < 0) root.scrollIntoView({ block: "start" });
        glide({ revealed: 1 });
        return;
      }
      if (sent !== given) {
        given = sent;
        glide(wanted);
        say();
      }
      if (["gap", "note", "story", "question"].some((name) => before[name] !== next[name])) build();
    },
    remove() {
      stop();
      for (const maker of makers) maker.stop?.();
    },
  };
}
