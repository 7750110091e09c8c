// Presenter view, one step of the lesson a screen. A step is what stands between two markers
// (`.step-1`, `.step-2`, …) in the page. Which one is shown is decided here, by a style sheet of
// three rules, and reported for the address bar. Elsewhere a step in a link is scrolled to.
const ID = "lab-step";
const MAIN = "[data-testid=stMain]";
const ROWS = [`${MAIN} .stMainBlockContainer > .stVerticalBlock > `, `${MAIN} [class*=st-key-part-] > `];
const KEPT = ":not(.st-key-header):not(.st-key-hidden):not(.st-key-steps_bar):not(:has(h1)):not(:has(> .stAlert))";
// Fields in which a key writes or moves something; a radio button or a tick box is none of them.
const FIELDS = "input:not([type=radio], [type=checkbox], [type=button]), textarea, select, [contenteditable=true]";
const LETTERS = "multilevel-lab.letters";

// Steps stand in the page's own column, or in that of a part which is drawn by itself.
function rules(at, count) {
  const before = (row) => `${row}*${KEPT}:has(~ * .step-${at})`;
  const after = (row) => `${row}*:has(.step-${at + 1}) ~ *${KEPT}`;
  const next = `${MAIN} .stElementContainer:has(> .stHtml > .step-${at + 1})`; // its heading
  const hidden = [...(at > 1 ? ROWS.map(before) : []), ...(at < count ? [...ROWS.map(after), next] : [])];
  return hidden.length ? `${hidden.join()}{display:none!important}` : "";
}

// Letters as shortcuts can be in the way of speech input and switches, so they can be turned off.
function letters(on) {
  try {
    if (on !== undefined) localStorage.setItem(LETTERS, on ? "on" : "off");
    return localStorage.getItem(LETTERS) !== "off";
  } catch {
    return on ?? true;
  }
}

// Scrolls to a step of a page that is still being drawn, until the reader takes over.
function scrollTo(at) {
  const main = document.querySelector(MAIN);
  const go = () => {
    const mark = document.querySelector(`${MAIN} .step-${at}`)?.closest(".stElementContainer");
    (mark?.checkVisibility() ? mark : mark?.nextElementSibling)?.scrollIntoView();
  };
  const grown = new ResizeObserver(go);
  grown.observe(main.querySelector(".stMainBlockContainer"));
  const rest = () => grown.disconnect();
  for (const event of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(event, rest, { once: true });
  setTimeout(rest, 3000);
}

const KEYS = [
  ["Page Down, Page Up", "next step, step before"],
  ["Home, End", "first step, last step"],
  ["F9, or b or a full stop", "blank the wall; any key brings it back"],
];

function keysPanel(blank) {
  const turn = make("input", { type: "checkbox", checked: letters(), onchange: () => letters(turn.checked) });
  const now = make("button", { type: "button" }, "Blank the wall now");
  const { opener, panel } = opening("Keys", { className: "panel keys", ariaLabel: "Keys of presenter view" },
    make("dl", {}, ...KEYS.flatMap(([key, does]) => [make("dt", {}, key), make("dd", {}, does)])),
    make("label", {}, turn, "b and the full stop are keys, as clickers send them"), now);
  now.onclick = () => {
    panel.hidePopover();
    opener.focus();
    blank();
  };
  return [opener, panel];
}

function buildBar(bar, titles, blank) {
  const parts = {
    where: make("div", { className: "where" }),
    dots: make("div", { className: "dots" }, ...titles.map((title, i) =>
      make("button", { type: "button", title, ariaLabel: `step ${i + 1}: ${title}`, onclick: () => bar.go(i + 1) }))),
    told: make("span", {}),
    live: make("span", { className: "live", role: "status" }),
  };
  bar.replaceChildren(parts.where, parts.dots, make("div", { className: "next" }, parts.told, ...keysPanel(blank)), parts.live, bar.wall);
  return parts;
}

function steps({ data, parentElement, setStateValue }) {
  const bar = parentElement.querySelector(".bar");
  const count = data.titles.length;
  const names = JSON.stringify([data.lesson, data.titles]);
  bar.forget?.();
  bar.hidden = !data.presenting;
  const elsewhere = bar.lesson !== data.lesson;
  if (elsewhere) bar.at = data.at;
  bar.lesson = data.lesson;
  bar.at = Math.min(Math.max(bar.at, 1), count);
  const left = bar.presenting && !data.presenting;
  bar.presenting = data.presenting;
  if (!data.presenting) {
    document.getElementById(ID)?.remove();
    if ((elsewhere || left) && bar.at > 1) scrollTo(bar.at);
    return;
  }

  const sheet = document.getElementById(ID) ?? document.head.appendChild(make("style", { id: ID, media: "screen" }));
  bar.wall ??= blankWall(() => { bar.parts.live.textContent = "The page is back."; });
  const blank = () => bar.wall.open || bar.wall.showModal();
  if (bar.names !== names) bar.parts = buildBar(bar, data.titles, blank);
  bar.names = names;

  function show() {
    const { where, dots, told } = bar.parts;
    sheet.textContent = rules(bar.at, count);
    where.textContent = `${data.lesson}: ${data.titles[bar.at - 1]}`;
    [...dots.children].forEach((dot, i) => {
      dot.className = i + 1 < bar.at ? "past" : i + 1 === bar.at ? "now" : "";
      i + 1 === bar.at ? dot.setAttribute("aria-current", "step") : dot.removeAttribute("aria-current");
    });
    const next = bar.at === 1 ? "Page Down for the next, F9 for a blank wall" : bar.at < count ? "Page Down for the next" : "Page Up goes back";
    told.textContent = `step ${bar.at} of ${count}, ${next}`;
  }

  bar.go = (next) => {
    if (next < 1 || next > count || next === bar.at) return;
    bar.at = next;
    show();
    bar.parts.live.textContent = `Step ${next} of ${count}: ${data.titles[next - 1]}`;
    const main = document.querySelector(MAIN);
    const focused = document.activeElement;
    if (main.contains(focused) && !focused.checkVisibility()) main.focus({ preventScroll: true });
    main.scrollTo(0, 0);
    dispatchEvent(new Event("resize"));
    setStateValue("at", next);
  };

  const keys = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || bar.wall.open) return;
    if (event.composedPath()[0].closest?.(FIELDS)) return;
    const step = { PageDown: bar.at + 1, PageUp: bar.at - 1, Home: 1, End: count }[event.key];
    const darken = event.key === "F9" || (letters() && [".", "b", "B"].includes(event.key));
    if (!step && !darken) return;
    event.preventDefault();
    darken ? blank() : bar.go(step);
  };
  addEventListener("keydown", keys);
  bar.forget = () => removeEventListener("keydown", keys);
  show();
  return () => {
    bar.forget();
    sheet.remove();
  };
}
