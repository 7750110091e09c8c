// Mounts one picture of the library, and keeps it across reruns of the page.
export default function (component) {
  const lab = (globalThis.multilevelLab ??= Promise.withResolvers
    ? Promise.withResolvers()
    : (() => { const d = {}; d.promise = new Promise((resolve) => (d.resolve = resolve)); return d; })());
  const root = component.parentElement.querySelector(".stage");
  root.latest = component;
  lab.promise.then((pictures) => {
    if (root.latest !== component) return;
    const shadow = root.getRootNode();
    if (!shadow.adoptedStyleSheets.includes(pictures.sheet)) shadow.adoptedStyleSheets.push(pictures.sheet);
    root.picture ??= pictures.PICTURE(root);
    root.picture.update(component.data, component);
  });
  return () => { if (!root.isConnected) root.picture?.remove?.(); };
}
