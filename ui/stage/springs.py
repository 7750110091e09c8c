"""Partial pooling as springs: groups held between their own means and the mean of all.

The browser evaluates weight = n / (n + σ_e²/σ_u²) at every step of a drag and reports the
values once, on release; they then stand in the address bar. Before a prediction is locked the
page is sent sizes and own means only, never an estimate, a σ or a rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import inf
from typing import Any

import pandas as pd
import streamlit as st

from ui import address, assets, predict
from ui.pause import head_start
from ui.stage.noun import Noun

LARGEST_GROUP = 500


@dataclass(frozen=True)
class Values:
    """Where the handles are: σ_u (may be infinite), σ_e, sizes changed by hand, the focus."""

    sigma_u: float
    sigma_e: float
    focus: str
    n: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Springs:
    """One picture. `table` has a row per group, smallest first: `n`, `mean` (from the mean of all).

    `shown` are the groups with a row of their own, `marked` those that are asked about.
    `reach` is the half-width of the axis in units of the outcome, `estimated` what the model
    says. `prefix` keeps the address names of two pictures on one page apart.
    """

    key: str
    table: pd.DataFrame
    noun: Noun
    unit: str
    reach: float
    ticks: Sequence[float]
    estimated: Values
    shown: Sequence[str] = ()
    marked: Sequence[str] = ()
    remarks: Sequence[Mapping[str, object]] = ()
    prefix: str = ""

    @property
    def smallest(self) -> float:
        """The least σ_e on the scale; at 0 and σ_u = 0 the weight would not be defined."""
        return self.reach / 24

    @property
    def _groups(self) -> list[str]:
        return [str(group) for group in self.table.index]

    def ask(self, name: str, story: str, question: str) -> None:
        """Draw the open question: own means, and a strip of places for each marked group."""
        assets.springs(
            key=self.key,
            data={
                **self._common(),
                "mode": "ask",
                "story": story,
                "question": question,
                "caption": f"Each {self.noun.group}’s own mean, above or below the mean of all "
                f"{self.noun.groups}. Larger dot: more {self.noun.units}.",
                "places": predict.places(name),
            },
            on_ranking_change=predict.keep_places(name, self.key),
            on_values_change=self._keep_values,
        )
        head_start("picture")

    def reveal(
        self, *, gap: str = "", note: str = "", ranks: Mapping[str, Any] | None = None
    ) -> Values:
        """Draw the live picture; return where its handles stand.

        `gap` says how the guess met the truth, `note` explains it, `ranks` has the places of
        both. Without `shown` groups the picture has a thin row for each, and no equation.
        """
        values = self.values()
        assets.springs(
            key=self.key,
            data={
                **self._common(),
                "mode": "reveal",
                "gap": gap,
                "note": note,
                "ranks": ranks,
                "all": self._rows(self._groups),
                "compact": not self.shown,
                "remarks": list(self.remarks),
                "estimated": {
                    "sigma_u": self.estimated.sigma_u,
                    "sigma_e": self.estimated.sigma_e,
                },
                "values": {**asdict(values), "sigma_u": _text(values.sigma_u)},
            },
            on_values_change=self._keep_values,
        )
        head_start("picture")
        return values

    def values(self) -> Values:
        """Read σ_u, σ_e, the focus and changed sizes from the address, each made valid."""
        estimated, reach = self.estimated, self.reach
        sigma_u = address.number(
            self.prefix + "sigma_u", low=0, high=inf, step=0.01, default=estimated.sigma_u
        )
        sigma_e = address.number(
            self.prefix + "sigma_e",
            low=self.smallest,
            high=reach,
            step=0.01,
            default=estimated.sigma_e,
        )
        groups = list(self.shown or self._groups)
        focus = address.choice(self.prefix + self.noun.group, groups, estimated.focus)
        sizes = address.counts(self.prefix + "n", groups, low=1, high=LARGEST_GROUP)
        if sigma_u != inf:
            sigma_u = min(sigma_u, reach)
        return Values(sigma_u, sigma_e, focus, sizes)

    def _common(self) -> dict[str, Any]:
        return {
            "noun": asdict(self.noun),
            "unit": self.unit,
            "domain": [-self.reach, self.reach],
            "smallest": self.smallest,
            "ticks": list(self.ticks),
            "rows": self._rows(self.shown or self._groups),
        }

    def _rows(self, groups: Sequence[str]) -> list[dict[str, Any]]:
        sizes, means = self.table["n"].to_dict(), self.table["mean"].to_dict()
        return [
            {
                "id": group,
                "n": int(sizes[group]),
                "mean": round(float(means[group]), 6),
                "marked": group in self.marked,
            }
            for group in groups
        ]

    def _keep_values(self) -> None:
        """Write what the handles reported to the address; what is as estimated stays out of it."""
        reported = st.session_state[self.key].get("values")
        if not reported:
            return
        sigma_u, sigma_e = float(reported["sigma_u"]), float(reported["sigma_e"])
        estimated = self.estimated
        sizes = ",".join(f"{group}:{n}" for group, n in reported["n"].items())
        focus = reported["focus"]
        changed: dict[str, float | str | None] = {
            "sigma_u": None if abs(sigma_u - estimated.sigma_u) < 0.005 else sigma_u,
            "sigma_e": None if abs(sigma_e - estimated.sigma_e) < 0.005 else sigma_e,
            self.noun.group: None if focus == estimated.focus else str(focus),
            "n": sizes or None,
        }
        address.put(**{self.prefix + name: value for name, value in changed.items()})


def _text(sigma_u: float) -> float | str:
    """JSON knows no infinity."""
    return address.INFINITY if sigma_u == inf else sigma_u
