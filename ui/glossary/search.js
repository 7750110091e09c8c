// Finds entries by words: case, accents and plurals do not count, the last word may be unfinished,
// and one slip of the pen in a word is forgiven.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const singular = (word) =>
  word.length < 4 || word.endsWith("ss") ? word : word.replace(/ies$/, "y").replace(/s$/, "");
const wordsOf = (text) => (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).map(singular);

// Whether one letter added, left out, changed or swapped with its neighbour makes `a` into `b`.
function oneSlip(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const rest = (from, to) => a.slice(i + from) === b.slice(i + to);
  const swapped = a[i] === b[i + 1] && a[i + 1] === b[i] && rest(2, 2);
  return rest(1, 1) || rest(1, 0) || rest(0, 1) || swapped;
}

// How well a word of the question fits a word of a text: 0 best, Infinity not at all.
function fit(asked, word) {
  if (asked === word) return 0;
  if (asked.length > 1 && word.startsWith(asked)) return 1;
  return asked.length > 3 && asked[0] === word[0] && oneSlip(asked, word) ? 3 : Infinity;
}

function grade(asked, text) {
  const words = wordsOf(text);
  const each = asked.map((word) => Math.min(Infinity, ...words.map((other) => fit(word, other))));
  return each.reduce((sum, one) => sum + one, 0) + 0.1 * Math.max(0, words.length - asked.length);
}

// `fields` of an entry, from the name to the running text, are [text, cost] pairs; the best counts.
function search(entries, question) {
  const asked = wordsOf(question);
  if (!asked.length) return [];
  return entries
    .map((entry) => {
      const whole = entry.fields.map(([text]) => text).join(" ");
      const graded = [...entry.fields, [whole, 60]].map(([text, cost]) => ({ text, cost, score: cost + grade(asked, text) }));
      return { entry, ...graded.reduce((best, one) => (one.score < best.score ? one : best)) };
    })
    .filter(({ score }) => score < Infinity)
    .sort((a, b) => a.score - b.score || a.entry.name.localeCompare(b.entry.name));
}
