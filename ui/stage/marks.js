// Marks of a scene. Each painter reads its numbers from the program and redraws one or two nodes, so
// that a picture of hundreds of groups stays at a handful of elements; thousands go to the canvas.
//
// `frame` has the scales x and y, its box, get(node), canvas(draw) and focus(name).

const CROWD = 2000;
const MANY = 150; // discs that overlap here and there: an outline of paper would cut them up
const LETTER = 7.2; // about the width of one; a label that would leave the picture turns to its other side
const hue = (role) => `--hue:var(--${role})`;
const each = (value, i) => (typeof value === "number" ? value : value[i]);
const count = (...values) => values.reduce((n, value) => (typeof value === "number" ? n : Math.max(n, value.length)), 1);
const px = (value) => value.toFixed(1);

const SHAPES = {
  disc: (x, y, r) => `M${px(x - r)} ${px(y)}a${px(r)} ${px(r)} 0 1 0 ${px(2 * r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(-2 * r)} 0Z`,
  square: (x, y, r) => `M${px(x - r)} ${px(y - r)}h${px(2 * r)}v${px(2 * r)}h${px(-2 * r)}Z`,
  diamond: (x, y, r) => diamond(Number(px(x)), Number(px(y)), r),
  triangle: (x, y, r) => triangle(Number(px(x)), Number(px(y)), r),
};
SHAPES.ring = SHAPES.disc;
const SHAPE_OF = { within: "ring", predicted: "diamond", guess: "triangle" };
const OPEN = new Set(["ring", "triangle"]);

// Two paths, the crowd and the one in focus; `trace(i)` is the outline of element i.
function pair(frame, spec, className, trace, n, width) {
  const crowd = svg("path", { class: className, style: hue(spec.role), "stroke-width": width });
  const one = spec.of ? svg("path", { class: `${className} infocus`, style: hue(spec.focus), "stroke-width": width && Math.max(2.6, 2 * width) }) : null;
  return {
    nodes: [crowd, one].filter(Boolean),
    paint() {
      const chosen = spec.of ? frame.focus(spec.of) : -1;
      let path = "";
      const total = n();
      for (let i = 0; i < total; i++) if (i !== chosen) path += trace(i);
      set(crowd, { d: path });
      if (one) set(one, { d: chosen >= 0 && chosen < total ? trace(chosen) : "" });
    },
  };
}

// Of elements from (x1, y1) to (x2, y2): how many, and the ends of each in the picture.
function twoEnds(spec, frame) {
  const read = () => [spec.x1, spec.y1, spec.x2, spec.y2].map(frame.get);
  return {
    n: () => count(...read()),
    ends(i) {
      const [x1, y1, x2, y2] = read();
      return [frame.x(each(x1, i)), frame.y(each(y1, i)), frame.x(each(x2, i)), frame.y(each(y2, i))];
    },
  };
}

const finite = (...values) => values.every(Number.isFinite);

