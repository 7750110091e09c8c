// The options of a choice on the axis of the numbers that decide it: the guess keeps its
// triangle, the answer gets the diamond, and the gap between the two is a line.
function dots(root) {
  let data;
  function draw() {
    if (!data || !root.clientWidth) return;
    const width = root.clientWidth / rem();
    const small = width < 640;
    const left = small ? 70 : 300;
    const dy = small ? 50 : 34;
    const y = (i) => (small ? 34 : 16) + dy * i;
    const low = y(data.rows.length - 1) + 18;
    const x = linear(data.domain, [left, Math.min(width - 60, left + 560)]);
    const best = data.rows.find((row) => row.best);
    const surface = svg("svg", { viewBox: `0 0 ${width} ${low + 46}`, style: `height:${(low + 46) / 16}rem`, role: "img", "aria-label": data.alt });
    for (const tick of data.ticks)
      surface.append(
        svg("line", { x1: x(tick), x2: x(tick), y1: 4, y2: low, class: "grid" }),
        label(fixed(tick, data.tick_digits), { x: x(tick), y: low + 18, class: "tick", "text-anchor": "middle" }),
      );
    surface.append(label(data.unit, { x: x(data.domain[1]), y: low + 38, class: "muted", "text-anchor": "end" }));
    data.rows.forEach((row, i) => {
      const guessed = row.id === data.guess;
      surface.append(label(row.label, { x: 0, y: small ? y(i) - 12 : y(i) + 5, class: row.best || guessed ? "strong" : "" }));
      if (guessed && !row.best) surface.append(svg("line", { x1: x(best.value), x2: x(row.value), y1: y(i), y2: y(i), class: "gapline" }));
      surface.append(
        row.best
          ? svg("path", { d: diamond(x(row.value), y(i), 7), class: "predicted" })
          : svg("circle", { cx: x(row.value), cy: y(i), r: 5.5, class: "context" }),
      );
      if (guessed) surface.append(svg("path", { d: triangle(x(row.value), y(i) - 1, 12), class: row.best ? "guess open" : "guess" }));
      const words = [guessed ? "you:" : "", row.best ? "it is" : "", fixed(row.value, data.digits)];
      const text = words.filter(Boolean).join(" ");
      const before = guessed && !row.best && row.value < best.value;
      surface.append(label(text, { x: x(row.value) + (before ? -18 : 18), y: y(i) + 5, "text-anchor": before ? "end" : "start", class: guessed && !row.best ? "you strong" : row.best ? "it strong" : "muted" }));
    });
    root.replaceChildren(surface);
  }
  const stop = onResize(root, draw);
  return {
    update(next) {
      data = next;
      draw();
    },
    remove: stop,
  };
}
