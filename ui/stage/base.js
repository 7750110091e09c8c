// What all pictures share: elements, numbers as text, handles that drag and take keys.
// Pictures are laid out in units of 1/16 rem, so that presenter view scales them whole.

const SVG = "http://www.w3.org/2000/svg";

function grow(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) node[name] = value;
    else if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const svg = (name, attributes, ...children) => grow(document.createElementNS(SVG, name), attributes, children);
const html = (name, attributes, ...children) => grow(document.createElement(name), attributes, children);

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const linear = (from, to) => (value) => to[0] + ((value - from[0]) / (from[1] - from[0])) * (to[1] - to[0]);

// Along an axis, and back: `scale(value)` is a place, `scale.invert(place)` the value there.
function ruled({ domain, log }, to) {
  const [into, out] = log ? [Math.log, Math.exp] : [(value) => value, (value) => value];
  const ends = domain.map(into);
  const back = linear(to, ends);
  const there = linear(ends, to);
  return Object.assign((value) => there(into(value)), { invert: (place) => out(back(place)) });
}

// Numbers as a reader writes them: a true minus sign, no "−0.00", proportions without the zero.
function fixed(value, digits = 2) {
  if (value === Infinity) return "∞";
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}
const share = (value, digits = 2) => fixed(value, digits).replace(/^(−?)0\./, "$1.");
const percent = (value) => `${fixed(100 * value, 0)} %`;
const signed = (value, digits = 0) => (value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits));

const SMALL = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const TENS = ["", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const inWords = (n) => SMALL[n] ?? (n < 100 && n % 10 === 0 ? TENS[n / 10] : String(n));
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// A plain label with a halo of the paper's colour, so that it stays readable on lines.
const label = (text, attributes) => {
  const node = svg("text", { ...attributes, class: `label ${attributes.class ?? ""}` });
  node.append(...(Array.isArray(text) ? text : [text]));
  return node;
};
const sub = (text) => svg("tspan", { class: "sub", dy: "4", "font-size": "72%" }, text);
const back = (text) => svg("tspan", { dy: "-4" }, text);

// A handle moves by pointer and by keys; `move` follows every step, `done` comes once at the end.
function draggable(node, { value, place, range, step, page, move, done, end }) {
  let held = false;
  let settle;
  const within = (next) => Math.min(Math.max(next, range()[0]), range()[1]);
  const snap = (next) => (next === Infinity ? next : Math.round(next / step) * step);
  node.onpointerdown = (event) => {
    held = true;
    node.setPointerCapture(event.pointerId);
    node.focus();
    event.preventDefault();
  };
  node.onpointermove = (event) => {
    if (held) move(snap(place(event)));
  };
  node.onpointerup = node.onpointercancel = () => {
    if (held) done();
    held = false;
  };
  node.onkeydown = (event) => {
    const now = value();
    const from = now === Infinity ? range()[1] : now;
    const next = {
      ArrowRight: now === Infinity ? now : from + step, ArrowUp: now === Infinity ? now : from + step,
      ArrowLeft: now === Infinity ? from : from - step, ArrowDown: now === Infinity ? from : from - step,
      PageUp: from + page, PageDown: from - page, Home: range()[0], End: end ?? range()[1],
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const past = end === Infinity && (next > range()[1] + step / 2 || next === Infinity);
    move(past ? Infinity : snap(within(next)));
    clearTimeout(settle);
    settle = setTimeout(done, 350);
  };
  return node;
}

const pointer = (event, surface, width) => {
  const box = surface.getBoundingClientRect();
  return ((event.clientX - box.left) / box.width) * width;
};

// A zigzag of constant coils between two points; too short for coils, it is a line.
function spring(x0, x1, y, coils, height = 5) {
  const length = x1 - x0;
  if (Math.abs(length) < 3 * coils) return `M${x0} ${y}H${x1}`;
  const lead = Math.sign(length) * Math.min(4, Math.abs(length) / 8);
  const pitch = (length - 2 * lead) / (2 * coils);
  let path = `M${x0} ${y}h${lead}`;
  for (let i = 0; i < 2 * coils; i++) {
    const from = i === 0 ? 0 : i % 2 ? -height : height;
    const to = i === 2 * coils - 1 ? 0 : i % 2 ? height : -height;
    path += `l${pitch} ${to - from}`;
  }
  return `${path}H${x1}`;
}

const diamond = (x, y, r) => `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`;
const triangle = (x, y, r) => `M${x} ${y - r}L${x + 1.08 * r} ${y + 0.82 * r}H${x - 1.08 * r}Z`;

// Redraws a picture when its width or the size of a rem changes or it comes back from being hidden,
// at most once a frame; and at once when the page is measured for paper.
function onResize(root, draw) {
  let width = 0;
  let size = 0;
  const observer = new ResizeObserver(() => {
    const next = root.clientWidth;
    if (next === width && rem() === size) return;
    [width, size] = [next, rem()];
    if (next) requestAnimationFrame(draw);
  });
  observer.observe(root);
  addEventListener("lab-paper", draw);
  return () => {
    observer.disconnect();
    removeEventListener("lab-paper", draw);
  };
}

// Runs `paint(t)` from 0 to 1 in 300 ms; at once where motion is unwelcome.
function tween(paint, ended = () => {}) {
  if (still()) {
    paint(1);
    ended();
    return () => {};
  }
  const start = performance.now();
  let frame = requestAnimationFrame(function step(now) {
    const t = Math.min(1, Math.max(0, (now - start) / 300));
    paint(1 - (1 - t) ** 3);
    if (t < 1) frame = requestAnimationFrame(step);
    else ended();
  });
  return () => cancelAnimationFrame(frame);
}
