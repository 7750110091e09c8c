// Tells the page which entry the address asks for: apart from the terms, which are sent once.
export default function ({ data }) {
  const page = (globalThis.labGlossary ??= {});
  page.open = data.open;
  page.turn?.(data.open);
}
