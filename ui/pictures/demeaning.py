"""One predictor in real groups: what random effects find as more of each group's mean is taken off.

Rows lose the share θ_j of their group's mean, y − θ_j ȳ_j on x − θ_j x̄_j, with

    θ_j = 1 − sqrt((1 − ρ)/(1 − ρ + n_j ρ)),

where ρ is the share of the variance that the model leaves between groups: pooled least squares at
ρ = 0, the slope within groups at ρ = 1, the random effects' own slope at the estimated ρ. The slope
is a weighted mean of the slope within and the slope of means on means with weights
v_j = n_j/(1 − ρ + n_j ρ),

    b = [W_xy + (1 − ρ) B_xy(v)] / [W_xx + (1 − ρ) B_xx(v)],

and B needs five sums for each size of a group, however many groups there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, log10
from typing import Literal

import numpy as np
import pandas as pd

import mlcore
from ui import cache, prose
from ui.stage.axis import Axis, fitted, ticks
from ui.stage.handles import Slider
from ui.stage.layout import Column, Controls, Frame, Readout, Table
from ui.stage.marks import Dots, Label, Mark, Path, Role, Segments
from ui.stage.quantity import Quantity, concat, control, data, maximum, sqrt, total
from ui.stage.scene import Preset, Stage
from ui.stage.text import text

GROUPS = 65  # groups drawn of a dataset that has hundreds
MOVE = "Random effects estimate $\\rho$ themselves; moved by hand, it runs from pooled to fixed."


@dataclass(frozen=True, eq=False)
class Levels:
    """A case's `compared` predictor x and its outcome y: five estimators, sums, and groups."""

    name: str
    found: mlcore.Five
    rows: pd.DataFrame

    @cached_property
    def slopes(self) -> pd.DataFrame:
        """`estimate`, `se`, `lower`, `upper` of pooled, random, within and between."""
        table = self.found.of("x")
        lines = {
            "within": ("fixed effects", "within"),
            "random": ("random effects", "both"),
            "pooled": ("OLS", "both"),
            "between": ("within-between", "between"),
        }
        picked = pd.DataFrame({key: table.loc[line] for key, line in lines.items()}).T
        robust = table.xs("cluster-robust").iloc[0]
        for column in ("se", "lower", "upper"):
            picked.loc["pooled", column] = robust[column]
        return picked

    @cached_property
    def rho(self) -> float:
        """The share of the variance that random effects leave between groups."""
        tau2, sigma2 = self.found.fits["random effects"].variance_components["variance"]
        return float(tau2 / (tau2 + sigma2))

    @cached_property
    def groups(self) -> pd.DataFrame:
        """`n` and the means `x`, `y` of every group."""
        by = self.rows.groupby("group")
        return by[["x", "y"]].mean().assign(n=by.size())

    @cached_property
    def digits(self) -> int:
        """Decimals that show the standard error within groups with two figures."""
        return max(2, 1 + ceil(-log10(self.slopes["se"]["within"])))

    def weighed(self, rho: Quantity) -> tuple[Quantity, Quantity, Quantity]:
        """The slope at ρ, the slope between at its weights, and the share that this one has."""
        n, x, y = (self.groups[name].to_numpy(dtype=float) for name in ("n", "x", "y"))
        x, y = x - x.mean(), y - y.mean()  # the origin is free: near the means nothing is lost
        sizes, code = np.unique(n, return_inverse=True)
        size = data(sizes)
        v = size / (1 - rho + size * rho)
        c, sx, sy, sxx, sxy = (
            total(v * np.bincount(code, weights=each))
            for each in (np.ones_like(x), x, y, x * x, x * y)
        )
        bxx, bxy = sxx - sx * sx / c, sxy - sx * sy / c
        left = self.rows.groupby("group")[["x", "y"]].transform("mean").rsub(self.rows[["x", "y"]])
        dx, dy = (left[name].to_numpy(dtype=float) for name in ("x", "y"))
        wxx, wxy = float(dx @ dx), float(dx @ dy)
        share = (1 - rho) * bxx / (wxx + (1 - rho) * bxx)
        between = bxy / bxx
        return (1 - share) * (wxy / wxx) + share * between, between, share


@lru_cache(maxsize=16)
def levels(name: str) -> Levels:
    """The levels of a case; one predictor, so that each slope is a line."""
    it = cache.case(name)
    wanted = [it.model.group, it.compared, it.model.outcome]
    rows = cache.rows(name)[wanted].dropna().set_axis(["group", "x", "y"], axis=1)
    return Levels(name, mlcore.five("y ~ x", rows, "group"), rows)


