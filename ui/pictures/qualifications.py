"""Seventeen qualifications scored by pay: raw, from a null model, and with sex and age held."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from datasets import load, printed
from mlcore import Fit, effect_scores, pooling_weight
from ui import cache
from ui.prose import listing, percent
from ui.stage.axis import Axis
from ui.stage.handles import Focus, Toggle
from ui.stage.layout import Column, Controls, Equation, Fraction, Frame, Readout, Table
from ui.stage.marks import Dots, Label, Mark, Rule, Segments
from ui.stage.quantity import Quantity, control, data, element, exp, total
from ui.stage.scene import Stage
from ui.stage.text import Choose, text

PRINTED = "qualifications-scores"
SHORT = (
    "higher degree|first degree|higher diploma|teaching|nursing|other higher|A level|Welsh Bacc."
    "|Int’l Bacc.|AS level|Highers|sixth-year cert.|GCSE|CSE|Standard grade|other school|none"
).split("|")


@lru_cache(maxsize=4)
def model(score: str) -> Fit:
    """The model behind ESRES_null or ESRES_controls of the lecture's table."""
    return cache.fit(printed(PRINTED).scores[score]["formula"], "qualifications")


@lru_cache(maxsize=1)
def table() -> pd.DataFrame:
    """By code: names, scores in pounds, and the shares of their distance that are kept.

    `n` have a pay, `people` hold the qualification.
    """
    null, held = model("ESRES_null"), model("ESRES_controls")
    plain = effect_scores(null)
    names = load("qualifications").variables["qfhigh2"].values
    found = pd.DataFrame(
        {
            "name": [names[code] for code in plain.index],
            "short": SHORT,
            "n": plain.n,
            "people": cache.rows("qualifications")["qfhigh2"].value_counts()[plain.index],
            "eps": np.exp(plain.eps),
            "null": np.exp(plain.esres),
            "held": np.exp(effect_scores(held, reference="mean").esres),
            "origin": np.exp(effect_scores(held).esres),
        },
        index=plain.index,
    )
    for name, fit in (("kept", null), ("kept_held", held)):
        tau, sigma = fit.variance_components["sd"]
        found[name] = pooling_weight(found.n, tau, sigma)
    return found


@lru_cache(maxsize=1)
def scores() -> Stage:
    """EPS and ESRES of each qualification, joined; sex and age held, seen from either reference."""
    of = table().sort_values("eps", kind="stable")
    held, origin, chosen = control("held"), control("origin"), control("qualification")
    row = np.arange(len(of), dtype=float)
    n, eps = data(of.n.to_numpy(float)), data(of.eps.to_numpy())
    null, mean, man = (np.log(of[name].to_numpy()) for name in ("null", "held", "origin"))
    moved = float((man - mean)[0])
    esres = exp(null + held * (mean - null + moved * origin))
    risers = (of.held / of.null).sort_values().index[:-3:-1]
    people = of.people.to_numpy(float)
    over_people = total(esres * people) / float(people.sum())
    kept = data(of.kept.to_numpy()) + held * (of.kept_held - of.kept).to_numpy()
    own: dict[str, Quantity | Choose] = {"g": Choose(chosen, list(of.name))}
    own |= {
        "n": element(n, chosen),
        "a": element(eps, chosen),
        "b": element(esres, chosen),
        "k": element(kept, chosen),
    }
    marks: list[Mark] = [
        Rule(x=over_people, dashed=True),
        Segments(eps, row, esres, row, of="qualification", width=1.2),
        Dots(eps, row, 3.0 + 5.5 * np.sqrt(of.n / of.n.max()), role="between",
             of="qualification", focus="between"),
        Dots(esres, row, 5.0, role="predicted", of="qualification", focus="predicted"),
        *(
            Label(500, float(k), text(f"{short}  {size:,}"), dx=2)
            for k, short, size in zip(row, of.short, of.n, strict=True)
        ),
        Label(over_people, 17.1, text("mean of all people £{m:count}", m=over_people),
              role="context", dx=8, dy=4),
    ]  # fmt: skip
    pounds = Axis((500, 3100), [1000, 1500, 2000, 3000], "pay, pounds a month", log=True)
    variances = [model(f"ESRES_{how}").variance_components["variance"]
                 for how in ("null", "controls")]  # fmt: skip
    between, within = (a + held * (b - a) for a, b in zip(*variances, strict=True))
    return Stage(
        key="qualifications",
        prefix="q_",
        controls=[
            Toggle("held", "hold sex and age"),
            Toggle("origin", "score a man of 30, not the mean person"),
            Focus("qualification", "show", list(of.name), "Welsh Baccalaureate",
                  [int(each) for each in of.n]),
        ],
        columns=[
            Column([Frame(marks, pounds, Axis((-0.7, 17.5), [], ""), 372)], 1.7, (4, 16)),
            Column(
                [
                    Readout(text("raw mean, EPS"), text("£{a:count}", a=own["a"]), role="between"),
                    Readout("score, ESRES", text("£{b:count}", b=own["b"]), role="predicted"),
                    Readout(text("{n:count} people keep", n=own["n"]),
                            text("{k:percent}", k=own["k"]), "of the distance of their log pay"),
                    Readout("mean score of all people", text("£{m:count}", m=over_people)),
                    Controls(["qualification", "held", "origin"]),
                ]
            ),
        ],
        finding=text(
            "{f}",
            f=Choose(
                held * (1 + origin),
                [
                    text("{g}, {n:count} people: from £{a:count} to £{b:count}.", **own),
                    f"Held, for the mean person: {listing(list(of.short[risers]))} rise most.",
                    f"Held, for a man of 30: every score is higher, by {percent(np.expm1(moved))}.",
                ],
            ),
        ),
        sentence=text(
            "{g}: EPS {a:count} pounds, ESRES {b:count} pounds, {n:count} people.", **own
        ),
        equation=Equation(
            [
                "[predicted|λ_j] = ",
                Fraction(["n_j"], ["n_j + [within|σ_e²] / [between|σ_u²]"]),
                " = ",
                Fraction(
                    [text("{n:count}", n=own["n"])],
                    [text("{n:count} + {e:3} / {t:3}", n=own["n"], e=within, t=between)],
                ),
                text(" = [predicted|{k:share}]", k=own["k"]),
            ],
            text("The weight is {k:share}.", k=own["k"]),
        ),
        table=Table(
            "Scores in pounds a month",
            [
                ("qualification", list(of.name), ""),
                ("people", n, "count"),
                ("EPS", eps, "count"),
                ("ESRES", esres, "count"),
            ],
        ),
    )  # fmt: skip
