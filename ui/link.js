// The control "Link": the address of what is on screen, once as it is and once with the answers
// hidden, each with a button that copies it.

// The step in which the reader last did something; the header, where the link is, counts for none.
const work = { path: null, step: 1 };

function follow({ target }) {
  if (!target.closest?.("[data-testid=stMain]") || target.closest(".st-key-header")) return;
  const before = [...document.querySelectorAll("[data-testid=stMain] .step")].filter(
    (mark) => mark.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING);
  Object.assign(work, { path: location.pathname, step: before.length });
}
for (const act of ["pointerdown", "keydown"]) document.addEventListener(act, follow, true);

function addressOf({ presenting, version }, hidden) {
  const url = new URL(location.href);
  const step = presenting || work.path !== url.pathname ? Number(url.searchParams.get("step") ?? 1) : work.step;
  for (const name of ["answers", "step", "v"]) url.searchParams.delete(name);
  if (step > 1) url.searchParams.set("step", step);
  if (hidden) url.searchParams.set("answers", "hidden");
  url.searchParams.set("v", version);
  url.hash = "";
  return url.href;
}

// The clipboard is closed to pages that do not come over https; there the old command works.
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

// One link; `fill` writes it anew.
function linkLine(nav, said, text, hint, hidden) {
  const field = make("input", { readOnly: true, ariaLabel: text, onfocus: () => field.select() });
  const fill = () => { field.value = addressOf(nav.data, hidden); };
  const copy = make("button", {
    type: "button",
    ariaLabel: `Copy the link ${text}`,
    onclick: async () => {
      fill();
      said.textContent = "";
      const done = await copied(field);
      said.textContent = done ? `Copied: the link ${text}.` : "Not copied: the browser forbids it. Copy the marked link by hand.";
    },
  }, "Copy");
  const title = text.charAt(0).toUpperCase() + text.slice(1);
  return { fill, row: make("div", { className: "line" }, make("strong", {}, title), make("span", {}, hint), field, copy) };
}

function pictureLink(nav) {
  const said = make("p", { className: "said", role: "status" });
  const lines = [
    linkLine(nav, said, "to this picture", "Data, controls and step as they are now.", false),
    linkLine(nav, said, "to the same with the answers hidden", "Every question starts open, whatever was answered before.", true),
  ];
  const { opener, panel } = opening("Link", { className: "panel links", ariaLabel: "Links to what is on screen" }, ...lines.map((line) => line.row), said);
  panel.addEventListener("beforetoggle", () => {
    const place = nav.getBoundingClientRect();
    panel.style.top = `${place.bottom + 4}px`;
    panel.style.right = `${document.documentElement.clientWidth - place.right}px`;
    said.textContent = "";
    for (const line of lines) line.fill();
  });
  return [opener, panel];
}

