// Mounts one part of the frame as soon as the script of all parts is there.
const frame = (globalThis.multilevelFrame ??= (() => {
  const later = {};
  later.promise = new Promise((resolve) => (later.resolve = resolve));
  return later;
})());

export default function (component) {
  let end;
  const root = component.parentElement.firstElementChild;
  root.latest = component;
  frame.promise.then((parts) => {
    if (root.latest === component) end = parts.PART(component);
  });
  return () => end?.();
}
