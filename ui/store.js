// The learner's record in localStorage. A session without a record is offered the saved one;
// a copy that the session refused is put aside under another name before it is overwritten.
const KEY = "multilevel-lab";

export default function ({ data, setStateValue }) {
  try {
    const saved = localStorage.getItem(KEY);
    if (data.record !== null) {
      const text = JSON.stringify(data.record);
      if (data.refused && saved !== null && text !== saved) localStorage.setItem(KEY + ".aside", saved);
      if (text !== saved) localStorage.setItem(KEY, text);
    } else if (saved !== null) {
      setStateValue("saved", saved);
    }
  } catch {
    // Storage is forbidden (private window, policy): the session still works.
  }
}
