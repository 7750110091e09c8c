// What the parts of the frame are built from.

// An element with its properties and what it holds.
const make = (name, properties, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

// A button, and the panel that opens from it and gives the focus back when it closes.
function opening(text, properties, ...children) {
  const panel = make("div", { popover: "auto", role: "group", ...properties }, ...children);
  const opener = make("button", { type: "button", popoverTargetElement: panel }, text);
  panel.addEventListener("beforetoggle", ({ newState }) => {
    if (newState === "closed" && panel.contains(panel.getRootNode().activeElement)) setTimeout(() => opener.focus());
  });
  return { opener, panel };
}

