
// The page: a search field, what was found, the open entry, and all terms from A to Z.
const make = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (key.startsWith("on")) node[key] = value;
    else if (key === "html") node.innerHTML = value;
    else node.setAttribute(key, value);
  node.append(...children);
  return node;
};
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const plain = (event) => event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

function glossary(root) {
  let component, terms, entries;
  let open = null;
  const field = make("input", { id: "find", type: "search", autocomplete: "off", spellcheck: "false" });
  const status = make("p", { class: "status", role: "status" });
  const found = make("ul", { class: "found" });
  const entry = make("section", { class: "entry" });
  const index = make("nav", { class: "index", "aria-label": "All terms" });
  root.replaceChildren(
    make("form", { role: "search", onsubmit: first }, make("label", { for: "find" }, "Find a term, a lesson or a dataset"), field, status),
    found, entry, index,
  );
  field.oninput = find;
  root.onkeydown = (event) => {
    const links = [field, ...found.querySelectorAll("a")];
    const at = links.indexOf(root.getRootNode().activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || at < 0 || !links[at + step]) return;
    event.preventDefault();
    links[at + step].focus();
  };

  function link(href, act, ...children) {
    const onclick = (event) => {
      if (!plain(event)) return;
      event.preventDefault();
      act();
    };
    return make("a", { href, onclick }, ...children);
  }
  const toTerm = (term, ...text) => link(`glossary?term=${term.key}`, () => show(term.key, true), ...text);
  const toPage = (path, text, query = {}) =>
    link(`${path}${Object.keys(query).length ? "?" : ""}${new URLSearchParams(query)}`, () => component.setTriggerValue("go", { path, query }), text);
  const symbol = (term) => make("span", { class: `symbol ${term.meaning}`, html: term.symbol });

  function show(key, focus) {
    open = terms.has(key) ? key : null;
    field.value = "";
    draw();
    if (focus) component.setStateValue("term", open ?? "");
    if (focus && open) {
      entry.querySelector("h2").focus({ preventScroll: true });
      root.scrollIntoView({ block: "nearest" });
      entry.scrollIntoView({ block: "nearest" });
    }
  }

  function drawEntry() {
    const term = terms.get(open);
    entry.hidden = !term;
    if (!term) return;
    const row = (head, ...cells) => [make("dt", {}, head), make("dd", {}, ...cells)];
    const listed = (nodes) => nodes.flatMap((node, i) => (i ? [", ", node] : [node]));
    const traditions = term.also.map(([name, tradition]) => make("li", {}, name, make("span", { class: "muted" }, ` ${tradition}`)));
    entry.replaceChildren(
      make("figure", { html: term.picture }),
      make("div", {},
        make("h2", { tabindex: "-1" }, capital(term.name), symbol(term)),
        make("p", { class: "sentence" }, term.sentence),
        make("dl", {},
          ...row("Also called", make("ul", {}, ...traditions)),
          ...row("See also", ...listed(term.see.map((key) => toTerm(terms.get(key), terms.get(key).name)))),
          ...(term.lessons.length ? row(term.lessons.length > 1 ? "Lessons" : "Lesson", ...listed(term.lessons.map(([path, title]) => toPage(path, title)))) : []),
        ),
      ),
    );
  }

  function drawIndex() {
    const letters = new Map();
    for (const term of terms.values()) {
      const letter = capital(term.name)[0];
      letters.set(letter, [...(letters.get(letter) ?? []), term]);
    }
    index.replaceChildren(
      ...[...letters].map(([letter, group]) =>
        make("section", { "aria-label": letter },
          make("h3", { "aria-hidden": "true" }, letter),
          make("ul", {}, ...group.map((term) => {
            const item = make("li", {}, toTerm(term, term.name), symbol(term));
            if (term.key === open) item.firstChild.setAttribute("aria-current", "true");
            return item;
          })),
        ),
      ),
    );
  }

  function draw() {
    const asking = field.value.trim() !== "";
    found.hidden = !asking;
    index.hidden = asking;
    if (asking) entry.hidden = true;
    else {
      drawEntry();
      drawIndex();
      status.textContent = `${terms.size} terms, ${entries.length - terms.size} pages, labs and datasets`;
    }
  }

  function find() {
    draw();
    if (found.hidden) return;
    const hits = search(entries, field.value);
    status.textContent = hits.length === 0 ? "Nothing found. Try another word, or clear the field for all terms." : hits.length === 1 ? "One found" : `${hits.length} found`;
    found.replaceChildren(...hits.map(({ entry: hit, text }) => hit.result(text)));
  }

  function first(event) {
    event.preventDefault();
    found.querySelector("a")?.click();
  }

  function termResult(term) {
    return (text) => {
      const other = term.also.find(([name]) => name === text);
      const known = other ? make("span", { class: "muted" }, `${other[0]}, ${other[1]}: see`) : "";
      return make("li", {}, make("div", { class: "hit" }, known, toTerm(term, term.name), symbol(term)), make("p", {}, term.sentence));
    };
  }

  // A lesson is shown by the heading or step that fits, a dataset by its story.
  function pageResult(kind, anchor, said) {
    return (text) => make("li", {}, make("div", { class: "hit" }, anchor(), make("span", { class: "muted" }, kind)), make("p", {}, said(text)));
  }

  return {
    update(next) {
      component = next;
      const { data } = next;
      if (!terms) {
        terms = new Map(data.terms.map((term) => [term.key, term]));
        entries = [
          ...data.terms.map((term) => ({
            name: term.name, result: termResult(term),
            fields: [[term.name, 0], ...term.also.map(([name]) => [name, 4]), ...term.typed.map((text) => [text, 5]), [term.sentence, 30]],
          })),
          ...data.pages.map((page) => ({
            name: page.name, result: pageResult(page.kind, () => toPage(page.path, page.name), (text) => (page.words.includes(text) ? text : page.words[0] ?? "")),
            fields: [[page.name, 2], ...page.words.map((text) => [text, 12])],
          })),
          ...data.labs.map((lab) => ({
            name: lab.name, result: pageResult("lab", () => toPage("labs", lab.name, { lab: lab.key }), (text) => (lab.steps.includes(text) ? text : lab.purpose)),
            fields: [[lab.name, 3], ...lab.steps.map((text) => [text, 12]), [lab.purpose, 30]],
          })),
          ...data.data.map((set) => ({
            name: set.name, result: pageResult("dataset", () => toPage("data", set.name, { data: set.key }), () => set.story),
            fields: [[set.name, 2], [set.key, 3], [set.story, 30]],
          })),
        ];
      }
    },
    turn(key) {
      if (key !== open || !index.firstChild) show(key, false);
    },
  };
}

export default function (component) {
  const root = component.parentElement.querySelector(".glossary");
  root.page ??= glossary(root);
  root.page.update(component);
  const shared = (globalThis.labGlossary ??= {});
  shared.turn = root.page.turn;
  if ("open" in shared) shared.turn(shared.open);
  return () => { if (!root.isConnected) globalThis.labGlossary = {}; };
}