def lost(rho: Quantity, n: Quantity | float) -> Quantity:
    """θ: the share of its mean that a group of n loses."""
    return 1 - sqrt((1 - rho) / (1 - rho + n * rho))


@lru_cache(maxsize=8)
def stage(name: str) -> Stage:
    """The share ρ as a slider, the slopes of a case on one number line."""
    it, of = cache.case(name), levels(name)
    rho = control("rho")
    slope, between, share = of.weighed(rho)
    table, digits = of.slopes, str(of.digits)
    within, pooled = (float(table["estimate"][key]) for key in ("within", "pooled"))
    units, group, groups = it.unit.plural, it.group.name, it.group.plural
    smallest, largest = int(of.groups["n"].min()), int(of.groups["n"].max())
    x_name = it.data.variable(it.compared).label
    y_name = it.data.variable(it.model.outcome).label
    low, high = float(table["lower"].min()), float(table["upper"].max())
    line: list[Mark] = [
        _interval(table, "within", 0),
        _interval(table, "random", 1),
        _interval(table, "pooled", 2),
        _interval(table, "between", 3),
        Dots(within, 0, role="within", size=6),
        Dots(slope, 1, role="predicted", size=8),
        Dots(pooled, 2, role="ink", shape="square", size=5),
        Dots(between, 3, role="between", size=6),
    ]
    rows: tuple[tuple[int, Quantity, str, Role, str], ...] = (
        (3, between, "between", "between", "between"),
        (2, data(pooled), "pooled", "ink", "pooled"),
        (1, slope, "random", "predicted", "random effects"),
        (0, data(within), "within", "within", "fixed effects"),
    )
    for row, value, key, role, words in rows:
        right = maximum(value, float(table["upper"][key]))
        said = text(f"**{{v:{digits}}}** {words}", v=value)
        line.append(Label(right, row, said, role=role, dx=12))
    ends = (low - 0.04 * (high - low), high + 0.55 * (high - low))
    outcome = it.measure(it.model.outcome)
    scale = Axis(ends, ticks(*ends), f"{x_name}: slope{', ' if outcome else ''}{outcome}")
    sizes = np.unique(np.round(np.geomspace(smallest, largest, 40)))
    sides: tuple[tuple[int, Literal["start", "end"], float], ...] = (
        (smallest, "start", 6),
        (largest, "end", 2),
    )
    curve = Frame(
        [
            Path(sizes, lost(rho, data(sizes)), role="ink", width=2),
            *(
                mark
                for n, anchor, dx in sides
                for mark in (
                    Dots(n, lost(rho, n), role="between", size=5),
                    Label(
                        n,
                        lost(rho, n),
                        text("{t:share}", t=lost(rho, n)),
                        anchor=anchor,
                        strong=True,
                        dx=dx,
                        dy=-10,
                    ),
                )
            ),
        ],
        Axis((smallest, largest), [smallest, largest], f"{units} of a {group}"),
        Axis((0, 1.1), [0, 1], ""),
        height=120,
        title=f"θ, the share of its mean that a {group} loses",
    )
    return Stage(
        key=f"levels-{name}",
        prefix=f"{name}_",
        controls=[
            Slider(
                "rho",
                f"share of variance between {groups},",
                0,
                1,
                of.rho,
                0.01,
                "ρ",
                "",
                "share",
                "between",
            )
        ],
        columns=[
            Column(
                [
                    plane(of, slope, fitted_axis(of, "x", x_name), fitted_axis(of, "y", y_name)),
                    Frame(line, scale, Axis((-0.6, 3.6), [], ""), height=120),
                ],
                width=1.9,
                margin=(24, 84),
            ),
            Column(
                [
                    Controls(["rho"]),
                    curve,
                    Readout(
                        "weight of the slope between",
                        text("{w:percent1}", w=share),
                        f"{it.group.plural} of {smallest} to {largest} {units}"
                        if largest > smallest
                        else "",
                    ),
                    *(
                        Readout(f"standard error, {key}", text(f"{{se:{digits}}}", se=data(se)))
                        for key, se in (
                            ("random effects as estimated", table["se"]["random"]),
                            ("fixed effects", table["se"]["within"]),
                        )
                    ),
                ],
                margin=(34, 24),
            ),
        ],
        finding=text(
            f"At ρ = {{rho:share}} random effects find {{b:{digits}}}; "
            f"fixed effects find {{w:{digits}}}.",
            rho=rho,
            b=slope,
            w=data(within),
        ),
        sentence=text(
            f"Between {groups} the slope is {{m:{digits}}}, pooled {{p:{digits}}}; random effects "
            "weigh the slope between by {s:percent1}.",
            m=between,
            p=data(pooled),
            s=share,
        ),
        presets=[
            Preset("ρ = 0: pooled", {"rho": 0.0}),
            Preset("As estimated", {"rho": of.rho}),
            Preset("ρ = 1: fixed", {"rho": 1.0}),
        ],
        table=Table(
            f"Slope of {x_name}; intervals of 95 % as fitted, the pooled one cluster-robust",
            [
                ("estimator", ["within, fixed effects", "random effects", "pooled", "between"], ""),
                ("slope at ρ", concat(within, slope, pooled, between), digits),
                *(
                    (heading, table[key].to_numpy(dtype=float), digits)
                    for heading, key in (
                        ("as fitted", "estimate"),
                        ("SE", "se"),
                        ("from", "lower"),
                        ("to", "upper"),
                    )
                ),
            ],
        ),
    )


