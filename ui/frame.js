
// Hands out what the frame is made of. This script never changes and is sent once; the header and
// the line of steps are mounted by a few lines that wait for it.
export default function () {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const dressed = (make) => (component) => {
    const { adoptedStyleSheets } = component.parentElement.getRootNode();
    if (!adoptedStyleSheets.includes(sheet)) adoptedStyleSheets.push(sheet);
    return make(component);
  };
  const parts = { header: dressed(header), steps: dressed(steps) };
  globalThis.multilevelFrame ??= { promise: Promise.resolve(parts) };
  globalThis.multilevelFrame.resolve?.(parts);
}
