// Runs in every page of the benches before the page's own scripts: what is on screen, and when.
// A picture is the element with the key `name`; what it shows are the words and lines in it.
globalThis.watch = (() => {
  const inside = (node) => [node, ...(node.shadowRoot ? [node.shadowRoot] : [])];

  function drawings(node, found = []) {
    for (const root of inside(node))
      for (const child of root.children ?? []) {
        if (child.localName === "svg") found.push(child);
        drawings(child, found);
      }
    return found;
  }

  function shown(name) {
    const root = document.querySelector(`.st-key-${name}`);
    const lines = (svg) => svg.querySelectorAll("path, line, circle, text").length;
    const large = root && drawings(root).filter((svg) => svg.clientWidth > 150 && lines(svg) > 5);
    return large ? large.map((svg) => svg.textContent).join("\n") : "";
  }

  // the time of the frame in which `ready` holds for the first time
  const until = (ready) => new Promise((resolve) => {
    const look = () => (ready() ? resolve(performance.now()) : requestAnimationFrame(look));
    requestAnimationFrame(look);
  });

  // when the page as it was left was painted: nothing else is, before the live one
  const left = () => performance.getEntriesByName("left").length
    ? performance.getEntriesByName("first-contentful-paint")[0].startTime : null;

  return {
    shown,
    left,
    painted: (name) => until(() => document.querySelector("h1") && shown(name)),
    // milliseconds from the next press of a key to another picture
    reaction(name) {
      const before = shown(name);
      let pressed;
      addEventListener("keydown", (event) => (pressed = event.timeStamp), { capture: true, once: true });
      globalThis.reacted = until(() => pressed && shown(name) && shown(name) !== before).then((now) => now - pressed);
    },
    // the times of all frames until `filmed`
    film() {
      const times = [];
      let running = true;
      const look = (now) => { times.push(now); if (running) requestAnimationFrame(look); };
      requestAnimationFrame(look);
      globalThis.filmed = () => { running = false; return times; };
    },
  };
})();
