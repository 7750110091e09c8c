// Templates from Python filled with the numbers of now, and their markup as nodes of a page or picture:
// **bold**, [between|in a meaning's colour], and symbols such as σ_u, û_j, σ_e².

const FORMATS = {
  ...Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((digits) => [digits, (value) => fixed(value, digits)])),
  share: (value) => ratio(value, 2),
  ...Object.fromEntries([3, 4, 5, 6].map((digits) => [`share${digits}`, (value) => ratio(value, digits)])),
  percent, percent1: (value) => `${fixed(100 * value, 1)} %`,
  signed: (value) => signed(value), signed1: (value) => signed(value, 1), signed2: (value) => signed(value, 2),
  count: (value) => Math.round(value).toLocaleString("en-GB"),
  words: (value) => inWords(Math.round(value)),
  ordinal: (value) => ordinal(Math.round(value)),
  nth: (value) => nth(Math.round(value)),
};

const ratio = (value, digits) => (Math.abs(value) < 1 && Number(Math.abs(value).toFixed(digits)) < 1 ? share(value, digits) : fixed(value, digits));
const ORDINALS = ["zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
const ordinal = (n) => ORDINALS[n] ?? nth(n);
function nth(n) {
  const teen = n % 100 >= 10 && n % 100 <= 20;
  return `${n}${teen ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th")}`;
}

function filled(parts, get) {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      if (part.of) return filled(part.of[Math.min(part.of.length - 1, Math.max(0, Math.round(get(part.pick))))], get);
      return FORMATS[part.format](get(part.value));
    })
    .join("");
}

// The nodes of the program that a text reads.
function readBy(parts) {
  return parts.flatMap((part) => (typeof part === "string" ? [] : part.of ? [part.pick, ...part.of.flatMap(readBy)] : [part.value]));
}

const MARKUP = /\*\*(.+?)\*\*|\[(\w+)\|(.+?)\]|([\p{L}]\p{M}?)_([\p{L}\d]+)(²)?/u;
const plain = (text) => {
  let before;
  do [before, text] = [text, text.replace(/\*\*(.+?)\*\*|\[\w+\|(.+?)\]/gu, (_, bold, hued) => bold ?? hued)];
  while (before !== text);
  return text.replaceAll("_", "");
};

function marked(text, bold, hued, symbol) {
  const found = MARKUP.exec(text);
  if (!found) return text ? [text] : [];
  const inner = (words) => marked(words, bold, hued, symbol);
  const [whole, strong, role, words, letter, index, square] = found;
  const node = strong !== undefined ? bold(inner(strong)) : role !== undefined ? hued(role, inner(words)) : symbol(letter, index, square);
  return [text.slice(0, found.index), ...[node].flat(), ...inner(text.slice(found.index + whole.length))].filter((part) => part !== "");
}

// "û" is u with a hat: the accent is drawn, since the mathematical fonts have no such letters.
function accented(letter) {
  const [base, accent] = letter.normalize("NFD");
  return [base, { "\u0302": "hat", "\u0304": "bar" }[accent]];
}

const words = (text) =>
  marked(
    text,
    (inner) => html("strong", {}, ...inner),
    (role, inner) => html("span", { class: "hued", style: `--hue:var(--${role})` }, ...inner),
    (letter, index, square) => {
      const [base, accent] = accented(letter);
      return html("span", { class: "math" }, html("i", { class: accent }, base),
        square ? html("span", { class: "both" }, html("sup", {}, "2"), html("sub", {}, index)) : html("sub", {}, index));
    },
  );

const spans = (text) =>
  marked(
    text,
    (inner) => svg("tspan", { class: "strong" }, ...inner),
    (role, inner) => svg("tspan", { class: "hued", style: `--hue:var(--${role})` }, ...inner),
    (letter, index, square) => [
      svg("tspan", { class: "symbol" }, letter), svg("tspan", { dy: 4, "font-size": "70%" }, index),
      ...(square ? [svg("tspan", { dy: -10, dx: -5, "font-size": "70%" }, "2"), svg("tspan", { dy: 6 }, "\u200b")] : [svg("tspan", { dy: -4 }, "\u200b")]),
    ],
  );

// An equation: texts, fractions, matrices.
function pieces(list, get) {
  return list.map((piece) => {
    if (piece.matrix) {
      const cells = piece.matrix.flat().map((cell) => html("span", {}, ...pieces([cell], get)));
      return html("span", { class: "matrix", style: `grid-template-columns:repeat(${piece.matrix[0].length}, auto)` }, ...cells);
    }
    if (piece.above) return html("span", { class: "frac" }, html("span", {}, ...pieces(piece.above, get)), html("span", {}, ...pieces(piece.below, get)));
    return html("span", {}, ...words(filled(piece, get)));
  });
}
function readByPieces(list) {
  return list.flatMap((piece) => (piece.matrix ? readByPieces(piece.matrix.flat()) : piece.above ? readByPieces([...piece.above, ...piece.below]) : readBy(piece)));
}
