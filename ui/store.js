// The learner's record in localStorage. A session without a record is offered the saved one;
// a copy that the session refused is put aside under another name before it is overwritten.
const KEY = "multilevel-lab";

// A cookie tells the server that a record is here, so that it waits for it and draws the page once.
const announced = () => document.cookie.split("; ").includes(`${KEY}=kept`);
function announce(kept) {
  document.cookie = `${KEY}=kept; path=/; max-age=${kept ? 31536000 : 0}; SameSite=Lax`;
}

// After a lost connection another process may answer, which knows nothing of this page. It is made
// to run at once, and so to ask for the record, before the learner acts upon an empty one.
const CONNECTION = "data-test-connection-state";
let watch;

function onReturn(act) {
  const app = document.querySelector("[data-testid=stApp]");
  let before = app.getAttribute(CONNECTION);
  watch?.disconnect();
  watch = new MutationObserver(() => {
    const now = app.getAttribute(CONNECTION);
    if (now !== before && now === "CONNECTED") act();
    before = now;
  });
  watch.observe(app, { attributeFilter: [CONNECTION] });
}

export default function ({ data, setTriggerValue }) {
  onReturn(() => setTriggerValue("returned", true));
  try {
    const saved = localStorage.getItem(KEY);
    if (data.record !== null) {
      const text = JSON.stringify(data.record);
      if (text !== saved) globalThis.multilevelLeft?.drop(); // kept pages are no longer true, and take room
      if (data.refused && saved !== null && text !== saved) localStorage.setItem(KEY + ".aside", saved);
      if (text !== saved) localStorage.setItem(KEY, text);
    } else if (!data.known && saved !== null) {
      setTriggerValue("saved", saved);
    } else if (!data.known && announced()) {
      setTriggerValue("returned", true); // it waits in vain
    }
    announce(localStorage.getItem(KEY) !== null);
  } catch {
    // Storage is forbidden (private window, policy): the session still works.
  }
}
