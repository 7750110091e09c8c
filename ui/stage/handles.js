// What a learner moves: controls beside the picture, and handles in it. `stage` has value(name),
// move({name: value}) at every step, glide({name: value}) for a jump, and done() once at the end.

const said = (control, value) =>
  value === Infinity ? "infinite" : Number.isNaN(value) ? "none" : `${FORMATS[control.format ?? "1"](value)}${control.unit ? ` ${control.unit}` : ""}`;
const limited = (control, value) => Math.min(Math.max(value, control.low), control.high);
const stepped = (control, value) => (value === Infinity ? value : Number((control.low + Math.round((value - control.low) / control.step) * control.step).toFixed(8)));

const named = (control) =>
  html("span", { class: "named" }, control.label, ...(control.symbol ? [" ", html("span", { class: "hued", style: hue(control.role) }, ...words(control.symbol))] : []));

// Each maker returns the control's element and `show()`, which brings it to the value of now.
const CONTROLS = {
  slider(control, stage) {
    const most = Math.round((control.high - control.low) / control.step);
    const output = html("output", { class: "hued", style: hue(control.role) });
    const input = html("input", {
      type: "range", min: 0, max: most + (control.endless ? 1 : 0), step: 1, "aria-label": `${control.label}${control.symbol ? `, ${plain(control.symbol)}` : ""}`, style: hue(control.role), "data-focus": control.name,
      oninput: () => stage.move({ [control.name]: Number(input.value) > most ? Infinity : stepped(control, control.low + Number(input.value) * control.step) }),
      onchange: stage.done,
    });
    return {
      node: html("label", { class: "control slider" }, html("span", { class: "top" }, named(control), output), input),
      show() {
        const value = stage.value(control.name);
        input.value = value === Infinity ? most + 1 : Math.round((value - control.low) / control.step);
        input.setAttribute("aria-valuetext", said(control, value));
        output.textContent = value === Infinity ? "∞" : said(control, value);
      },
    };
  },

  stepper(control, stage) {
    const output = html("output", { class: "hued", style: hue(control.role), "aria-live": "polite" });
    const by = (sign) => () => {
      stage.glide({ [control.name]: limited(control, stepped(control, stage.value(control.name) + sign * control.step)) });
      stage.done();
    };
    const button = (text, sign, name) => html("button", { type: "button", class: "round", onclick: by(sign), "aria-label": `${control.label}: ${name}`, "data-focus": control.name + sign }, text);
    const [less, more] = [button("−", -1, "less"), button("+", 1, "more")];
    return {
      node: html("div", { class: "control stepper", role: "group", "aria-label": control.label }, named(control), less, output, more),
      show() {
        const value = stage.value(control.name);
        output.textContent = said(control, value);
        less.disabled = value <= control.low;
        more.disabled = value >= control.high;
      },
    };
  },

  again(control, stage) {
    const seed = html("span", { class: "seed" });
    const act = () => {
      stage.glide({ [control.name]: (stage.value(control.name) % control.most) + 1 });
      stage.done();
    };
    return {
      node: html("div", { class: "control" }, html("button", { type: "button", class: "press", onclick: act, "data-focus": control.name }, control.label), seed),
      show: () => { const value = stage.value(control.name); seed.textContent = value > 0 ? `seed ${value}` : ""; },
    };
  },

  toggle(control, stage) {
    const button = html("button", {
      type: "button", class: "press", role: "switch", "data-focus": control.name,
      onclick: () => { stage.glide({ [control.name]: stage.goal(control.name) > 0.5 ? 0 : 1 }); stage.done(); },
    }, html("span", { class: "knob" }), control.label);
    return { node: html("div", { class: "control" }, button), show: () => button.setAttribute("aria-checked", stage.goal(control.name) > 0.5) };
  },

  choice(control, stage) {
    const name = `choice-${control.name}-${Math.random().toString(36).slice(2)}`;
    const inputs = Object.values(control.options).map((text, i) => {
      const input = html("input", { type: "radio", name, value: i, "data-focus": `${control.name}/${i}`, onchange: () => { stage.glide({ [control.name]: i }); stage.done(); } });
      return [input, html("label", { class: "option" }, input, html("span", {}, ...words(text)))];
    });
    return {
      node: html("fieldset", { class: "control choice" }, html("legend", {}, control.label), ...inputs.map(([, node]) => node)),
      show: () => inputs.forEach(([input], i) => { input.checked = i === Math.round(stage.goal(control.name)); }),
    };
  },

  focus(control, stage) {
    const select = html("select", { "data-focus": control.name, onchange: () => stage.choose(control.name, Number(select.value)) });
    control.names.forEach((name, i) => select.append(html("option", { value: i }, control.sizes?.length ? `${name}  (${control.sizes[i]})` : name)));
    return { node: html("label", { class: "control picker" }, `${control.label} `, select), show: () => { select.value = String(Math.round(stage.value(control.name))); } };
  },

  // Runs through its values by itself: it starts paused, and can be stepped.
  player(control, stage) {
    const output = html("span", { class: "seed" });
    let timer = null;
    const go = (by) => {
      const span = control.high - control.low + control.step;
      const at = stage.goal(control.name) - control.low + by * control.step;
      stage.glide({ [control.name]: control.low + ((at % span) + span) % span });
    };
    const halt = () => { clearInterval(timer); timer = null; play.replaceChildren("Play"); stage.done(); };
    const step = (by) => () => { go(by); halt(); };
    const play = html("button", { type: "button", class: "press", "data-focus": control.name, onclick: () => {
      if (timer) return halt();
      play.replaceChildren("Pause");
      go(1);
      timer = setInterval(() => (play.isConnected ? go(1) : halt()), 1000 * control.seconds);
    } }, "Play");
    const button = (text, by) => html("button", { type: "button", class: "press", onclick: step(by), "data-focus": control.name + by }, text);
    return {
      node: html("div", { class: "control player", role: "group", "aria-label": control.label }, named(control), play, button("Step back", -1), button("Step on", 1), output),
      show() { output.textContent = `${said(control, stage.goal(control.name))} of ${FORMATS[control.format](control.high)}`; },
      stop: () => clearInterval(timer),
    };
  },
};

