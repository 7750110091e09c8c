// A term in running text shows its sentence: under the pointer, at keyboard focus, at the first tap
// (the second follows the link). Escape puts it away. The sentence comes as the link's title.
const TERM = 'a[href*="glossary?term="]';
const EDGE = 12;

function cards() {
  const card = document.createElement("div");
  card.className = "term-card";
  card.ariaHidden = "true"; // the link itself has the sentence as its description
  document.body.append(card);
  let shown = null;
  let leaving;

  const termOf = (event) => event.composedPath().find((node) => node.matches?.(TERM));

  function show(link) {
    clearTimeout(leaving);
    if (link.title) {
      link.setAttribute("aria-description", link.title);
      link.removeAttribute("title");
    }
    shown = link;
    card.textContent = link.getAttribute("aria-description");
    card.classList.add("shown");
    const line = link.getClientRects()[0];
    const { width, height } = card.getBoundingClientRect();
    const below = line.bottom + 6;
    card.style.left = `${Math.max(EDGE, Math.min(line.left, innerWidth - width - EDGE))}px`;
    card.style.top = `${below + height < innerHeight ? below : line.top - height - 6}px`;
  }

  function hide() {
    clearTimeout(leaving);
    shown = null;
    card.classList.remove("shown");
  }

  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 150);
  }

  const mouse = (act) => (event) => {
    const link = termOf(event);
    if (link && event.pointerType === "mouse") act(link);
  };
  document.addEventListener("pointerover", mouse(show));
  document.addEventListener("pointerout", mouse(leave));
  card.onpointerenter = () => clearTimeout(leaving);
  card.onpointerleave = leave;
  document.addEventListener("focusin", (event) => {
    const link = termOf(event);
    if (link?.matches(":focus-visible")) show(link);
    else if (shown) hide();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", () => shown && show(shown), true);
  document.addEventListener("click", (event) => {
    const link = termOf(event);
    const first = link && event.pointerType === "touch" && link !== shown;
    if (first) {
      event.preventDefault();
      show(link);
    } else if (shown) hide();
  }, true);
}

export default function () {
  if (!globalThis.labCards) cards();
  globalThis.labCards = true;
}
