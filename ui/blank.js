// The blank wall: a dialog that covers the page until a key is pressed. The browser keeps the rest
// of the page from being read or used meanwhile, and gives the focus back where it was.
function blankWall(ended) {
  const bringBack = (event) => {
    if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) wall.close();
  };
  const wall = make("dialog", {
    className: "blank",
    ariaLabel: "The wall is blank. Any key brings the page back.",
    onkeydown: bringBack,
    onclick: bringBack,
    onclose: ended,
  }, make("p", {}, "Any key brings the page back"));
  return wall;
}

