// Partial pooling in numbers and words: the closed form, evaluated here at every step of a drag,
//     weight = n / (n + sigma_e² / sigma_u²),   estimate = weight × distance,
// and what follows from it: the finding, a sentence, the equation, the table.

function weight(n, sigmaU, sigmaE) {
  if (sigmaU === Infinity) return 1;
  if (sigmaU === 0) return 0;
  return n / (n + (sigmaE * sigmaE) / (sigmaU * sigmaU));
}

// `state` holds the picture's data, where the handles are (`local`), and which group is in focus.
function poolingWords(state) {
  const size = (row) => state.local.n[row.id] ?? row.n;
  const lambda = (row) => weight(size(row), state.local.sigma_u, state.local.sigma_e);
  const target = (row) => lambda(row) * row.mean;
  const focused = () => (state.all ? state.data.all : state.data.rows).find((row) => row.id === state.focus) ?? state.data.rows[0];
  const called = (row) => `${state.data.noun.group} ${row.id}`;
  const counted = (n) => `${n} ${n === 1 ? state.data.noun.unit : state.data.noun.units}`;

  function finding() {
    const { group, groups, unit, units } = state.data.noun;
    if (state.local.sigma_u === 0) return `Complete pooling: every ${group} is given the mean of all ${groups}.`;
    if (state.local.sigma_u === Infinity) return `No pooling: every ${group} keeps its own mean.`;
    const first = focused();
    const others = state.data.rows.filter((row) => (row.marked || state.data.compact) && row.id !== first.id);
    const distant = (row) => Math.abs(lambda(row) - lambda(first));
    const second = others.reduce((best, row) => (distant(row) > distant(best) ? row : best), others[0]);
    const phrase = (row) =>
      `${capital(inWords(size(row)))} ${size(row) === 1 ? unit : units}: ${called(row)} moves ${percent(1 - lambda(row))}`;
    return `${phrase(first)} of the way to the mean. ${phrase(second)}.`;
  }

  function sentence() {
    const row = focused();
    return `${capital(called(row))}, ${counted(size(row))}: own mean ${fixed(row.mean)} from the mean of all ` +
      `${state.data.noun.groups}, weight ${share(lambda(row))}, the model’s estimate ${fixed(target(row))} ${state.data.unit}.`;
  }

  function equation(narrow) {
    const row = focused();
    const hue = (name, ...text) => html("span", { class: name }, ...text);
    const italic = (text) => html("i", {}, text);
    const low = (text) => html("sub", {}, text);
    const square = (name, symbol, index) => hue(name, italic(symbol), html("span", { class: "both" }, html("sup", {}, "2"), low(index)));
    const frac = (above, below) => html("span", { class: "frac" }, html("span", {}, ...above), html("span", {}, ...below));
    const weightOf = lambda(row);
    const variance = (s) => (s === Infinity ? "∞" : fixed(s * s, 1));
    const numbers = frac(
      [hue("b", variance(state.local.sigma_u))],
      [hue("b", variance(state.local.sigma_u)), " + ", hue("w", variance(state.local.sigma_e)), ` / ${size(row)}`],
    );
    const mean = () => hue("b", fixed(row.mean));
    const symbols = [
      frac(
        [square("b", "σ", "u")],
        [square("b", "σ", "u"), " + ", square("w", "σ", "e"), " / ", italic("n"), low(row.id)],
      ),
      html("span", { class: "paren" }, "("), hue("b", html("i", { class: "bar" }, "y"), low(row.id)), " − ", hue("f", italic("β"), low("0")), html("span", { class: "paren" }, ")"), " = ",
    ];
    const spread = 1.959964 * Math.sqrt(weightOf * (state.local.sigma_e ** 2 / size(row)));
    const interval = `95 % interval ${fixed(target(row) - spread, 1)} to ${fixed(target(row) + spread, 1)}`;
    const line = html(
      "div", { class: "equation", role: "math", "aria-label": `estimate = ${share(weightOf)} times ${fixed(row.mean)} = ${fixed(target(row))}` },
      hue("p", html("i", { class: "hat" }, "u"), low(row.id)), " = ",
      ...(narrow ? [] : symbols), numbers, " × ", mean(),
      ...(narrow ? [] : [" = ", html("span", {}, share(weightOf)), " × ", mean()]), " = ", hue("p", fixed(target(row))),
      narrow ? null : html("span", { class: "interval" }, interval),
    );
    return line;
  }

  function twin() {
    const heads = [state.data.noun.group, state.data.noun.units, "own mean", "weight", "estimate", "moves by"];
    const cell = (text) => html("td", {}, text);
    return html(
      "table", {},
      html("caption", {}, `${capital(state.data.unit)} from the mean of all ${state.data.noun.groups}, at the values set above`),
      html("thead", {}, html("tr", {}, ...heads.map((text) => html("th", { scope: "col" }, text)))),
      html("tbody", {}, ...(state.all ? state.data.all : state.data.rows).map((row) =>
        html("tr", {}, html("th", { scope: "row" }, row.id), cell(String(size(row))), cell(fixed(row.mean)), cell(share(lambda(row))), cell(fixed(target(row))), cell(fixed(Math.abs(row.mean - target(row))))))),
    );
  }

  return { size, target, called, counted, finding, sentence, equation, twin };
}
