
// Hands the pictures and their one style sheet to whoever mounts them.
export default function () {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const pictures = { sheet, axis, ranks, dots, springs, panels, scene, chart, lens };
  globalThis.multilevelLab ??= { promise: Promise.resolve(pictures) };
  globalThis.multilevelLab.resolve?.(pictures);
}
