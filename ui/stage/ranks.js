// Places 1 to k on a strip, one strip an item: the input of a ranking, and its reveal.

// One item's strip. `places` maps items to places; choosing a taken place swaps the two, so the
// arrow keys only move along the strip, and Space chooses.
function strip({ id, name, x, y, gap, places, count, choose, tall = 27 }) {
  const radios = [];
  const group = svg("g", { role: "radiogroup", "aria-label": `Place of ${name}` });
  group.append(svg("line", { x1: x(1) - 12, x2: x(count), y1: y, y2: y, class: "rule" }));
  for (let place = 1; place <= count; place++) {
    const mine = places[id] === place;
    const radio = svg(
      "g",
      {
        role: "radio", "aria-checked": mine, "aria-label": `${name}: place ${place}`, class: "place",
        tabindex: mine || (!places[id] && place === 1) ? 0 : -1, "data-focus": `${id}/${place}`,
        onclick: () => choose(id, place),
        onkeydown: (event) => {
          const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
          if (event.key === " " || event.key === "Enter") choose(id, place);
          else if (step) radios[(place - 1 + step + count) % count].focus();
          else return;
          event.preventDefault();
        },
      },
      svg("rect", { x: x(place) - gap / 2, y: y - tall / 2, width: gap, height: tall, class: "target" }),
      mine
        ? svg("path", { d: triangle(x(place), y, Math.min(12, 0.5 * tall)), class: "guess" })
        : svg("circle", { cx: x(place), cy: y, r: Math.min(11, 0.44 * tall), class: "ring" }),
      label(String(place), { x: x(place), y: y + (mine ? 7 : 4.5), class: mine ? "number mine" : "number", "text-anchor": "middle" }),
    );
    radios.push(radio);
  }
  group.append(...radios);
  return group;
}

function swapped(places, id, place) {
  const next = { ...places };
  const holder = Object.keys(next).find((other) => next[other] === place && other !== id);
  if (holder) {
    if (next[id]) next[holder] = next[id];
    else delete next[holder];
  }
  next[id] = place;
  return next;
}

// The reveal of one strip: the triangle stays, the diamond slides in, the gap is a line.
function gapStrip({ x, y, count, guess, truth, named, from = 1 }) {
  const group = svg("g", {});
  group.append(svg("line", { x1: x(1) - 12, x2: x(count), y1: y, y2: y, class: "rule" }));
  for (let place = 1; place <= count; place++) group.append(svg("circle", { cx: x(place), cy: y, r: 2.6, class: "dot" }));
  const at = guess ? x(guess) + (x(truth) - x(guess)) * from : x(truth);
  const hit = guess === truth;
  if (guess && !hit) group.append(svg("line", { x1: x(guess), x2: at, y1: y, y2: y, class: "gapline" }));
  if (guess) group.append(svg("path", { d: triangle(x(guess), y, hit ? 12 : 9.5), class: "guess" }));
  group.append(svg("path", { d: diamond(at, y + (hit ? 2 : 0), hit ? 4 : 7), class: "predicted" }));
  if (named && guess) {
    const side = truth < guess ? -1 : 1;
    group.append(
      label("it is", { x: x(truth) + side * 12, y: y + 5, class: "it strong", "text-anchor": side < 0 ? "end" : "start" }),
    );
    if (!hit) {
      const size = Math.abs(guess - truth);
      group.append(
        label("you", { x: x(guess) - side * 13, y: y + 5, class: "you strong", "text-anchor": side < 0 ? "start" : "end" }),
        label(`${size} place${size > 1 ? "s" : ""}`, { x: (x(guess) + x(truth)) / 2, y: y - 6, class: "strong small", "text-anchor": "middle" }),
      );
    }
  }
  return group;
}

// The ranking as a picture of its own, for questions without a stage.
function ranks(root) {
  let data;
  let component;
  let places = {};
  function draw() {
    if (!data || !root.clientWidth) return;
    const width = root.clientWidth / rem();
    const gap = Math.min(41, (width - 190) / data.items.length);
    const last = Math.min(width - 24, 220 + gap * data.items.length);
    const x = (place) => last - gap * (data.items.length - place);
    const height = 34 + 40 * data.items.length;
    const focus = root.getRootNode().activeElement?.getAttribute("data-focus");
    const rows = data.items.flatMap((item, i) => {
      const y = 44 + 40 * i;
      const mark = data.truth
        ? gapStrip({ x, y, count: data.items.length, guess: data.guess?.[item.id], truth: data.truth[item.id], named: i === 0 })
        : strip({
            id: item.id, name: item.name, x, y, gap, places, count: data.items.length,
            choose: (id, place) => { places = swapped(places, id, place); draw(); component.setStateValue("ranking", places); },
          });
      return [label(item.name, { x: 0, y: y + 5, class: "body" }), mark];
    });
    root.replaceChildren(
      svg("svg", { viewBox: `0 0 ${width} ${height}`, style: `height:${height / 16}rem`, role: "group", "aria-label": data.label },
        label(data.first, { x: x(1) - 11, y: 16, class: "muted" }),
        label(data.last, { x: x(data.items.length) + 11, y: 16, class: "muted", "text-anchor": "end" }),
        ...rows),
    );
    if (focus) {
      const id = focus.split("/")[0];
      const place = places[id] ?? 1;
      root.querySelector(`[data-focus="${CSS.escape(`${id}/${place}`)}"]`)?.focus();
    }
  }
  const stop = onResize(root, draw);
  return {
    update(next, mounted) {
      component = mounted;
      data = next;
      places = next.places ?? places;
      draw();
    },
    remove: stop,
  };
}
