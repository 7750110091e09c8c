// The line above the title: where one is, and the switches for presenter view and darkness.
// Streamlit keeps the chosen theme by path, so the choice is written for every page at once.
const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;


function button(text, act) {
  const node = document.createElement("button");
  node.type = "button";
  node.textContent = text;
  node.onclick = act;
  return node;
}

function link(text, path, act) {
  const node = document.createElement("a");
  node.textContent = text;
  node.href = path;
  node.onclick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    act();
  };
  return node;
}

function header({ data, parentElement, setTriggerValue }) {
  const nav = parentElement.querySelector("nav");
  const scheme = getComputedStyle(document.querySelector(".stApp") ?? document.body).colorScheme;
  const dark = scheme ? scheme.includes("dark") : isDark();
  const trail = document.createElement("div");
  trail.className = "trail";
  trail.replaceChildren(...data.trail.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
  nav.data = data;
  nav.link ??= pictureLink(nav);
  leave(data.kept);
  nav.setAttribute("aria-label", "Where you are, and how the page is shown");
  nav.replaceChildren(
    ...(data.presenting ? [] : [trail]),
    ...(location.pathname.endsWith("/glossary") ? [] : [link("Glossary", "glossary", () => setTriggerValue("glossary", true))]),
    button(data.presenting ? "Leave presenter view" : "Presenter view", () => setTriggerValue("present", true)),
    ...nav.link,
    button(dark ? "Light" : "Dark", () => {
      for (const path of new Set([location.pathname, ...data.paths]))
        localStorage.setItem(`stActiveTheme-${path}-v2`, JSON.stringify(dark ? "Light" : "Dark"));
      location.reload();
    }),
  );
}
