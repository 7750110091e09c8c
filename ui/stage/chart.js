// A settled chart: Plotly draws on one node for as long as the page shows it, so that a zoom and
// hidden legend entries outlast a change of the data. Plotly arrives with a visit's first chart.
const LOST = "The picture did not arrive. Its numbers are in the table; reload the page to try again.";

// The rules that Plotly puts into the document, for a shadow root.
function plotlySheet() {
  const sheet = new CSSStyleSheet();
  const { cssRules } = document.getElementById("plotly.js-style-global").sheet;
  sheet.replaceSync([...cssRules].map((rule) => rule.cssText).join(""));
  return sheet;
}

const scheme = (node) => (getComputedStyle(node).colorScheme.includes("dark") ? "dark" : "light");

// Calls `changed` when the page turns from light to dark or back.
function onScheme(node, changed) {
  let known = scheme(node);
  const observer = new MutationObserver(() => {
    if (scheme(node) === known) return;
    known = scheme(node);
    changed();
  });
  observer.observe(document.querySelector(".stApp"), { attributeFilter: ["class"] });
  return () => observer.disconnect();
}

function chart(root) {
  const plot = html("div", { style: "transform-origin: 0 0" });
  let component;
  let figure;
  root.setAttribute("role", "img");
  root.append(plot);

  function report({ points: [{ curveNumber, pointNumber, x, y, text }] }) {
    if (component.data.clicks) component.setTriggerValue("click", { trace: curveNumber, index: pointNumber, x, y, text });
  }

  // Plotly writes into what it is given, so each drawing reads the figure afresh, in the colours
  // of the page. It is laid out in units of 1/16 rem and scaled as a whole.
  function draw(duration) {
    if (!root.clientWidth) return;
    if (!globalThis.Plotly) {
      import(new URL(PLOTLY, document.baseURI)).then(() => draw(0), () => (plot.textContent = LOST));
      return;
    }
    const first = !plot.data;
    if (first) root.getRootNode().adoptedStyleSheets.push(plotlySheet());
    const width = root.clientWidth / rem();
    Object.assign(plot.style, { width: `${width}px`, transform: `scale(${rem()})` });
    const colours = SCHEMES[scheme(root)];
    const { data, layout } = JSON.parse(figure, (_, value) => colours[value] ?? value);
    const drag = matchMedia("(pointer: coarse)").matches ? { dragmode: false } : {};
    const transition = { duration: still() ? 0 : duration, easing: "cubic-in-out" };
    const paper = { paper_bgcolor: "transparent", plot_bgcolor: "transparent" };
    Plotly.react(plot, data, { uirevision: true, ...paper, ...drag, ...layout, width, transition }, { displayModeBar: false });
    if (first) plot.on("plotly_click", report);
  }

  const stops = [onResize(root, () => draw(0)), onScheme(root, () => draw(0))];

  return {
    update(data, latest) {
      component = latest;
      root.setAttribute("aria-label", data.alt);
      if (data.figure === figure) return;
      figure = data.figure;
      root.style.height = `${JSON.parse(figure).layout.height / 16}rem`;
      if (plot.data) draw(300);
    },
    remove() {
      for (const stop of stops) stop();
      globalThis.Plotly?.purge(plot);
    },
  };
}
