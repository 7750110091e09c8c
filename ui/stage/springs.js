// Partial pooling as springs: each group's own mean, the mean of all, and the estimate that
// two springs hold between them. The closed form is evaluated here, at every step of a drag:
//     weight = n / (n + sigma_e² / sigma_u²),   estimate = weight × distance.

function weight(n, sigmaU, sigmaE) {
  if (sigmaU === Infinity) return 1;
  if (sigmaU === 0) return 0;
  return n / (n + (sigmaE * sigmaE) / (sigmaU * sigmaU));
}

function springs(root) {
  let data;
  let component;
  let local = { sigma_u: 1, sigma_e: 1, n: {} };
  let from = "";
  let places = {};
  let focus = null;
  let all = false;
  let shown = {};
  let revealed = 0;
  let parts = null;
  let halt = () => {};

  const asking = () => data.mode === "ask";
  const size = (row) => local.n[row.id] ?? row.n;
  const lambda = (row) => weight(size(row), local.sigma_u, local.sigma_e);
  const target = (row) => lambda(row) * row.mean;
  const rows = () => (all ? data.all : narrow() ? data.rows.filter((row) => row.marked) : data.rows);
  const wide = () => root.clientWidth / rem();
  const narrow = () => wide() < 640;
  const focused = () => (all ? data.all : data.rows).find((row) => row.id === focus) ?? data.rows[0];
  const called = (row) => `${data.noun.group} ${row.id}`;
  const counted = (n) => `${n} ${n === 1 ? data.noun.unit : data.noun.units}`;

  // ---- words that follow the state

  function finding() {
    const { group, groups, unit, units } = data.noun;
    if (local.sigma_u === 0) return `Complete pooling: every ${group} is given the mean of all ${groups}.`;
    if (local.sigma_u === Infinity) return `No pooling: every ${group} keeps its own mean.`;
    const first = focused();
    const others = data.rows.filter((row) => (row.marked || data.compact) && row.id !== first.id);
    const distant = (row) => Math.abs(lambda(row) - lambda(first));
    const second = others.reduce((best, row) => (distant(row) > distant(best) ? row : best), others[0]);
    const phrase = (row) =>
      `${capital(inWords(size(row)))} ${size(row) === 1 ? unit : units}: ${called(row)} moves ${percent(1 - lambda(row))}`;
    return `${phrase(first)} of the way to the mean. ${phrase(second)}.`;
  }

  function sentence() {
    const row = focused();
    return `${capital(called(row))}, ${counted(size(row))}: own mean ${fixed(row.mean)} from the mean of all ` +
      `${data.noun.groups}, weight ${share(lambda(row))}, the model’s estimate ${fixed(target(row))} ${data.unit}.`;
  }

  function equation() {
    const row = focused();
    const hue = (name, ...text) => html("span", { class: name }, ...text);
    const italic = (text) => html("i", {}, text);
    const low = (text) => html("sub", {}, text);
    const square = (name, symbol, index) => hue(name, italic(symbol), html("span", { class: "both" }, html("sup", {}, "2"), low(index)));
    const frac = (above, below) => html("span", { class: "frac" }, html("span", {}, ...above), html("span", {}, ...below));
    const weightOf = lambda(row);
    const variance = (s) => (s === Infinity ? "∞" : fixed(s * s, 1));
    const numbers = frac(
      [hue("b", variance(local.sigma_u))],
      [hue("b", variance(local.sigma_u)), " + ", hue("w", variance(local.sigma_e)), ` / ${size(row)}`],
    );
    const mean = () => hue("b", fixed(row.mean));
    const symbols = [
      frac(
        [square("b", "σ", "u")],
        [square("b", "σ", "u"), " + ", square("w", "σ", "e"), " / ", italic("n"), low(row.id)],
      ),
      html("span", { class: "paren" }, "("), hue("b", html("i", { class: "bar" }, "y"), low(row.id)), " − ", hue("f", italic("β"), low("0")), html("span", { class: "paren" }, ")"), " = ",
    ];
    const spread = 1.959964 * Math.sqrt(weightOf * (local.sigma_e ** 2 / size(row)));
    const interval = `95 % interval ${fixed(target(row) - spread, 1)} to ${fixed(target(row) + spread, 1)}`;
    const line = html(
      "div", { class: "equation", role: "math", "aria-label": `estimate = ${share(weightOf)} times ${fixed(row.mean)} = ${fixed(target(row))}` },
      hue("p", html("i", { class: "hat" }, "u"), low(row.id)), " = ",
      ...(narrow() ? [] : symbols), numbers, " × ", mean(),
      ...(narrow() ? [] : [" = ", html("span", {}, share(weightOf)), " × ", mean()]), " = ", hue("p", fixed(target(row))),
      narrow() ? null : html("span", { class: "interval" }, interval),
    );
    return line;
  }

  // ---- the picture

  function geometry() {
    const width = wide();
    const small = narrow();
    const list = rows();
    const side = small ? 0 : data.ranks || asking() ? 318 : 96;
    const row = Math.min(27, Math.max(19, (innerHeight / rem() - 400) / 11));
    const dy = small ? 57 : all ? (11 * row) / (list.length - 1) : row;
    const top = small ? 40 : 35;
    const height = small ? top + dy * (all ? 0 : list.length) + (all ? 340 : 0) : top + 11 * row;
    const plot = small ? [all ? 56 : 18, width - 18] : [150, width - side - 24];
    const step = !small ? 41 : asking() ? Math.min(41, (width - 200) / 4) : 20;
    return {
      width, small, list, dy: small && all ? 320 / (list.length - 1) : dy, top, plot, step,
      bottom: height, below: small && !all ? 23 : 0,
      x: linear(data.domain, plot),
      place: (k) => width - (small ? (asking() ? 14 : 50) : 74) - step * (5 - k),
      y: (i) => top + i * (small && all ? 320 / (list.length - 1) : dy),
    };
  }

  function build() {
    if (!data || !root.clientWidth) return;
    const g = geometry();
    const tall = g.bottom + (asking() ? 52 : g.small ? 140 : 108);
    const held = root.getRootNode().activeElement?.getAttribute("data-focus");
    const surface = svg("svg", { viewBox: `0 0 ${g.width} ${tall}`, style: `height:${tall / 16}rem` });
    surface.append(pattern(), ...frame(g));
    parts = g.list.map((row, i) => rowParts(row, g, i));
    surface.append(
      svg("g", asking() ? {} : { role: "radiogroup", "aria-label": `Which ${data.noun.group} the equation shows` }, ...parts.map((part) => part.node)),
      ...parts.flatMap((part) => part.steppers ?? []),
      ...strips(g),
      ...(asking() ? [] : remarks(g)),
    );
    const rulers = asking() ? [] : [ruler(g, surface, "sigma_u"), ruler(g, surface, "sigma_e")];
    surface.append(...rulers.map((part) => part.node));
    parts.surface = surface;
    parts.rulers = rulers;
    parts.equation = html("div", {});
    parts.finding = html("p", { class: "finding" });
    parts.live = html("p", { class: "sr", "aria-live": "polite" });
    parts.table = html("div", { class: "twin" });
    const note = data.note && !all && html("div", { class: g.small ? "note" : "note beside" });
    if (note) note.innerHTML = data.note;
    root.replaceChildren(...[
      head(),
      html("div", { class: "wrap" }, surface, note && !asking() ? note : null),
      asking() ? html("p", { class: "caption" }, data.caption) : null,
      ...(asking() ? [] : [links(), parts.table, parts.live]),
    ].filter(Boolean));
    paint();
    describe();
    if (held) root.querySelector(`[data-focus="${CSS.escape(held)}"]`)?.focus();
  }

  function head() {
    const box = html("div", { class: "head" });
    if (asking()) {
      box.classList.add("asking");
      const story = html("div", { class: "story" });
      const question = html("div", { class: "question" });
      story.innerHTML = data.story;
      question.innerHTML = data.question;
      box.append(story, question);
    } else {
      if (data.gap) {
        const gap = html("p", { class: "gap" });
        gap.innerHTML = data.gap;
        box.append(gap);
      }
      box.append(parts.finding);
      if (data.compact) box.classList.add("bare");
      else box.append(parts.equation);
    }
    return box;
  }

  function frame(g) {
    const foot = g.bottom + 6;
    const nodes = g.small ? [] : [
      label(data.noun.group, { x: 0, y: 5, class: "muted" }),
      label(data.noun.units, { x: 112, y: 5, class: "muted", "text-anchor": "end" }),
    ];
    for (const tick of data.ticks) {
      if (tick !== 0) nodes.push(svg("line", { x1: g.x(tick), x2: g.x(tick), y1: 13, y2: foot, class: "grid" }));
      const unit = tick === data.ticks.at(-1) && !g.small ? ` ${data.unit}` : "";
      nodes.push(label(`${signed(tick)}${unit}`, { x: g.x(tick) - (unit ? 12 : 0), y: foot + 20, class: "tick", "text-anchor": unit ? "start" : "middle" }));
    }
    nodes.push(
      svg("line", { x1: g.x(0), x2: g.x(0), y1: 11, y2: foot + 3, class: "fixed" }),
      label(`mean of all ${data.noun.groups}`, { x: g.x(0), y: g.small ? foot + 38 : 5, class: "strong", "text-anchor": "middle" }),
    );
    if (asking() || data.ranks) {
      if (asking() || !all) nodes.push(
        label("most", { x: g.place(1) - 11, y: g.small ? 22 : 5, class: "muted" }),
        label("least", { x: g.place(5) + (g.small && !asking() ? 2 : 11), y: g.small ? 22 : 5, class: "muted", "text-anchor": "end" }),
      );
    }
    if (all) nodes.push(label(`smallest ${data.noun.group} at the top`, { x: g.plot[1], y: 5, class: "muted", "text-anchor": "end" }));
    if (!asking() && !all) nodes.push(label(g.small ? data.unit : "moves by", { x: g.width, y: g.small ? 22 : 5, class: "it", "text-anchor": "end" }));
    return nodes;
  }

  function rowParts(row, g, i) {
    const strong = row.marked || row.id === focus;
    const tone = asking() ? (row.marked ? "marked" : "grey") : all ? (row.id === focus ? "marked" : "grey") : strong ? "marked" : "grey";
    const y = g.y(i) + g.below;
    const text = g.y(i) + 5;
    const node = svg("g", { class: `row ${tone}${all ? " thin" : ""}` });
    const part = { row, node, y, tone };
    const radius = all ? 2.2 : Math.min(10.5, 2.6 + 0.56 * Math.sqrt(size(row)));
    if (!asking()) {
      const height = all ? Math.max(g.dy, 4) : g.dy;
      set(node, {
        role: "radio", tabindex: row.id === focus ? 0 : -1, "aria-checked": row.id === focus, "data-focus": `row/${row.id}`,
        "aria-label": `${called(row)}, ${counted(size(row))}`,
      });
      node.onclick = () => choose(row.id);
      node.onkeydown = (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        choose(g.list[(i + step + g.list.length) % g.list.length].id, true);
      };
      node.append(svg("rect", { x: 0, y: g.y(i) - height / 2, width: g.plot[1], height, class: "target" }));
    }
    if (asking()) {
      node.append(
        svg("line", { x1: g.x(row.mean), x2: g.x(0), y1: y, y2: y, class: "thread" }),
        svg("circle", { cx: g.x(row.mean), cy: y, r: radius, class: "own" }),
      );
      if (i === 0) node.append(label("its own mean", { x: g.x(row.mean) + (row.mean < 0 ? -11 : 11), y: y + 5, class: "between-text", "text-anchor": row.mean < 0 ? "end" : "start" }));
    } else {
      part.between = svg("path", { class: "spring between-line" });
      part.within = svg("path", { class: "spring within-line" });
      part.own = svg("circle", { cx: g.x(row.mean), cy: y, r: radius, class: "own" });
      part.mark = svg("path", { class: "predicted" });
      part.moves = label("", { x: g.width, y: text, class: "it strong", "text-anchor": "end" });
      node.append(part.between, part.within, part.own, part.mark);
      if (!all && row.marked) node.append(part.moves);
      if (row.id === focus) {
        part.ownText = label("", { y: y + 5, class: "between-text", "text-anchor": row.mean < 0 ? "end" : "start" });
        part.estText = label("", { y: y + 5 + (g.small ? 12 : 0), class: "it", "text-anchor": row.mean < 0 ? "start" : "end" });
        node.append(part.ownText, part.estText);
      }
    }
    if (g.small && !all) {
      node.append(
        label(`${data.noun.group} ${row.id}`, { x: 0, y: text, class: "name strong" }),
        label(counted(size(row)), { x: 82, y: text, class: "muted" }),
      );
    } else if (!all || row.id === focus) {
      node.append(label(row.id, { x: 0, y: text, class: "name" }));
      const stepping = row.id === focus && !asking() && !all;
      if (!g.small) node.append(label(String(size(row)), { x: stepping ? 92 : 112, y: text, class: "name count", "text-anchor": stepping ? "middle" : "end" }));
      if (stepping) part.steppers = [stepper(row, 66, text - 5, -1), stepper(row, 118, text - 5, 1)];
    }
    return part;
  }

  function stepper(row, x, y, step) {
    const act = () => {
      const next = Math.min(500, Math.max(1, size(row) + step));
      local = { ...local, n: { ...local.n, [row.id]: next } };
      if (next === data.rows.find((each) => each.id === row.id)?.n) delete local.n[row.id];
      build();
      glide();
      report();
    };
    return svg(
      "g",
      {
        role: "button", tabindex: 0, class: "stepper", "data-focus": `step/${step}`,
        "aria-label": step > 0 ? `one ${data.noun.unit} more` : `one ${data.noun.unit} fewer`,
        onclick: act,
        onkeydown: (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          act();
        },
      },
      svg("circle", { cx: x, cy: y, r: 13.5, class: "target" }),
      svg("circle", { cx: x, cy: y, r: 11, class: "ring" }),
      svg("path", { d: step > 0 ? `M${x - 4} ${y}h8M${x} ${y - 4}v8` : `M${x - 4} ${y}h8`, class: "sign" }),
    );
  }

  function strips(g) {
    if (all) return [];
    const marked = g.list.map((row, i) => [row, g.y(i)]).filter(([row]) => row.marked);
    if (asking())
      return marked.map(([row, y]) =>
        strip({
          id: row.id, name: called(row), x: g.place, y, gap: g.step, places, count: marked.length,
          choose: (id, place) => {
            places = swapped(places, id, place);
            build();
            root.querySelector(`[data-focus="${CSS.escape(`${id}/${place}`)}"]`)?.focus();
            component.setStateValue("ranking", places);
          },
        }),
      );
    if (!data.ranks) return [];
    const node = svg("g", { class: "gaps" });
    const draw = (t) =>
      node.replaceChildren(
        ...marked.map(([row, y]) =>
          gapStrip({
            x: g.place, y, count: marked.length, guess: data.ranks.guess?.[row.id], truth: data.ranks.truth[row.id],
            named: row.id === focus && !g.small, from: t,
          }),
        ),
      );
    draw(revealed);
    parts.gaps = draw;
    return [node];
  }

  function remarks(g) {
    if (g.small || all || !data.remarks) return [];
    return data.remarks.map(({ kind, lines, row, side }) => {
      const node = svg("g", { class: `remark ${kind}-text strong` });
      lines.forEach((line, i) =>
        node.append(
          label(math(line), { x: g.x(0) + side * 16, y: g.y(row) + 5 + 20 * i, class: `label ${kind}-text strong`, "text-anchor": side > 0 ? "start" : "end" }),
        ),
      );
      return node;
    });
  }

  // "σ_u²" inside a label: italic symbol, lowered index, raised square.
  function math(text) {
    const [before, index, after] = text.split(/σ_(.)²?/);
    if (index === undefined) return text;
    return [before, svg("tspan", { class: "symbol" }, "σ"), svg("tspan", { dy: 4, "font-size": "70%" }, index), svg("tspan", { dy: -10, dx: -5, "font-size": "70%" }, text.includes("²") ? "2" : ""), svg("tspan", { dy: 6 }, after)];
  }

  function pattern() {
    const id = "hatch";
    return svg("defs", {}, svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("rect", { width: 3, height: 6, class: "hatch" })));
  }

  function ruler(g, surface, name) {
    const between = name === "sigma_u";
    const kind = between ? "between" : "within";
    const most = data.domain[1];
    const y = g.bottom + 6 + (g.small ? (between ? 68 : 108) : between ? 48 : 77);
    const reach = g.small ? Math.min(g.x(most), g.width - 16) : g.x(most);
    const x = linear([0, most], [g.x(0), between ? reach - 14 : reach]);
    const stop = reach + 6;
    const track = svg("line", { x1: g.x(0), x2: between ? stop : reach, y1: y, y2: y, class: "grid" });
    const tick = svg("line", { x1: x(data.estimated[name]), x2: x(data.estimated[name]), y1: y - 6, y2: y + 6, class: `${kind}-tick` });
    const bar = between
      ? svg("line", { x1: g.x(0), y1: y, y2: y, class: "between-bar" })
      : svg("rect", { x: g.x(0), y: y - 4, height: 8, fill: "url(#hatch)" });
    const grip = svg("g", {}, svg("circle", { r: 11, class: `${kind}-grip` }), svg("path", { d: "M-2 -4v8M2.5 -4v8", class: `${kind}-teeth` }));
    const text = label("", { x: g.x(0) - 14, y: y + 5, class: `${kind}-text`, "text-anchor": "end" });
    const hint = label("", { y: y + 5, class: "muted" });
    const handle = svg(
      "g",
      {
        role: "slider", tabindex: 0, class: "handle", "data-focus": name, "aria-valuemin": between ? 0 : data.smallest, "aria-valuemax": most,
        "aria-label": between ? `sigma u, the spread between ${data.noun.groups}` : `sigma e, the spread within a ${data.noun.group}`,
      },
      svg("circle", { r: 20, class: "target" }),
      grip,
    );
    draggable(handle, {
      value: () => local[name],
      range: () => [between ? 0 : data.smallest, most],
      step: most > 5 ? 0.1 : 0.01, page: most / 12, end: between ? Infinity : most,
      place: (event) => {
        const at = pointer(event, surface, g.width);
        if (between && at > (x(most) + stop) / 2) return Infinity;
        const value = ((at - g.x(0)) / (x(most) - g.x(0))) * most;
        return Math.min(most, Math.max(between ? 0 : data.smallest, value));
      },
      move: (value) => {
        local = { ...local, [name]: value === Infinity ? value : Number(value.toFixed(4)) };
        halt();
        settle();
        paint();
      },
      done: report,
    });
    return {
      node: svg("g", {}, track, tick, between ? label("∞", { x: stop + 8, y: y + 5, class: "muted" }) : null, bar, text, hint, handle),
      paint() {
        const value = local[name];
        const at = value === Infinity ? stop : x(Math.min(value, most));
        if (between) set(bar, { x2: at });
        else set(bar, { width: Math.max(0, at - g.x(0)) });
        set(handle, { transform: `translate(${at} ${y})`, "aria-valuenow": value === Infinity ? most : value, "aria-valuetext": between && value === Infinity ? "infinite: no pooling" : between && value === 0 ? "0: complete pooling" : `${fixed(value, 1)} ${data.unit}` });
        const lead = between ? `between ${data.noun.groups}, ` : `within a ${data.noun.group}, `;
        text.replaceChildren(g.small ? "" : lead, svg("tspan", { class: "symbol" }, "σ"), sub(between ? "u" : "e"), back(` = ${fixed(value, most > 5 ? 1 : 2)}`));
        hint.textContent = g.small ? "" : between ? (value === 0 ? "complete pooling" : value === Infinity ? "" : "drag to 0: complete pooling") : "drag";
        const room = (between ? stop : g.width) - at;
        set(hint, { x: at + 20, visibility: between && room < 180 ? "hidden" : "visible" });
      },
    };
  }

  function links() {
    const button = (text, act, name, on) => html("button", { type: "button", class: "link", onclick: act, "data-focus": name, ...(on === undefined ? {} : { "aria-pressed": on }) }, text);
    const jump = (values) => () => {
      local = { ...local, ...values };
      glide();
      report();
    };
    const whole = data.all && data.all.length > data.rows.length;
    return html(
      "div", { class: "links" },
      button("Complete pooling", jump({ sigma_u: 0 }), "complete"),
      button("Back to the estimated values", jump({ ...data.estimated, n: {} }), "estimated"),
      button("No pooling", jump({ sigma_u: Infinity }), "none"),
      button("The same as a table", () => { parts.table.toggleAttribute("open"); table(); }, "table"),
      whole ? button(all ? `Back to ${inWords(data.rows.length)} ${data.noun.groups}` : `All ${data.all.length} ${data.noun.groups}`, () => { all = !all; build(); }, "all", all) : null,
    );
  }

  function table() {
    if (!parts.table.hasAttribute("open")) return parts.table.replaceChildren();
    const heads = [data.noun.group, data.noun.units, "own mean", "weight", "estimate", "moves by"];
    const cell = (text) => html("td", {}, text);
    parts.table.replaceChildren(
      html(
        "table", {},
        html("caption", {}, `${capital(data.unit)} from the mean of all ${data.noun.groups}, at the values set above`),
        html("thead", {}, html("tr", {}, ...heads.map((text) => html("th", { scope: "col" }, text)))),
        html("tbody", {}, ...(all ? data.all : data.rows).map((row) =>
          html("tr", {}, html("th", { scope: "row" }, row.id), cell(String(size(row))), cell(fixed(row.mean)), cell(share(lambda(row))), cell(fixed(target(row))), cell(fixed(Math.abs(row.mean - target(row))))))),
      ),
    );
  }

  // ---- movement

  function settle() {
    for (const row of all ? data.all : data.rows) shown[row.id] = target(row);
  }

  function glide() {
    halt();
    const start = { ...shown };
    const list = all ? data.all : data.rows;
    halt = tween((t) => {
      for (const row of list) shown[row.id] = (start[row.id] ?? row.mean) + (target(row) - (start[row.id] ?? row.mean)) * t;
      paint();
    });
  }

  function paint() {
    if (!parts || asking()) return;
    const g = geometry();
    for (const part of parts) {
      const { row, y } = part;
      const est = g.x(shown[row.id] ?? target(row));
      const own = g.x(row.mean);
      const plain = all;
      set(part.between, { d: plain ? "" : spring(g.x(0), est, y, 10), "stroke-width": 1.2 });
      set(part.within, {
        d: plain ? `M${est} ${y}H${own}` : spring(est, own, y, 5),
        "stroke-width": plain ? (row.id === focus ? 2 : 1) : Math.min(2.8, 0.8 + 0.22 * Math.sqrt(size(row))),
      });
      set(part.mark, { d: diamond(est, y, all ? (row.id === focus ? 5 : 2.6) : 5.5) });
      if (part.moves) part.moves.textContent = fixed(Math.abs(row.mean - (shown[row.id] ?? target(row))));
      if (part.ownText) {
        const side = row.mean < 0 ? -1 : 1;
        part.ownText.textContent = g.small ? fixed(row.mean) : `own mean ${fixed(row.mean)}`;
        const room = side > 0 || own - g.plot[0] > 110 || !all;
        set(part.ownText, { x: own + side * 12, visibility: room ? "visible" : "hidden" });
        part.estText.textContent = g.small ? fixed(target(row)) : `estimate ${fixed(target(row))}`;
        set(part.estText, { x: g.x(0) - side * 14 });
      }
    }
    for (const part of parts.rulers) part.paint();
    parts.finding.textContent = finding();
    parts.equation.replaceChildren(equation());
    table();
  }

  function choose(id, grab = false) {
    focus = id;
    build();
    if (grab) root.querySelector(`[data-focus="${CSS.escape(`row/${id}`)}"]`)?.focus();
    report();
  }

  // What the picture shows, for readers who cannot see it; once a state, not once a frame.
  function describe() {
    set(parts.surface, { role: "group", "aria-label": asking() ? data.caption : `${finding()} ${sentence()}` });
  }

  function report() {
    describe();
    parts.live.textContent = `${finding()} ${sentence()}`;
    component.setStateValue("values", {
      sigma_u: local.sigma_u === Infinity ? "inf" : local.sigma_u, sigma_e: local.sigma_e, n: local.n, focus,
    });
  }

  const stop = onResize(root, build);
  return {
    update(next, mounted) {
      component = mounted;
      const arriving = data && data.mode === "ask" && next.mode !== "ask";
      const same = data && JSON.stringify(next) === JSON.stringify(data);
      data = next;
      if (next.places && !Object.keys(places).length) places = next.places;
      const given = JSON.stringify(next.values ?? null);
      if (next.values && given !== from) {
        from = given;
        const { sigma_u, ...rest } = next.values;
        local = { n: {}, ...rest, sigma_u: sigma_u === "inf" ? Infinity : sigma_u };
        focus = next.values.focus;
      }
      focus ??= next.rows[0].id;
      if (next.compact) all = true;
      if (same) return;
      if (asking()) {
        shown = Object.fromEntries(data.rows.map((row) => [row.id, row.mean]));
        revealed = 0;
      } else if (arriving) {
        build();
        if (root.getBoundingClientRect().top < 0) root.scrollIntoView({ block: "start" });
        glide();
        tween((t) => { revealed = t; parts.gaps?.(t); });
        return;
      } else {
        settle();
        revealed = 1;
      }
      build();
    },
    remove: stop,
  };
}
springs.weight = weight;
