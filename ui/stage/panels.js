// One cloud of points, drawn once on canvas, under several families of lines: the same data
// read with complete, no and partial pooling. One group in focus, the same in every panel.
function panels(root) {
  let data;
  let component;
  let focus = null;
  let cloud;
  let stop = () => {};

  function decode(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const steps = new Int16Array(bytes.buffer);
    const spread = (domain) => (step) => domain[0] + ((step + 32768) / 65535) * (domain[1] - domain[0]);
    const [toX, toY] = [spread(data.x.domain), spread(data.y.domain)];
    const half = steps.length / 2;
    const starts = [0];
    for (const group of data.groups) starts.push(starts.at(-1) + group.n);
    return { x: Float32Array.from(steps.subarray(0, half), toX), y: Float32Array.from(steps.subarray(half), toY), starts };
  }

  const index = () => Math.max(0, data.groups.findIndex((group) => group.id === focus));

  function draw() {
    if (!data || !root.clientWidth) return;
    const width = root.clientWidth / rem();
    const across = width < 640 ? 2 : data.panels.length;
    const gutter = 18;
    const left = 34;
    const size = (width - left - gutter * (across - 1)) / across;
    const tall = across === 2 ? 250 : 330;
    const held = root.getRootNode().activeElement?.tagName === "SELECT";
    const figures = data.panels.map((panel, i) => one(panel, i % across === 0, size, tall, left));
    const grid = html("div", { class: "panels", style: `grid-template-columns:${(left + size) / 16}rem repeat(${across - 1}, ${size / 16}rem);column-gap:${gutter / 16}rem` }, ...figures);
    root.replaceChildren(picker(), grid, html("p", { class: "axis-note" }, data.caption), html("p", { class: "sr", "aria-live": "polite" }, ""));
    if (held) root.querySelector("select").focus();
  }

  function picker() {
    const select = html("select", { "aria-label": `${data.noun.group} in focus`, onchange: (event) => choose(event.target.value) });
    for (const group of data.groups) select.append(html("option", { value: group.id, ...(group.id === focus ? { selected: "" } : {}) }, `${group.id}  (${group.n} ${group.n === 1 ? data.noun.unit : data.noun.units})`));
    const words = html("label", { class: "picker" }, `In focus: ${data.noun.group} `, select);
    return words;
  }

  function one(panel, first, size, tall, left) {
    const margin = first ? left : 0;
    const x = linear(data.x.domain, [margin, margin + size]);
    const y = linear(data.y.domain, [tall - 26, 8]);
    const figure = html("figure", {});
    const canvas = html("canvas", { "aria-hidden": "true", style: `width:${(margin + size) / 16}rem;height:${tall / 16}rem` });
    const surface = svg("svg", { viewBox: `0 0 ${margin + size} ${tall}`, style: `height:${tall / 16}rem`, role: "img", "aria-label": `${panel.title}: ${panel.alt}` });
    for (const tick of data.x.ticks) surface.append(label(fixed(tick, 0), { x: x(tick), y: tall - 6, class: "tick", "text-anchor": "middle" }));
    for (const tick of data.y.ticks) {
      surface.append(svg("line", { x1: margin, x2: margin + size, y1: y(tick), y2: y(tick), class: "grid" }));
      if (first) surface.append(label(fixed(tick, 0), { x: margin - 6, y: y(tick) + 4, class: "tick", "text-anchor": "end" }));
    }
    const path = (line) => {
      const [a, b, low, high] = line;
      return `M${x(low).toFixed(1)} ${y(a + b * low).toFixed(1)}L${x(high).toFixed(1)} ${y(a + b * high).toFixed(1)}`;
    };
    const many = panel.lines.length > 1;
    if (many) surface.append(svg("path", { d: panel.lines.filter(Boolean).map(path).join(""), class: "family" }));
    const mine = many ? panel.lines[index()] : panel.lines[0];
    const clip = `clip-${panel.kind}-${data.panels.indexOf(panel)}`;
    surface.append(svg("defs", {}, svg("clipPath", { id: clip }, svg("rect", { x: margin, y: 0, width: size, height: tall - 22 }))));
    if (mine)
      surface.append(
        svg("path", { d: path([mine[0], mine[1], ...data.x.domain]), class: `${panel.kind}-focus beyond`, "clip-path": `url(#${clip})` }),
        svg("path", { d: path(mine), class: `${panel.kind}-focus`, "clip-path": `url(#${clip})` }),
      );
    points(canvas, x, y, margin + size, tall);
    surface.onclick = (event) => {
      const box = surface.getBoundingClientRect();
      const scale = (margin + size) / box.width;
      nearest((event.clientX - box.left) * scale, (event.clientY - box.top) * scale, x, y, many ? panel.lines : null);
    };
    const slope = mine ? `${fixed(mine[0], 1)} ${mine[1] < 0 ? "−" : "+"} ${fixed(Math.abs(mine[1]), 2)} × ${data.x.short}` : panel.none;
    figure.append(
      html("figcaption", { style: `padding-left:${margin / 16}rem` }, html("strong", {}, panel.title), html("span", {}, panel.sub)),
      html("div", { class: "layer" }, canvas, surface),
      html("p", { class: `reading ${panel.kind}-reading`, style: `padding-left:${margin / 16}rem` }, html("span", {}, many ? `${data.noun.group} ${focus}` : `every ${data.noun.group}`), slope),
    );
    return figure;
  }

  function points(canvas, x, y, width, tall) {
    const scale = rem() * (globalThis.devicePixelRatio || 1);
    canvas.width = width * scale;
    canvas.height = tall * scale;
    const pen = canvas.getContext("2d");
    const style = getComputedStyle(root);
    pen.scale(scale, scale);
    pen.fillStyle = "#8c8c8c";
    pen.globalAlpha = data.alpha;
    for (let i = 0; i < cloud.x.length; i++) pen.fillRect(x(cloud.x[i]) - 0.9, y(cloud.y[i]) - 0.9, 1.8, 1.8);
    pen.globalAlpha = 1;
    pen.strokeStyle = style.color;
    pen.lineWidth = 1.1;
    const k = index();
    for (let i = cloud.starts[k]; i < cloud.starts[k + 1]; i++) {
      pen.beginPath();
      pen.arc(x(cloud.x[i]), y(cloud.y[i]), 2.4, 0, 7);
      pen.stroke();
    }
  }

  function nearest(px, py, x, y, lines) {
    let best = [Infinity, 0];
    if (lines)
      lines.forEach((line, k) => {
        if (!line) return;
        const at = data.x.domain[0] + ((px - x(data.x.domain[0])) / (x(data.x.domain[1]) - x(data.x.domain[0]))) * (data.x.domain[1] - data.x.domain[0]);
        if (at < line[2] || at > line[3]) return;
        const gap = Math.abs(y(line[0] + line[1] * at) - py);
        if (gap < best[0]) best = [gap, k];
      });
    else
      for (let k = 0; k < data.groups.length; k++)
        for (let i = cloud.starts[k]; i < cloud.starts[k + 1]; i++) {
          const gap = Math.hypot(x(cloud.x[i]) - px, y(cloud.y[i]) - py);
          if (gap < best[0]) best = [gap, k];
        }
    if (best[0] < 14) choose(data.groups[best[1]].id);
  }

  function choose(id) {
    focus = id;
    draw();
    root.querySelector("[aria-live]").textContent = [...root.querySelectorAll(".reading")].map((node) => node.textContent).join("; ");
    component.setStateValue("focus", id);
  }

  stop = onResize(root, draw);
  return {
    update(next, mounted) {
      component = mounted;
      if (data && next.name === data.name) return;
      data = next;
      focus = next.focus;
      cloud = decode(next.points);
      draw();
    },
    remove: () => stop(),
  };
}
