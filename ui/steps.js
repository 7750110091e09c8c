// Presenter view, one step of the lesson a screen. A step is what stands between two markers
// (`.step-1`, `.step-2`, …) in the page; Page Up and Page Down go through them. Which step is shown
// is decided here, by a style sheet of three rules, and reported for the address bar.
const ID = "lab-step";
const ROW = "[data-testid=stMain] .stMainBlockContainer > .stVerticalBlock > ";
const KEPT = ":not(.st-key-header):not(.st-key-hidden):not(.st-key-steps_bar):not(:has(h1)):not(:has(.stAlert))";

function rules(at, count) {
  const before = `${ROW}*${KEPT}:has(~ .stElementContainer .step-${at})`;
  const after = `${ROW}.stElementContainer:has(.step-${at + 1}) ~ *${KEPT}`;
  return `${at > 1 ? `${before},` : ""}${at < count ? after : ROW + ".none"}{display:none!important}`;
}

export default function ({ data, parentElement, setStateValue }) {
  const bar = parentElement.querySelector(".bar");
  const count = data.titles.length;
  let at = Math.min(Math.max(bar.at ?? data.at, 1), count);
  const sheet = document.getElementById(ID) ?? document.head.appendChild(Object.assign(document.createElement("style"), { id: ID, media: "screen" }));

  function show() {
    bar.at = at;
    sheet.textContent = rules(at, count);
    const where = Object.assign(document.createElement("div"), { textContent: `${data.lesson}: ${data.titles[at - 1]}` });
    const dots = Object.assign(document.createElement("div"), { className: "dots" });
    dots.append(...data.titles.map((title, i) => {
      const dot = Object.assign(document.createElement("button"), { type: "button", title, onclick: () => go(i + 1) });
      dot.setAttribute("aria-label", `step ${i + 1}: ${title}`);
      if (i + 1 === at) dot.setAttribute("aria-current", "step");
      dot.className = i + 1 < at ? "past" : i + 1 === at ? "now" : "";
      return dot;
    }));
    const next = at < count ? "Page Down for the next" : "Page Up goes back";
    const told = Object.assign(document.createElement("div"), { className: "next", textContent: `step ${at} of ${count}, ${next}` });
    told.setAttribute("aria-live", "polite");
    bar.replaceChildren(where, dots, told);
  }

  function go(next) {
    if (next < 1 || next > count || next === at) return;
    at = next;
    show();
    document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
    dispatchEvent(new Event("resize"));
    setStateValue("at", at);
  }

  const keys = (event) => {
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (!step || event.defaultPrevented || event.target.closest?.("input, textarea, select")) return;
    event.preventDefault();
    go(at + step);
  };
  bar.forget?.();
  addEventListener("keydown", keys);
  bar.forget = () => removeEventListener("keydown", keys);
  show();
  return () => {
    bar.forget();
    sheet.remove();
  };
}
