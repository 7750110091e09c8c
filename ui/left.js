// Keeps the first screen of a page that is at rest, as text, for the next visit: deploy/left.js
// shows it before the live page is there. What lies further down is not kept, nor what is private.
const QUIET = 400; // milliseconds without a change
const LATER = 2000; // the same once a page was kept: whoever works on it must not wait for this
const LEFT_OUT = "script, style, link, noscript, template, iframe, [data-testid=stStatusWidget]";
const EMPTY = new Set(["br", "hr", "img", "input", "wbr"]);
// A step is scrolled to, a wall begins at its own step, and hidden answers are hidden again.
const ELSEWHERE = ["view", "answers", "step"];
const PSEUDO = /::[\w-]+(\([^)]*\))?|:(before|after)\b/g;
const DOCUMENT = /(^|[\s,>+~(])(?:html|body|:root)(?![\w-])/g;

const left = { may: false, held: false, outdated: false };
const plain = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const sheetText = (sheets) => [...sheets].flatMap(({ cssRules }) => [...cssRules]).map(({ cssText }) => cssText).join("\n");

// The rules of the document that something on the page follows, as they stand in a shadow root.
function rulesOf(rules) {
  const follows = (selector) => {
    try {
      return document.querySelector(selector.replace(PSEUDO, "") || "*") !== null;
    } catch {
      return true; // a pseudo-element that stood alone
    }
  };
  return [...rules].map((rule) => {
    if (rule instanceof CSSStyleRule) {
      if (!follows(rule.selectorText)) return "";
      return rule.selectorText.replace(DOCUMENT, "$1:host") + rule.cssText.slice(rule.selectorText.length);
    }
    if (rule instanceof CSSMediaRule) return matchMedia(rule.conditionText).matches ? rulesOf(rule.cssRules) : "";
    if (!rule.cssRules || rule instanceof CSSKeyframesRule) return "";
    return `${rule.cssText.slice(0, rule.cssText.indexOf("{"))}{${rulesOf(rule.cssRules)}}`;
  }).join("\n");
}

function styles() {
  const sheets = [...document.styleSheets].filter(({ disabled, media }) => !disabled && matchMedia(media.mediaText || "all").matches);
  return `${sheets.map(({ cssRules }) => rulesOf(cssRules)).join("\n")}
    *, ::before, ::after { animation: none !important; transition: none !important; }
    :host { color-scheme: ${getComputedStyle(document.querySelector(".stApp")).colorScheme}; }
    .left-word { position: fixed; right: 0; bottom: 0; margin: 0; padding: 0.35rem 0.9rem 0.5rem; border-top-left-radius: 0.375rem; font: 400 0.9375rem/1.4 "Source Sans", sans-serif; color: var(--muted); background: var(--paper); }
    @media print { :host { display: none; } }`;
}

// A canvas is left as what is painted on it, a field with what stands in it.
function attributes(node, style) {
  const given = new Map([...node.attributes].map(({ name, value }) => [name, value]));
  if (style) given.set("style", `${given.get("style") ?? ""};${style}`);
  if (node.localName === "input") {
    given.set("value", node.value);
    node.checked ? given.set("checked", "") : given.delete("checked");
  }
  return [...given].filter(([name]) => !name.startsWith("on")).map(([name, value]) => ` ${name}="${plain(value)}"`).join("");
}

const painted = (canvas) => `background:url(${canvas.toDataURL()}) 0 0/100% 100% no-repeat`;
const below = (node) => node.nodeType === Node.ELEMENT_NODE && node.getBoundingClientRect().top >= innerHeight;

const shadow = (root) => [
  `<template shadowrootmode="open"><style>${sheetText(root.adoptedStyleSheets)}</style>`,
  ...[...root.childNodes].map((child) => written(child)),
  "</template>",
];

// `whole` is within a picture or an equation, of which nothing is cut off. What is cut keeps its height.
function written(node, whole = false) {
  if (node.nodeType === Node.TEXT_NODE) return plain(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.localName === "style" && node.getRootNode() !== document) return `<style>${sheetText([node.sheet])}</style>`;
  if (node.matches(LEFT_OUT) || (!whole && getComputedStyle(node).display === "none")) return "";
  const root = node.shadowRoot;
  const within = whole || node.matches("svg, .katex");
  const children = [...node.childNodes];
  const kept = within ? children : children.filter((child) => !below(child));
  const style = node.localName === "canvas" ? painted(node)
    : kept.length < children.length ? `min-height:${node.getBoundingClientRect().height}px` : "";
  const inner = [
    ...(root ? shadow(root) : []),
    ...(node.localName === "textarea" ? [plain(node.value)] : kept.map((child) => written(child, within))),
  ].join("");
  const start = `<${node.localName}${attributes(node, style)}>`;
  return EMPTY.has(node.localName) ? start : `${start}${inner}</${node.localName}>`;
}

// At rest, at its top, in front of everything, with the menu as a new visit has it.
function rests() {
  const app = document.querySelector("[data-testid=stApp]").dataset;
  const query = new URLSearchParams(location.search);
  const menu = document.querySelector("[data-testid=stSidebar]");
  return app.testScriptState === "notRunning" && app.testConnectionState === "CONNECTED"
    && left.may && !left.held && !left.outdated && !document.getElementById("left")
    && document.querySelector("[data-testid=stMain]").scrollTop === 0
    && !ELSEWHERE.some((name) => query.has(name))
    && (menu?.dataset.collapsed === "false") === innerWidth > 768
    && !document.querySelector("#root .stAlert, [role=dialog], :popover-open");
}

function keepPage() {
  if (!rests()) return;
  globalThis.multilevelLeft.keep({
    screen: globalThis.multilevelLeft.firstScreen(), styles: styles(), markup: written(document.getElementById("root")),
  });
  left.kept = location.pathname;
}

function soon() {
  clearTimeout(left.timer);
  const rest = left.kept === location.pathname ? LATER : QUIET;
  left.timer = setTimeout(() => (globalThis.requestIdleCallback ?? setTimeout)(keepPage), rest);
}

// Without the document's script, as with `streamlit run app.py`, nothing is kept. Once another tab
// has changed the record, what this one shows is not what it says.
function leave(may) {
  left.may = may;
  if (!globalThis.multilevelLeft) return;
  soon();
  if (left.watch) return;
  left.watch = new MutationObserver(soon);
  left.watch.observe(document.getElementById("root"), { subtree: true, childList: true, attributes: true, characterData: true });
  addEventListener("pointerdown", () => { left.held = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { left.held = false; soon(); }, true);
  addEventListener("storage", ({ key }) => { left.outdated ||= key === "multilevel-lab" || key === null; });
}
