// The learner's record in localStorage. A session without a record is offered the saved one;
// a damaged copy is put aside under another name before it can be overwritten.
const KEY = "multilevel-lab";

export default function ({ data, setStateValue }) {
  try {
    const saved = localStorage.getItem(KEY);
    if (data.record !== null) {
      const text = JSON.stringify(data.record);
      if (text !== saved) localStorage.setItem(KEY, text);
    } else if (saved !== null) {
      try {
        const record = JSON.parse(saved);
        if (record?.version !== 1) localStorage.setItem(KEY + ".aside", saved);
        setStateValue("saved", record);
      } catch {
        localStorage.setItem(KEY + ".aside", saved);
        setStateValue("saved", saved);
      }
    }
  } catch {
    // Storage is forbidden (private window, policy): the session still works.
  }
}
