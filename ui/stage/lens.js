// The model lens: faces of one fitted model. What shows a parameter has its name in `data-p`; to
// point at it, to focus it or to tap it lights up every other place where the parameter is.
function lens(root) {
  const FACES = ["picture", "equation", "output", "sentences", "code"];
  const TITLES = { picture: "Picture", equation: "Equation", output: "Output", sentences: "Sentences", code: "Code" };
  let data;
  let held = null; // the parameter that was chosen, lit while nothing else is pointed at
  let face = "all";
  const chosen = { output: remembered("output"), code: remembered("code") };

  function remembered(kind) {
    try { return localStorage.getItem(`multilevel-lab.lens.${kind}`); } catch { return null; }
  }
  function remember(kind, name) {
    chosen[kind] = name;
    try { localStorage.setItem(`multilevel-lab.lens.${kind}`, name); } catch { /* not kept */ }
  }

  function light(name) {
    for (const node of root.querySelectorAll("[data-p]")) node.classList.toggle("lit", node.dataset.p === name);
    for (const chip of root.querySelectorAll(".chip")) chip.classList.toggle("lit", chip.value === name);
  }

  function hold(name) {
    held = held === name ? null : name;
    for (const chip of root.querySelectorAll(".chip")) chip.setAttribute("aria-pressed", chip.value === held);
    light(held);
    const chip = data.chips.find((each) => each.of === held);
    root.querySelector(".sr").textContent = chip ? `${plain(chip.symbol)}, ${chip.value}, ${chip.what}: marked in every face.` : "No parameter is marked.";
  }

  const raw = (tag, attributes, markup) => { const node = html(tag, attributes); node.innerHTML = markup; return node; };

  function chips() {
    const row = data.chips.map((each) => html("button", { type: "button", class: "chip", value: each.of, "aria-pressed": each.of === held, style: hue(each.role), onclick: () => hold(each.of), onmouseenter: () => light(each.of), onmouseleave: () => light(held), onfocus: () => light(each.of), onblur: () => light(held) },
      html("span", { class: "hued" }, ...words(each.symbol)), html("b", {}, each.value), html("span", { class: "muted" }, each.what)));
    return html("div", { class: "chips" }, html("span", {}, "Follow one parameter:"), ...row);
  }

  function tabs() {
    const names = ["all", ...FACES.filter(has)];
    const buttons = names.map((name) => html("button", {
      type: "button", role: "tab", class: "tab", "aria-selected": face === name, tabindex: face === name ? 0 : -1, "data-focus": `tab/${name}`,
      onclick: () => { face = name; draw(`tab/${name}`); },
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        face = names[(names.indexOf(name) + step + names.length) % names.length];
        draw(`tab/${face}`);
      },
    }, name === "all" ? "All faces" : TITLES[name]));
    return html("div", { class: "tabs", role: "tablist", "aria-label": "Faces of the model" }, ...buttons);
  }

  const has = (name) => (typeof data[name] === "string" ? data[name] !== "" : Object.keys(data[name] ?? {}).length > 0);

  function one(name) {
    if (typeof data[name] === "string") return section(name, null, raw("div", { class: `${name}-body` }, data[name]));
    const kinds = Object.keys(data[name]);
    const kind = kinds.includes(chosen[name]) ? chosen[name] : kinds[0];
    const pick = kinds.map((each) => html("button", {
      type: "button", class: "link", "aria-pressed": each === kind, "data-focus": `${name}/${each}`, onclick: () => { remember(name, each); draw(`${name}/${each}`); },
    }, data[name][each].title));
    const { text, note, files } = data[name][kind];
    const listing = html("div", { class: "listing", tabindex: 0, role: "region", "aria-label": `${TITLES[name]}, ${data[name][kind].title}` }, raw("pre", {}, text));
    const saves = (files ?? []).map((file) => html("button", { type: "button", class: "link", onclick: () => download(file) }, `Save ${file.name}`));
    return section(name, html("span", { class: "kinds" }, ...pick), html("div", {}, listing, note ? html("p", { class: "aside" }, note) : null, html("div", { class: "links" }, ...saves)));
  }

  function download({ name, text }) {
    const link = html("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const section = (name, beside, body) => html("section", { class: `face ${name}-face` }, planned() ? null : html("header", {}, html("h3", { class: "heading" }, TITLES[name]), beside), body);
  const planned = () => data.chips.length === 0; // a model that is not fitted: its equations alone

  function draw(focus) {
    if (!data) return;
    const names = face === "all" ? FACES.filter(has) : [face];
    const left = names.filter((name) => ["picture", "equation", "sentences"].includes(name));
    const right = names.filter((name) => ["output", "code"].includes(name));
    const columns = [left, right].filter((each) => each.length).map((each) => html("div", { class: "column" }, ...each.map(one)));
    const head = planned() ? [] : [chips(), tabs()];
    root.replaceChildren(...head, html("div", { class: `faces of${columns.length}` }, ...columns), html("p", { class: "sr", "aria-live": "polite" }));
    for (const node of root.querySelectorAll("[data-p]")) {
      node.onmouseenter = () => light(node.dataset.p);
      node.onmouseleave = () => light(held);
      node.onclick = () => hold(node.dataset.p);
    }
    light(held);
    if (focus) root.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
  }

  return {
    update(next) {
      if (data && next.id === data.id) return;
      data = next;
      held = null;
      draw();
    },
    remove() {},
  };
}
