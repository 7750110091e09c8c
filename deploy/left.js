// The page as it was left, over the live one until that has come. Who was here before sees at once
// what this browser kept (ui/left.js), provided that nothing which the page depends on has changed.
// It is a picture to look at: nothing in it can be clicked or read aloud, and any doubt shows none.
globalThis.multilevelLeft = (() => {
  const RECORD = "multilevel-lab";
  const KEPT = `${RECORD}.left`;
  const FEW = 4;
  const LARGEST = 400_000; // characters
  const PAUSE = 50; // milliseconds
  const REST = 300;
  const SLOW = 1500;
  const LONGEST = 15000;
  const FAILED = "[role=dialog], #root :is(.stAlert, .stException), [data-test-connection-state=DISCONNECTED_FOREVER]";

  const name = (path) => `${KEPT}.${path}`;
  const order = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  const hash = (text) => [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.codePointAt(0)) | 0, 7);

  // All that decides how the first screen looks.
  const conditions = () => JSON.stringify([
    location.pathname + location.search,
    innerWidth, innerHeight, devicePixelRatio, getComputedStyle(document.documentElement).fontSize,
    localStorage.getItem(`stActiveTheme-${location.pathname}-v2`), matchMedia("(prefers-color-scheme: dark)").matches,
    hash(localStorage.getItem(RECORD) ?? ""),
    document.querySelector("script[src*='/index.']")?.getAttribute("src"),
  ]);

  function drop() {
    for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT)) localStorage.removeItem(key);
  }

  function keep(page) {
    const text = JSON.stringify({ ...page, conditions: conditions() });
    try {
      const [now, ...before] = [...new Set([location.pathname, ...order()])];
      for (const path of before.splice(FEW - 1)) localStorage.removeItem(name(path));
      localStorage.removeItem(name(now));
      localStorage.setItem(KEPT, JSON.stringify(text.length > LARGEST ? before : [now, ...before]));
      if (text.length <= LARGEST) localStorage.setItem(name(now), text);
    } catch {
      drop();
    }
  }

  // Where the elements of the first screen stand, and how many of them have a picture that is drawn.
  const inside = (node) => [node, ...node.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  function firstScreen() {
    const main = document.querySelector("#root [data-testid=stMain]");
    const begun = [...(main?.querySelectorAll(".stElementContainer") ?? [])]
      .map((node) => ({ node, box: node.getBoundingClientRect() }))
      .filter(({ box }) => box.height > 0 && box.top < innerHeight);
    return {
      title: main?.querySelector("h1")?.textContent,
      places: begun.flatMap(({ box }) => [box.left, box.top, box.right, Math.min(box.bottom, innerHeight)].map(Math.round)),
      drawn: begun.filter(({ node }) => inside(node).some((root) => root.querySelector(".stage :is(svg, canvas)"))).length,
    };
  }

  const alike = (now, then) => now.title === then.title && now.drawn >= then.drawn
    && now.places.length === then.places.length && now.places.every((place, i) => Math.abs(place - then.places[i]) <= 1);

  function show(page) {
    const { pathname } = location;
    const start = performance.now();
    const left = Object.assign(document.createElement("div"), { id: "left", ariaHidden: "true", inert: true });
    // a layer of its own: what lies under it need not be painted meanwhile
    left.style.cssText = "position:fixed;inset:0;z-index:2147483647;overflow:hidden;pointer-events:none;contain:strict;will-change:transform";
    const root = left.attachShadow({ mode: "closed" });
    root.setHTMLUnsafe(`<style>${page.styles}</style>${page.markup}`);
    const word = Object.assign(document.createElement("p"), { className: "left-word", hidden: true, textContent: "As you left it. Connecting…" });
    root.append(word);
    document.body.append(left);

    let last;
    let since = start;
    let looked = start;
    function arrived(now) {
      if (now - looked < PAUSE || !document.querySelector("#root h1")) return false;
      looked = now;
      const screen = firstScreen();
      const app = document.querySelector("[data-testid=stApp]")?.dataset;
      const state = JSON.stringify([screen, app?.testScriptState]);
      if (state !== last) since = now;
      last = state;
      const over = app?.testConnectionState === "CONNECTED" && app.testScriptState === "notRunning";
      return alike(screen, page.screen) || (over && now - since > REST);
    }
    const elsewhere = () => location.pathname !== pathname || document.querySelector("#root [data-testid=stMain]")?.scrollTop > 0;
    const failed = () => document.querySelector(FAILED);

    function look(now) {
      let over;
      try {
        over = now - start > LONGEST || elsewhere() || failed() || arrived(now);
      } catch {
        over = true; // what was kept is damaged
      }
      if (over) return left.remove();
      word.hidden = now - start < SLOW;
      requestAnimationFrame(look);
    }
    requestAnimationFrame((now) => {
      performance.mark("left");
      look(now);
    });
  }

  function begin() {
    try {
      const page = JSON.parse(localStorage.getItem(name(location.pathname)));
      if (page?.conditions === conditions() && document.body.setHTMLUnsafe) show(page);
    } catch {
      document.getElementById("left")?.remove(); // storage is forbidden, or what it holds is damaged
    }
  }

  return { begin, conditions, drop, firstScreen, keep };
})();
multilevelLeft.begin();
