// Streamlit adds an entry to the browser's history whenever the address changes, so that Back would
// undo the last move of a handle. Here an entry stands for a page, a term of the glossary or a lab:
// what else changes within a page replaces its entry, and Back leaves the page.
if (!history.pushState.quiet) {
  const push = history.pushState.bind(history);
  const place = ({ pathname, searchParams }) => `${pathname} ${searchParams.get("term")} ${searchParams.get("lab")}`;
  history.pushState = (state, title, url) => {
    const stays = url && place(new URL(url, location.href)) === place(new URL(location.href));
    stays ? history.replaceState(state, title, url) : push(state, title, url);
  };
  history.pushState.quiet = true;
}
