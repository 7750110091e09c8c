// A spread as a ruler on the picture's own axis: its handle drags from 0, σ_u as far as infinity.
function ruler(state, g, surface, name, { moved, done }) {
  const between = name === "sigma_u";
  const kind = between ? "between" : "within";
  const most = state.data.domain[1];
  const y = g.bottom + 6 + (g.small ? (between ? 68 : 108) : between ? 48 : 77);
  const reach = g.small ? Math.min(g.x(most), g.width - 16) : g.x(most);
  const x = linear([0, most], [g.x(0), between ? reach - 14 : reach]);
  const stop = reach + 6;
  const track = svg("line", { x1: g.x(0), x2: between ? stop : reach, y1: y, y2: y, class: "grid" });
  const tick = svg("line", { x1: x(state.data.estimated[name]), x2: x(state.data.estimated[name]), y1: y - 6, y2: y + 6, class: `${kind}-tick` });
  const bar = between
    ? svg("line", { x1: g.x(0), y1: y, y2: y, class: "between-bar" })
    : svg("rect", { x: g.x(0), y: y - 4, height: 8, fill: "url(#hatch)" });
  const grip = svg("g", {}, svg("circle", { r: 11, class: `${kind}-grip` }), svg("path", { d: "M-2 -4v8M2.5 -4v8", class: `${kind}-teeth` }));
  const text = label("", { x: g.x(0) - 14, y: y + 5, class: `${kind}-text`, "text-anchor": "end" });
  const hint = label("", { y: y + 5, class: "muted hint" });
  const handle = svg(
    "g",
    {
      role: "slider", tabindex: 0, class: "handle", "data-focus": name, "aria-valuemin": between ? 0 : state.data.smallest, "aria-valuemax": most,
      "aria-label": between ? `sigma u, the spread between ${state.data.noun.groups}` : `sigma e, the spread within a ${state.data.noun.group}`,
    },
    svg("circle", { r: 20, class: "target" }),
    grip,
  );
  draggable(handle, {
    value: () => state.local[name],
    range: () => [between ? 0 : state.data.smallest, most],
    step: most > 5 ? 0.1 : 0.01, page: most / 12, end: between ? Infinity : most,
    place: (event) => {
      const at = pointer(event, surface, g.width);
      if (between && at > (x(most) + stop) / 2) return Infinity;
      const value = ((at - g.x(0)) / (x(most) - g.x(0))) * most;
      return Math.min(most, Math.max(between ? 0 : state.data.smallest, value));
    },
    move: (value) => {
      state.local = { ...state.local, [name]: value === Infinity ? value : Number(value.toFixed(4)) };
      moved();
    },
    done,
  });
  return {
    node: svg("g", {}, track, tick, between ? label("∞", { x: stop + 8, y: y + 5, class: "muted" }) : null, bar, text, hint, handle),
    paint() {
      const value = state.local[name];
      const at = value === Infinity ? stop : x(Math.min(value, most));
      if (between) set(bar, { x2: at });
      else set(bar, { width: Math.max(0, at - g.x(0)) });
      set(handle, { transform: `translate(${at} ${y})`, "aria-valuenow": value === Infinity ? most : value, "aria-valuetext": between && value === Infinity ? "infinite: no pooling" : between && value === 0 ? "0: complete pooling" : `${fixed(value, 1)} ${state.data.unit}` });
      const lead = between ? `between ${state.data.noun.groups}, ` : `within a ${state.data.noun.group}, `;
      text.replaceChildren(g.small ? "" : lead, svg("tspan", { class: "symbol" }, "σ"), sub(between ? "u" : "e"), back(` = ${fixed(value, most > 5 ? 1 : 2)}`));
      hint.textContent = g.small ? "" : between ? (value === 0 ? "complete pooling" : value === Infinity ? "" : "drag to 0: complete pooling") : "drag";
      const room = (between ? stop : g.width) - at;
      set(hint, { x: at + 20, visibility: between && room < 180 ? "hidden" : "visible" });
    },
  };
}
