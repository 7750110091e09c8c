// The page on paper. Its style sheet sleeps until one prints; just before, it is woken on screen for
// a moment, so that pictures draw themselves as wide as the sheet of paper.
const CSS = STYLE;
const ID = "lab-paper";

const quoted = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;
const box = (place, content) => `@${place}{content:${content};font:400 8pt "Source Sans",sans-serif;color:#5c5a56}`;

// The link to what is printed: not to one step of it on a wall.
function link() {
  const address = new URL(location);
  for (const name of ["view", "step"]) address.searchParams.delete(name);
  return decodeURI(address.href);
}

// What stands in the margins: the course and the lesson, the link, the number of the page.
const margins = ({ title, lesson }) =>
  `@page{${box("top-left", quoted(title))}${box("bottom-left", quoted(link()))}${box("bottom-right", 'counter(page) " of " counter(pages)')}}` +
  (lesson ? `@page :first{${box("top-right", quoted(`Name ${"_".repeat(30)}`))}}` : "");

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const sheet = document.getElementById(ID) ?? document.head.appendChild(Object.assign(document.createElement("style"), { id: ID, media: "print" }));
  const write = () => (sheet.textContent = CSS + margins(data));
  let scrolled = 0;

  function before() {
    const main = document.querySelector(".stMain");
    const others = document.querySelectorAll("style[media=screen]");
    scrolled = main.scrollTop;
    write();
    for (const other of others) other.disabled = true;
    sheet.media = "all";
    dispatchEvent(new Event("lab-paper"));
    sheet.media = "print";
    for (const other of others) other.disabled = false;
  }

  function after() {
    dispatchEvent(new Event("lab-paper"));
    document.querySelector(".stMain").scrollTop = scrolled;
  }

  button.forget?.();
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  button.onclick = () => print();
  button.forget = () => {
    removeEventListener("beforeprint", before);
    removeEventListener("afterprint", after);
  };
  write();
  return () => {
    button.forget();
    sheet.remove();
  };
}