const MARKS = {
  dots(spec, frame) {
    const shape = spec.shape ?? SHAPE_OF[spec.role] ?? "disc";
    const read = () => [frame.get(spec.x), frame.get(spec.y), frame.get(spec.size)];
    const n = () => count(...read().slice(0, 2));
    const place = (i) => { const [x, y, r] = read(); return [frame.x(each(x, i)), frame.y(each(y, i)), each(r, i)]; };
    if (n() > CROWD)
      return frame.canvas((pen, colour) => {
        const [x, y, size] = read();
        const total = n();
        pen.fillStyle = pen.strokeStyle = colour(spec.role);
        pen.globalAlpha = frame.get(spec.opacity);
        for (let i = 0; i < total; i++) {
          const r = each(size, i);
          pen.fillRect(frame.x(each(x, i)) - r, frame.y(each(y, i)) - r, 2 * r, 2 * r);
        }
      });
    const texts = (spec.texts ?? []).map((words) => label(words, { class: spec.of ? "muted" : "" }));
    const drawn = pair(frame, spec, `mark ${OPEN.has(shape) ? "open" : "solid"}${n() > MANY ? " many" : ""}`, (i) => {
      const [x, y, r] = place(i);
      return finite(x, y) ? SHAPES[shape](x, y, spec.of && i === frame.focus(spec.of) ? Math.max(r, 5) + 1 : r) : "";
    }, n);
    return {
      nodes: [...drawn.nodes, ...texts],
      paint() {
        drawn.paint();
        texts.forEach((node, i) => {
          const [x, y, r] = place(i);
          set(node, { x: x + r + 6, y: y + 5 });
        });
      },
      distance: (px, py, i) => { const [x, y] = place(i); return Math.hypot(x - px, y - py); },
      n,
    };
  },

  segments(spec, frame) {
    const { n, ends } = twoEnds(spec, frame);
    const drawn = pair(frame, spec, `mark line${spec.dashed ? " dashed" : ""}`, (i) => {
      const [x1, y1, x2, y2] = ends(i);
      return finite(x1, y1, x2, y2) ? `M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}` : "";
    }, n, spec.width);
    return { ...drawn, n, distance: (px, py, i) => fromSegment(px, py, ...ends(i)) };
  },

  path(spec, frame) {
    const starts = () => (spec.starts === null ? [0] : [frame.get(spec.starts)].flatMap((value) => (typeof value === "number" ? [value] : [...value])));
    const read = () => [frame.get(spec.x), frame.get(spec.y)];
    const span = (i) => { const from = starts(); return [from[i], from[i + 1] ?? count(...read())]; };
    const points = (i) => {
      const [x, y] = read();
      const [from, to] = span(i);
      const out = [];
      for (let k = from; k < to; k++) if (finite(each(x, k), each(y, k))) out.push([frame.x(each(x, k)), frame.y(each(y, k))]);
      return out;
    };
    const drawn = pair(frame, spec, `mark line${spec.dashed ? " dashed" : ""}`, (i) => points(i).map(([x, y], k) => `${k ? "L" : "M"}${px(x)} ${px(y)}`).join(""), () => starts().length, spec.width);
    return {
      ...drawn, n: () => starts().length,
      distance: (px, py, i) => points(i).reduce((best, point, k, all) => (k ? Math.min(best, fromSegment(px, py, ...all[k - 1], ...point)) : best), Infinity),
    };
  },

  band(spec, frame) {
    const area = svg("path", { class: "mark area", style: hue(spec.role) });
    const edges = svg("path", { class: "mark line", style: hue(spec.role), "stroke-width": spec.width });
    return {
      nodes: [area, edges],
      paint() {
        const [x, low, high] = [spec.x, spec.low, spec.high].map(frame.get);
        const n = count(x, low, high);
        const run = (side, from, step) => {
          let path = "";
          for (let k = 0, i = from; k < n; k++, i += step) path += `${k ? "L" : "M"}${px(frame.x(each(x, i)))} ${px(frame.y(each(side, i)))}`;
          return path;
        };
        const [top, bottom] = [run(high, 0, 1), run(low, 0, 1)];
        set(area, { d: `${top}L${run(low, n - 1, -1).slice(1)}Z` });
        set(edges, { d: top + bottom });
      },
    };
  },

  boxes(spec, frame) {
    const { n, ends } = twoEnds(spec, frame);
    const className = spec.hatched ? "mark hatched" : spec.filled ? "mark solid" : "mark outlined";
    const drawn = pair(frame, spec, className, (i) => {
      const [x1, y1, x2, y2] = ends(i);
      return finite(x1, y1, x2, y2) ? `M${px(x1)} ${px(y1)}H${px(x2)}V${px(y2)}H${px(x1)}Z` : "";
    }, n);
    if (spec.hatched) set(drawn.nodes[0], { fill: `url(#${frame.hatch(spec.role)})` });
    return {
      ...drawn, n,
      distance: (px, py, i) => {
        const [x1, y1, x2, y2] = ends(i);
        return Math.hypot(outside(px, x1, x2), outside(py, y1, y2));
      },
    };
  },

  rule(spec, frame) {
    const node = svg("line", { class: `mark line${spec.dashed ? " dashed" : ""}`, style: hue(spec.role), "stroke-width": spec.width });
    return {
      nodes: [node],
      paint() {
        const { left, right, top, bottom } = spec.through ? frame.column : frame.box;
        if (spec.x !== null) { const x = frame.x(frame.get(spec.x)); set(node, { x1: x, x2: x, y1: top, y2: bottom }); }
        else { const y = frame.y(frame.get(spec.y)); set(node, { x1: left, x2: right, y1: y, y2: y }); }
      },
    };
  },

  ellipse(spec, frame) {
    const node = svg("path", { class: `mark line${spec.filled ? " area" : ""}`, style: hue(spec.role), "stroke-width": spec.width });
    return {
      nodes: [node],
      paint() {
        const [x, y, v00, v01, v11] = [spec.x, spec.y, spec.v00, spec.v01, spec.v11].map(frame.get);
        const l00 = Math.sqrt(Math.max(0, v00));
        const l10 = l00 > 0 ? v01 / l00 : 0;
        const l11 = Math.sqrt(Math.max(0, v11 - l10 * l10));
        let path = "";
        for (let k = 0; k <= 72; k++) {
          const [c, s] = [spec.scale * Math.cos((k * Math.PI) / 36), spec.scale * Math.sin((k * Math.PI) / 36)];
          path += `${k ? "L" : "M"}${px(frame.x(x + l00 * c))} ${px(frame.y(y + l10 * c + l11 * s))}`;
        }
        set(node, { d: `${path}Z` });
      },
    };
  },

  spring(spec, frame) {
    const node = svg("path", { class: "mark line", style: hue(spec.role), "stroke-width": spec.width });
    return {
      nodes: [node],
      paint() {
        const [x1, x2, y] = [spec.x1, spec.x2, spec.y].map(frame.get);
        set(node, { d: spring(frame.x(x1), frame.x(x2), frame.y(y), spec.coils) });
      },
    };
  },

  label(spec, frame) {
    const node = label("", { class: `hued${spec.strong ? " strong" : ""}`, style: hue(spec.role === "context" ? "muted" : spec.role) });
    let said;
    return {
      nodes: [node],
      also: readBy(spec.text),
      paint() {
        const text = filled(spec.text, frame.get);
        if (text !== said) node.replaceChildren(...spans((said = text)));
        const [x, y] = [frame.x(frame.get(spec.x)), frame.y(frame.get(spec.y))];
        if (!finite(x, y)) return set(node, { visibility: "hidden" });
        const turned = { start: x + spec.dx + LETTER * plain(text).length > frame.width, end: x + spec.dx - LETTER * plain(text).length < 0 }[spec.anchor];
        set(node, {
          x: turned ? x - spec.dx : x + spec.dx, y: y + spec.dy, visibility: "visible",
          "text-anchor": turned ? { start: "end", end: "start" }[spec.anchor] : spec.anchor,
        });
      },
    };
  },
};

const outside = (at, a, b) => Math.max(0, Math.min(a, b) - at, at - Math.max(a, b));

function fromSegment(px, py, x1, y1, x2, y2) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = dx || dy ? Math.min(1, Math.max(0, ((px - x1) * dx + (py - y1) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(px - x1 - along * dx, py - y1 - along * dy);
}