def _interval(table: pd.DataFrame, key: str, row: int) -> Mark:
    role: dict[str, Role] = {"within": "within", "random": "predicted", "between": "between"}
    lower, upper = (float(table[end][key]) for end in ("lower", "upper"))
    return Segments(lower, row, upper, row, role=role.get(key, "ink"), width=2.4)


def seen(of: Levels) -> pd.DataFrame:
    """The groups that are drawn, and the SD of x within each."""
    shown = of.groups.assign(spread=of.rows.groupby("group")["x"].std(ddof=0))
    shown = shown[shown["n"] > 1]
    if len(shown) > 3 * GROUPS:
        shown = shown.sample(GROUPS, random_state=1).sort_index()
    return shown


def fitted_axis(of: Levels, column: str, label: str) -> Axis:
    shown = seen(of)
    reach = shown["spread"] * (1 if column == "x" else abs(of.slopes["estimate"]["within"]))
    low, high = (shown[column] - reach).min(), (shown[column] + reach).max()
    return fitted(float(low), float(high), label, column)


def plane(of: Levels, slope: Quantity, x: Axis, y: Axis) -> Frame:
    """Groups at their means, with their lines within, the line between and the random one."""
    shown = seen(of)
    b = float(of.slopes["estimate"]["within"])
    fit = of.found.fits["within-between"].coefficients["estimate"]
    low, high = float(shown["x"].min()), float(shown["x"].max())
    middle = of.groups[["x", "y"]].mean()
    mx, my, reach = (shown[key].to_numpy() for key in ("x", "y", "spread"))
    across, up = x.domain
    bb = float(of.slopes["estimate"]["between"])
    return Frame(
        [
            Segments(mx - reach, my - b * reach, mx + reach, my + b * reach, role="within"),
            Dots(mx, my, role="between", size=np.clip(0.7 * np.sqrt(shown["n"]), 2.4, 9)),
            Segments(
                low,
                float(fit.iloc[0] + bb * low),
                high,
                float(fit.iloc[0] + bb * high),
                role="between",
                width=3,
            ),
            Segments(
                across,
                middle["y"] + slope * (across - middle["x"]),
                up,
                middle["y"] + slope * (up - middle["x"]),
                role="predicted",
                width=3,
            ),
            Label(high, float(fit.iloc[0] + bb * high), text("between"), role="between", dx=6),
            Label(
                up,
                middle["y"] + slope * (up - middle["x"]),
                text("random"),
                role="predicted",
                strong=True,
                dx=6,
            ),
        ],
        x,
        y,
        height=170,
    )


def told(name: str, *, differ: bool) -> str:
    """The slopes of a case in a few sentences; `differ` says whether a test can tell them apart."""
    it, of = cache.case(name), levels(name)
    table, groups = of.slopes, it.group.plural

    def number(key: str, column: str = "estimate") -> str:
        return prose.fixed(float(table[column][key]), of.digits)

    x = it.data.variable(it.compared).label
    between = f"{number('between')}, with a 95 % interval from {number('between', 'lower')} to "
    between += number("between", "upper")
    apart = abs(table["estimate"]["random"] - table["estimate"]["within"])
    if differ:
        return (
            f"**{x}** has two slopes here: {number('within')} within {groups}, and between them "
            f"{between}. Random effects lie {prose.fixed(apart, of.digits)} from fixed effects. "
            "The slope between has little weight in them, and is out of sight; REWB shows it. "
            f"{MOVE}"
        )
    return (
        f"These data do not tell two slopes of **{x}** apart: {number('within')} within "
        f"{groups}, and between them {between}. Random effects use both. Their standard error is "
        f"{number('random', 'se')}; that of fixed effects is {number('within', 'se')}. {MOVE}"
    )
