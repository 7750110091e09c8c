// Partial pooling as springs: each group's own mean, the mean of all, and the estimate that two
// springs hold between them. Its handles, steppers and rows are all reached by keyboard.

function springs(root) {
  const state = { data: null, local: { sigma_u: 1, sigma_e: 1, n: {} }, focus: null, all: false };
  let component;
  let from = "";
  let places = {};
  let shown = {};
  let revealed = 0;
  let parts = null;
  let halt = () => {};
  const { size, target, called, counted, finding, sentence, equation, twin } = poolingWords(state);

  const asking = () => state.data.mode === "ask";
  const rows = () => (state.all ? state.data.all : narrow() ? state.data.rows.filter((row) => row.marked) : state.data.rows);
  const wide = () => root.clientWidth / rem();
  const narrow = () => wide() < 640;


  function geometry() {
    const width = wide();
    const small = narrow();
    const list = rows();
    const side = small ? 0 : state.data.ranks || asking() ? 318 : 96;
    const row = Math.min(27, Math.max(19, (innerHeight / rem() - 400) / 11));
    const dy = small ? 57 : state.all ? (11 * row) / (list.length - 1) : row;
    const top = small ? 40 : 35;
    const height = small ? top + dy * (state.all ? 0 : list.length) + (state.all ? 340 : 0) : top + 11 * row;
    const plot = small ? [state.all ? 56 : 18, width - 18] : [150, width - side - 24];
    const step = !small ? 41 : asking() ? Math.min(41, (width - 212) / 4) : 20;
    return {
      width, small, list, dy: small && state.all ? 320 / (list.length - 1) : dy, top, plot, step,
      bottom: height, below: small && !state.all ? 23 : 0,
      x: linear(state.data.domain, plot),
      place: (k) => width - (small ? (asking() ? 14 : 50) : 74) - step * (5 - k),
      y: (i) => top + i * (small && state.all ? 320 / (list.length - 1) : dy),
    };
  }

  function build() {
    if (!state.data || !root.clientWidth) return;
    const g = geometry();
    const tall = g.bottom + (asking() ? 52 : g.small ? 140 : 108);
    const held = root.getRootNode().activeElement?.getAttribute("data-focus");
    const surface = svg("svg", { viewBox: `0 0 ${g.width} ${tall}`, style: `height:${tall / 16}rem` });
    surface.append(pattern(), ...frame(g));
    parts = g.list.map((row, i) => rowParts(row, g, i));
    surface.append(
      svg("g", asking() ? {} : { role: "radiogroup", "aria-label": `Which ${state.data.noun.group} the equation shows` }, ...parts.map((part) => part.node)),
      ...parts.flatMap((part) => part.steppers ?? []),
      ...strips(g),
      ...(asking() ? [] : remarks(g)),
    );
    const rulers = asking() ? [] : ["sigma_u", "sigma_e"].map((name) => ruler(state, g, surface, name, { moved, done: report }));
    surface.append(...rulers.map((part) => part.node));
    parts.surface = surface;
    parts.rulers = rulers;
    parts.equation = html("div", {});
    parts.finding = html("p", { class: "finding" });
    parts.live = html("p", { class: "sr", "aria-live": "polite" });
    parts.table = html("div", { class: "twin" });
    const note = state.data.note && !state.all && html("div", { class: g.small ? "note" : "note beside" });
    if (note) note.innerHTML = state.data.note;
    root.replaceChildren(...[
      head(),
      html("div", { class: "wrap" }, surface, note && !asking() ? note : null),
      asking() && rem() < 1.3 ? html("p", { class: "caption" }, state.data.caption) : null,
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
      story.innerHTML = state.data.story;
      question.innerHTML = state.data.question;
      box.append(story, question);
    } else {
      if (state.data.gap) {
        const gap = html("p", { class: "gap" });
        gap.innerHTML = state.data.gap;
        box.append(gap);
      }
      box.append(parts.finding);
      if (state.data.compact) box.classList.add("bare");
      else box.append(parts.equation);
    }
    return box;
  }

  function frame(g) {
    const foot = g.bottom + 6;
    const nodes = g.small ? [] : [
      label(state.data.noun.group, { x: 0, y: 5, class: "muted" }),
      label(state.data.noun.units, { x: 112, y: 5, class: "muted", "text-anchor": "end" }),
    ];
    for (const tick of state.data.ticks) {
      if (tick !== 0) nodes.push(svg("line", { x1: g.x(tick), x2: g.x(tick), y1: 13, y2: foot, class: "grid" }));
      const unit = tick === state.data.ticks.at(-1) && !g.small ? ` ${state.data.unit}` : "";
      nodes.push(label(`${signed(tick)}${unit}`, { x: g.x(tick) - (unit ? 12 : 0), y: foot + 20, class: "tick", "text-anchor": unit ? "start" : "middle" }));
    }
    nodes.push(
      svg("line", { x1: g.x(0), x2: g.x(0), y1: 11, y2: foot + 3, class: "fixed" }),
      label(`mean of all ${state.data.noun.groups}`, { x: g.x(0), y: g.small ? foot + 38 : 5, class: "strong", "text-anchor": "middle" }),
    );
    if (asking() || state.data.ranks) {
      if (asking() || !state.all) nodes.push(
        label("most", { x: g.place(1) - 11, y: g.small ? 22 : 5, class: "muted" }),
        label("least", { x: g.place(5) + (g.small && !asking() ? 2 : 11), y: g.small ? 22 : 5, class: "muted", "text-anchor": "end" }),
      );
    }
    if (state.all && (g.small || g.plot[1] - g.x(0) > 250)) nodes.push(label(`smallest ${state.data.noun.group} at the top`, { x: g.plot[1], y: 5, class: "muted", "text-anchor": "end" }));
    if (!asking() && !state.all) nodes.push(label(g.small ? state.data.unit : "moves by", { x: g.width, y: g.small ? 22 : 5, class: "it", "text-anchor": "end" }));
    return nodes;
  }

  function rowParts(row, g, i) {
    const strong = row.marked || row.id === state.focus;
    const tone = asking() ? (row.marked ? "marked" : "grey") : state.all ? (row.id === state.focus ? "marked" : "grey") : strong ? "marked" : "grey";
    const y = g.y(i) + g.below;
    const text = g.y(i) + 5;
    const node = svg("g", { class: `row ${tone}${state.all ? " thin" : ""}` });
    const part = { row, node, y, tone };
    const radius = state.all ? 2.2 : Math.min(10.5, 2.6 + 0.56 * Math.sqrt(size(row)));
    if (!asking()) {
      const height = state.all ? Math.max(g.dy, 4) : g.dy;
      set(node, {
        role: "radio", tabindex: row.id === state.focus ? 0 : -1, "aria-checked": row.id === state.focus, "data-focus": `row/${row.id}`,
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
      if (!state.all && row.marked) node.append(part.moves);
      if (row.id === state.focus) {
        part.ownText = label("", { y: y + 5, class: "between-text", "text-anchor": row.mean < 0 ? "end" : "start" });
        part.estText = label("", { y: y + 5 + (g.small ? 12 : 0), class: "it", "text-anchor": row.mean < 0 ? "start" : "end" });
        node.append(part.ownText, part.estText);
      }
    }
    if (g.small && !state.all) {
      node.append(
        label(`${state.data.noun.group} ${row.id}`, { x: 0, y: text, class: "name strong" }),
        label(counted(size(row)), { x: 82, y: text, class: "muted" }),
      );
    } else if (!state.all || row.id === state.focus) {
      node.append(label(row.id, { x: 0, y: text, class: "name" }));
      const stepping = row.id === state.focus && !asking() && !state.all;
      if (!g.small) node.append(label(String(size(row)), { x: stepping ? 92 : 112, y: text, class: "name count", "text-anchor": stepping ? "middle" : "end" }));
      if (stepping) part.steppers = [stepper(row, 66, text - 5, -1), stepper(row, 118, text - 5, 1)];
    }
    return part;
  }

  function stepper(row, x, y, step) {
    const act = () => {
      const next = Math.min(500, Math.max(1, size(row) + step));
      state.local = { ...state.local, n: { ...state.local.n, [row.id]: next } };
      if (next === state.data.rows.find((each) => each.id === row.id)?.n) delete state.local.n[row.id];
      build();
      glide();
      report();
    };
    return svg(
      "g",
      {
        role: "button", tabindex: 0, class: "stepper", "data-focus": `step/${step}`,
        "aria-label": step > 0 ? `one ${state.data.noun.unit} more` : `one ${state.data.noun.unit} fewer`,
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
    if (state.all) return [];
    const marked = g.list.map((row, i) => [row, g.y(i)]).filter(([row]) => row.marked);
    if (asking())
      return marked.map(([row, y]) =>
        strip({
          id: row.id, name: called(row), x: g.place, y, gap: g.step, places, count: marked.length, tall: g.small ? 27 : Math.min(27, g.dy),
          choose: (id, place) => {
            places = swapped(places, id, place);
            build();
            root.querySelector(`[data-focus="${CSS.escape(`${id}/${place}`)}"]`)?.focus();
            component.setStateValue("ranking", places);
          },
        }),
      );
    if (!state.data.ranks) return [];
    const node = svg("g", { class: "gaps" });
    const draw = (t) =>
      node.replaceChildren(
        ...marked.map(([row, y]) =>
          gapStrip({
            x: g.place, y, count: marked.length, guess: state.data.ranks.guess?.[row.id], truth: state.data.ranks.truth[row.id],
            named: row.id === state.focus && !g.small, from: t,
          }),
        ),
      );
    draw(revealed);
    parts.gaps = draw;
    return [node];
  }

  function remarks(g) {
    if (g.small || state.all || !state.data.remarks) return [];
    return state.data.remarks.map(({ kind, lines, row, side }) => {
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

  function links() {
    const button = (text, act, name, on) => html("button", { type: "button", class: "link", onclick: act, "data-focus": name, ...(on === undefined ? {} : { "aria-pressed": on }) }, text);
    const jump = (values) => () => {
      state.local = { ...state.local, ...values };
      glide();
      report();
    };
    const whole = state.data.all && state.data.all.length > state.data.rows.length;
    return html(
      "div", { class: "links" },
      button("Complete pooling", jump({ sigma_u: 0 }), "complete"),
      button("Back to the estimated values", jump({ ...state.data.estimated, n: {} }), "estimated"),
      button("No pooling", jump({ sigma_u: Infinity }), "none"),
      button("The same as a table", () => { parts.table.toggleAttribute("open"); table(); }, "table"),
      whole ? button(state.all ? `Back to ${inWords(state.data.rows.length)} ${state.data.noun.groups}` : `All ${state.data.all.length} ${state.data.noun.groups}`, () => { state.all = !state.all; build(); }, "all", state.all) : null,
    );
  }

  function table() {
    parts.table.replaceChildren(...(parts.table.hasAttribute("open") ? [twin()] : []));
  }

  // ---- movement

  function settle() {
    for (const row of state.all ? state.data.all : state.data.rows) shown[row.id] = target(row);
  }

  function moved() {
    halt();
    settle();
    paint();
  }

  function glide() {
    halt();
    const start = { ...shown };
    const list = state.all ? state.data.all : state.data.rows;
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
      const plain = state.all;
      set(part.between, { d: plain ? "" : spring(g.x(0), est, y, 10), "stroke-width": 1.2 });
      set(part.within, {
        d: plain ? `M${est} ${y}H${own}` : spring(est, own, y, 5),
        "stroke-width": plain ? (row.id === state.focus ? 2 : 1) : Math.min(2.8, 0.8 + 0.22 * Math.sqrt(size(row))),
      });
      set(part.mark, { d: diamond(est, y, state.all ? (row.id === state.focus ? 5 : 2.6) : 5.5) });
      if (part.moves) part.moves.textContent = fixed(Math.abs(row.mean - (shown[row.id] ?? target(row))));
      if (part.ownText) {
        const side = row.mean < 0 ? -1 : 1;
        part.ownText.textContent = g.small ? fixed(row.mean) : `own mean ${fixed(row.mean)}`;
        const room = side > 0 || own - g.plot[0] > 110 || !state.all;
        set(part.ownText, { x: own + side * 12, visibility: room ? "visible" : "hidden" });
        part.estText.textContent = g.small ? fixed(target(row)) : `estimate ${fixed(target(row))}`;
        set(part.estText, { x: state.all ? est - side * 10 : g.x(0) - side * 14 });
      }
    }
    for (const part of parts.rulers) part.paint();
    parts.finding.textContent = finding();
    parts.equation.replaceChildren(equation(narrow()));
    table();
  }

  function choose(id, grab = false) {
    state.focus = id;
    build();
    if (grab) root.querySelector(`[data-focus="${CSS.escape(`row/${id}`)}"]`)?.focus();
    report();
  }

  // What the picture shows, for readers who cannot see it; once a state, not once a frame.
  function describe() {
    set(parts.surface, { role: "group", "aria-label": asking() ? state.data.caption : `${finding()} ${sentence()}` });
  }

  function report() {
    describe();
    parts.live.textContent = `${finding()} ${sentence()}`;
    component.setStateValue("values", {
      sigma_u: state.local.sigma_u === Infinity ? "inf" : state.local.sigma_u, sigma_e: state.local.sigma_e, n: state.local.n, focus: state.focus,
    });
  }

  const stop = onResize(root, build);
  return {
    update(next, mounted) {
      component = mounted;
      const arriving = state.data && state.data.mode === "ask" && next.mode !== "ask";
      const same = state.data && JSON.stringify(next) === JSON.stringify(state.data);
      if (next.places && (state.data?.mode !== "ask" || !Object.keys(places).length)) places = next.places;
      state.data = next;
      const given = JSON.stringify(next.values ?? null);
      if (next.values && given !== from) {
        from = given;
        const { sigma_u, ...rest } = next.values;
        state.local = { n: {}, ...rest, sigma_u: sigma_u === "inf" ? Infinity : sigma_u };
        state.focus = next.values.focus;
      }
      state.focus ??= next.rows[0].id;
      if (next.compact) state.all = true;
      if (same) return;
      if (asking()) {
        shown = Object.fromEntries(state.data.rows.map((row) => [row.id, row.mean]));
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
