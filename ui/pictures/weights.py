"""What a group's own mean is worth: the weight as a curve over the number of its units.

    weight = n / (n + h),   h = σ_e² / σ_u²

h is the number of units with which a group keeps half of its distance from the mean of all. It is
the handle of the picture; everything else follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from datasets import case
from mlcore import pooling_weight, poolings
from ui import cache, countries
from ui.prose import fixed
from ui.stage.axis import Axis, ticks
from ui.stage.handles import Focus, Slider
from ui.stage.layout import Column, Controls, Equation, Fraction, Frame, Table
from ui.stage.marks import Dots, Handle, Label, Path, Rule, Segments
from ui.stage.noun import Noun, noun
from ui.stage.quantity import control, data, element, exp
from ui.stage.scene import Stage
from ui.stage.text import Choose, text

DRAWN = 60  # groups with a row of their own
TENFOLD = float(np.log(10.0))


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups with their sizes and own means, and the two spreads that the model estimates.

    `table` is indexed by name, lowest mean first, with `n` and `mean`, the distance from the mean
    of all groups.
    """

    table: pd.DataFrame
    tau: float
    sigma: float
    noun: Noun
    outcome: str
    unit: str

    @property
    def half(self) -> float:
        """The size with which a group keeps half of its distance, σ_e² / σ_u²."""
        return (self.sigma / self.tau) ** 2

    @cached_property
    def typical(self) -> int:
        """The median size."""
        return int(self.table["n"].median())

    def weight(self, n: float) -> float:
        return float(pooling_weight(n, self.tau, self.sigma))


@lru_cache(maxsize=16)
def groups(name: str) -> Groups:
    """The groups of a case, or the countries of the survey of efficacy."""
    if name == "issp":
        pooled = poolings(countries.everyone(), "poleff")
        tau, sigma = pooled.fit.variance_components["sd"]
        table = pooled.table.assign(mean=pooled.table["none"] - pooled.fit.beta[0])
        words, label, unit = Noun("country", "countries", "person", "people"), "Efficacy", "points"
    else:
        own = case(name)
        fitted = cache.fit(own.null, name)
        tau, sigma = fitted.variance_components["sd"]
        table = cache.shrinkage(own.null, name)
        words = noun(own.data, own.model.group)
        outcome = own.model.outcome
        label, unit = own.data.variable(outcome).label, own.measure(outcome)
    ordered = table[["n", "mean"]].sort_values("mean")
    return Groups(ordered.set_axis(ordered.index.astype(str)), tau, sigma, words, label, unit)


@lru_cache(maxsize=16)
def drawn(found: Groups, seed: int = 1) -> pd.DataFrame:
    """All groups, or so many of them drawn at random; lowest mean first."""
    if len(found.table) <= DRAWN:
        return found.table
    return found.table.sample(DRAWN, random_state=seed).sort_values("mean")