// A handle in the picture. Before a guess is placed it is a wide target with a prompt.
function grip(spec, frame, stage) {
  const control = stage.control(spec.control);
  const across = spec.along === "x";
  const scale = across ? frame.x : frame.y;
  const factor = () => frame.get(spec.factor) || 1;
  const offset = () => frame.get(spec.offset);
  const ends = () => [control.low, control.high].map((value) => scale(offset() + factor() * value));
  const beyond = () => ends()[1] + Math.sign(ends()[1] - ends()[0]) * 16;
  const spot = (value) => {
    const along = value === Infinity ? beyond() : scale(offset() + factor() * value);
    const other = spec.edge ? (across ? frame.box.bottom : frame.box.left) : across ? frame.y(frame.get(spec.at)) : frame.x(frame.get(spec.at));
    return across ? [along, other] : [other, along];
  };
  const place = (event) => {
    const at = where(event, frame.surface)[across ? "x" : "y"];
    const [a, b] = ends();
    if (control.endless && (at - b) * Math.sign(b - a) > 8) return Infinity;
    return limited(control, (scale.invert(at) - offset()) / factor());
  };
  const placed = () => !Number.isNaN(stage.value(spec.control));
  const pill = spec.text ? svg("rect", { class: "pill", rx: 15, height: 30, y: -15 }) : null;
  const face = svg("g", {});
  const handle = svg("g", {
    role: "slider", tabindex: 0, class: `handle grip ${across ? "" : "upright"}`, "data-focus": spec.control, style: hue(spec.role),
    "aria-label": control.label, "aria-valuemin": control.low, "aria-valuemax": control.high, "aria-orientation": across ? "horizontal" : "vertical",
  }, svg("circle", { r: 22, class: "target" }), pill, face);
  const prompt = spec.prompt ? label(spec.prompt, { class: "muted", "text-anchor": across ? "middle" : "start", "pointer-events": "none" }) : null;
  const wide = control.kind === "place" ? svg("rect", { class: "target" }) : null;
  const move = (value) => stage.move({ [spec.control]: stepped(control, limited(control, value)) === value ? value : value === Infinity ? value : stepped(control, limited(control, value)) });
  draggable(handle, {
    value: () => (placed() ? stage.value(spec.control) : (control.low + control.high) / 2),
    place, range: () => [control.low, control.high], step: control.step, page: Math.max(control.step, (control.high - control.low) / 10),
    end: control.endless ? Infinity : control.high, move, done: stage.done,
  });
  if (wide)
    wide.onpointerdown = (event) => {
      move(place(event));
      stage.done();
      event.preventDefault();
      handle.focus();
    };
  let written = "";
  return {
    nodes: [wide, prompt, handle].filter(Boolean),
    also: spec.text ? readBy(spec.text) : [],
    controls: [spec.control],
    paint() {
      const value = stage.value(spec.control);
      const [x, y] = spot(placed() ? value : (control.low + control.high) / 2);
      set(handle, { transform: `translate(${px(x)} ${px(y)})`, "aria-valuenow": Number.isFinite(value) ? value : control.high, "aria-valuetext": said(control, value) });
      if (wide) {
        set(handle, { "pointer-events": placed() ? "auto" : "none" }); // until then a click anywhere places it
        const [a, b] = ends();
        set(wide, across ? { x: Math.min(a, b) - 12, y: y - 26, width: Math.abs(b - a) + 24, height: 52 } : { x: x - 26, y: Math.min(a, b) - 12, width: 52, height: Math.abs(b - a) + 24 });
        if (prompt) set(prompt, { x: across ? x : x + 22, y: across ? y - 18 : y + 5, visibility: placed() ? "hidden" : "visible" });
      }
      const text = spec.text ? filled(spec.text, frame.get) : control.kind === "place" ? (placed() ? "△" : "○") : "●";
      if (text === written) return;
      written = text;
      if (pill) {
        const width = 7.8 * plain(text).length + 24;
        set(pill, { x: -width / 2, width });
        face.replaceChildren(svg("text", { class: "label strong onpill", "text-anchor": "middle", y: 5.5 }, ...spans(text)));
      } else if (control.kind === "place") face.replaceChildren(placed() ? svg("path", { d: triangle(0, 0, 12), class: "guess" }) : svg("circle", { r: 7, class: "wanted" }));
      else face.replaceChildren(svg("circle", { r: 10, class: "knot" }), svg("path", { d: across ? "M-2 -4v8M2.5 -4v8" : "M-4 -2h8M-4 2.5h8", class: "teeth" }));
    },
  };
}

// A pointer's place in the units of a picture.
function where(event, surface) {
  const box = surface.getBoundingClientRect();
  const unit = surface.viewBox.baseVal.width / box.width;
  return { x: (event.clientX - box.left) * unit, y: (event.clientY - box.top) * unit };
}
