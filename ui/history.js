// Streamlit adds an entry to the browser's history whenever the address changes, so that Back would
// undo the last move of a handle. Here an entry stands for a page, a term of the glossary or a lab:
// what else changes within a page replaces its entry, and Back leaves the page.
//
// A link to another page changes what follows the "?" before the page: what it asks for would stand
// in the entry of the page that is left. So that entry gets its own address back.
if (!history.pushState.quiet) {
  const push = history.pushState.bind(history);
  const place = ({ searchParams }) => `${searchParams.get("term")} ${searchParams.get("lab")}`;
  let left = null;
  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => typeof node.href === "string");
    const elsewhere = link && !event.ctrlKey && !event.metaKey && !event.shiftKey
      && new URL(link.href).pathname !== location.pathname;
    left = elsewhere ? location.href : null;
  }, true);
  history.pushState = (state, title, url) => {
    const here = new URL(location.href);
    const there = new URL(url ?? here, here);
    if (there.pathname !== here.pathname) {
      if (left) history.replaceState(history.state, "", left);
      left = null;
      push(state, title, url);
    } else if (left || place(here) === place(there)) history.replaceState(state, title, url);
    else push(state, title, url);
  };
  history.pushState.quiet = true;
}