@lru_cache(maxsize=16)
def picture(name: str) -> Stage:
    """Own means and estimates at the left, the weight over the size at the right."""
    found = groups(name)
    words, table = found.noun, drawn(found)
    means, sizes = data(table["mean"]), data(table["n"].astype(float))
    names = [str(group) for group in table.index]
    half, chosen = exp(control("half") * TENFOLD), control("group")
    weights = sizes / (sizes + half)
    rows = np.arange(1.0, len(names) + 1.0)
    reach = 1.08 * float(table["mean"].abs().max())
    log_half = float(np.log10(found.half))
    least = min(0.0, np.floor(log_half * 2) / 2)
    most = float(np.ceil(np.log10(table["n"].max()) * 2) / 2)
    curve = np.linspace(least, most, 80)
    n, mean, weight = (element(each, chosen) for each in (sizes, means, weights))
    first = names[int(np.argmin(table["n"].to_numpy() / table["mean"].abs().to_numpy()))]

    left = Frame(
        [
            Rule(x=0, role="fixed", width=3),
            Segments(means, rows, weights * means, rows, width=1.2, of="group"),
            Dots(
                means,
                rows,
                size=1.6 + 0.42 * np.sqrt(np.minimum(table["n"].to_numpy(float), 60.0)),
                role="between",
                of="group",
                focus="between",
            ),
            Dots(weights * means, rows, 3.2, role="predicted", of="group", focus="predicted"),
            Label(
                mean,
                element(data(rows), chosen),
                text("{g}", g=Choose(chosen, [f"{words.group} {each}" for each in names])),
                strong=True,
                dy=-9,
                anchor="middle",
            ),
        ],
        Axis((-reach, reach), ticks(-reach, reach, 5), f"{found.unit} from the mean of all"),
        Axis((0.0, len(names) + 1.0), [], ""),
        height=300,
        title="[between|own mean] and [predicted|estimate]",
    )
    decades = list(range(int(most) + 1))
    right = Frame(
        [
            Rule(y=0.5, role="context", dashed=True),
            Path(curve, exp(curve * TENFOLD) / (exp(curve * TENFOLD) + half), role="predicted"),
            Dots(np.log10(table["n"].to_numpy(float)), weights, 4, role="predicted", of="group"),
            Label(
                element(data(np.log10(table["n"].to_numpy(float))), chosen),
                weight,
                text("{w:share}", w=weight),
                role="predicted",
                strong=True,
                dx=9,
                dy=16,
            ),
            Handle("half", at=0.5, role="ink", text=text("‹ {h:1} ›", h=half)),
        ],
        Axis((least, most), decades, f"{words.units} in a {words.group}", "", _powers(decades)),
        Axis((0.0, 1.0), [0.0, 0.5, 1.0], "", "", ["0", ".5", "1"]),
        height=300,
        title="[predicted|weight] of its own mean, λ_j",
    )
    return Stage(
        key="weights",
        controls=[
            Slider(
                "half",
                f"number of {words.units} with which a {words.group} keeps half",
                least,
                most,
                round(log_half, 3),
                step=0.001,
                format="2",
                unit="as a power of ten",
            ),
            Focus("group", f"{words.group} in focus", names, first),
        ],
        columns=[
            Column([left, Controls(["group"])], width=1.15, margin=(16, 24)),
            Column([right], margin=(40, 24)),
        ],
        equation=Equation(
            [
                text("[predicted|û_j] = [predicted|λ_j] × ([between|ȳ_j] − β_0) = "),
                Fraction([text("{n:count}", n=n)], [text("{n:count} + {h:1}", n=n, h=half)]),
                text(" × [between|{m:2}] = [predicted|{e:2}]", m=mean, e=weight * mean),
            ],
            text("estimate = {w:share} times {m:2} = {e:2}", w=weight, m=mean, e=weight * mean),
        ),
        finding=text(
            f"With {{h:1}} {words.units} a {words.group} keeps half of its distance; "
            f"{{g}}, with {{n:count}}, keeps {{w:percent}}.",
            h=half,
            n=n,
            w=weight,
            g=Choose(chosen, [f"{words.group} {each}" for each in names]),
        ),
        sentence=text("Its own mean is {m:2}, its estimate {e:2}.", m=mean, e=weight * mean),
        table=Table(
            f"{found.outcome}: {found.unit} from the mean of all {words.groups}",
            [
                (words.group, names, ""),
                (words.units, sizes, "count"),
                ("own mean", means, "2"),
                ("weight", weights, "share"),
                ("estimate", weights * means, "2"),
            ],
        ),
        prefix="w_",
    )


def _powers(decades: list[int]) -> list[str]:
    return [f"{10**power:,}" for power in decades]


def spreads(found: Groups) -> str:
    """How much groups differ, and the units of one, in words."""
    return f"SD {fixed(found.tau)} between {found.noun.groups}, {fixed(found.sigma)} within"
