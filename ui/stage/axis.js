// A number on an axis: placed without a default, then met by the truth with the gap between.
function axis(root) {
  let data;
  let component;
  let guess = null;
  let shown = null;

  function draw() {
    if (!data || !root.clientWidth) return;
    const width = root.clientWidth / rem();
    const height = 104;
    const y = 56;
    const x = linear([data.low, data.high], [34, width - 34]);
    const focused = root.getRootNode().activeElement?.getAttribute("role") === "slider";
    const surface = svg("svg", { viewBox: `0 0 ${width} ${height}`, style: `height:${height / 16}rem` });
    if (data.truth === undefined || data.truth === null) surface.setAttribute("role", "group");
    else set(surface, { role: "img", "aria-label": data.alt });
    surface.append(svg("line", { x1: x(data.low), x2: x(data.high), y1: y, y2: y, class: "rule heavy" }));
    for (const tick of data.ticks)
      surface.append(
        svg("line", { x1: x(tick), x2: x(tick), y1: y - 5, y2: y + 5, class: "rule heavy" }),
        label(signless(tick), { x: x(tick), y: y + 24, class: "tick", "text-anchor": "middle" }),
      );
    surface.append(label(data.unit, { x: width - 34, y: y + 44, class: "muted", "text-anchor": "end" }));
    if (data.reference)
      surface.append(
        svg("circle", { cx: x(data.reference.value), cy: y, r: 6, class: "between" }),
        label(data.reference.label, { x: x(data.reference.value), y: y - 14, class: "between-text", "text-anchor": "middle" }),
      );
    if (data.truth !== undefined && data.truth !== null) reveal(surface, x, y);
    else ask(surface, x, y, width);
    root.replaceChildren(surface);
    if (focused) root.querySelector("[role=slider]")?.focus();
  }

  const digits = () => Math.max(0, -Math.floor(Math.log10(data.step) + 1e-9));
  const signless = (value) => fixed(value, Math.min(digits(), Number.isInteger(value) ? 0 : 2));

  function ask(surface, x, y, width) {
    const wide = svg("rect", { x: x(data.low) - 16, y: y - 40, width: x(data.high) - x(data.low) + 32, height: 64, class: "target" });
    const clamp = (value) => Math.min(Math.max(value, data.low), data.high);
    const at = (event) => clamp(data.low + ((pointer(event, surface, width) - x(data.low)) / (x(data.high) - x(data.low))) * (data.high - data.low));
    const middle = (data.low + data.high) / 2;
    const handle = svg("g", {
      role: "slider", tabindex: 0, class: "handle", "aria-label": data.label,
      "aria-valuemin": data.low, "aria-valuemax": data.high, "aria-valuenow": guess ?? middle,
      "aria-valuetext": guess === null ? "no guess yet; the arrow keys place it" : `${signless(guess)} ${data.unit}`,
    });
    if (guess === null)
      handle.append(label("Click on the line, or press an arrow key, to place your guess", { x: x(middle), y: y - (data.reference ? 38 : 26), class: "muted hint", "text-anchor": "middle" }));
    else
      handle.append(
        svg("path", { d: triangle(x(guess), y - 1, 12), class: "guess" }),
        label(`you ${signless(guess)}`, { x: x(guess), y: y - 22, class: "you strong", "text-anchor": "middle" }),
      );
    const place = (value) => { guess = Number((Math.round(value / data.step) * data.step).toFixed(8)); draw(); };
    surface.append(wide, handle);
    draggable(handle, {
      value: () => guess ?? middle, place: at, range: () => [data.low, data.high], step: data.step, page: 5 * data.step,
      move: place, done: () => component.setStateValue("guess", guess),
    });
    wide.onpointerdown = (event) => {
      place(at(event));
      component.setStateValue("guess", guess);
      event.preventDefault();
      root.querySelector("[role=slider]")?.focus();
    };
  }

  function reveal(surface, x, y) {
    const start = data.guess ?? data.truth;
    const line = svg("line", { x1: x(start), x2: x(start), y1: y, y2: y, class: "gapline" });
    const mark = svg("path", { class: "predicted" });
    const gap = label(data.gap ?? "", { y: y - 34, class: "strong", "text-anchor": "middle" });
    surface.append(line, gap);
    if (data.guess !== null && data.guess !== undefined) {
      const left = data.truth > data.guess;
      surface.append(
        svg("path", { d: triangle(x(data.guess), y - 1, 11), class: "guess" }),
        label(`you ${signless(data.guess)}`, { x: x(data.guess), y: y - 15, class: "you strong", "text-anchor": left ? "end" : "start" }),
      );
    }
    const right = data.truth >= start;
    surface.append(mark, label(`it is ${fixed(data.truth, data.digits)}`, { x: x(data.truth), y: y - 15, class: "it strong", "text-anchor": data.guess === null ? "middle" : right ? "start" : "end" }));
    const paint = (t) => {
      const at = x(start) + (x(data.truth) - x(start)) * t;
      set(line, { x2: at });
      set(mark, { d: diamond(at, y, 8) });
      set(gap, { x: (x(start) + at) / 2 });
    };
    if (shown === data.truth) paint(1);
    else { shown = data.truth; tween(paint); }
  }

  const stop = onResize(root, draw);
  return {
    update(next, mounted) {
      component = mounted;
      data = next;
      if (next.placed !== undefined && guess === null) guess = next.placed;
      draw();
    },
    remove: stop,
  };
}
