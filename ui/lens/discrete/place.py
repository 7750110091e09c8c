"""A fitted generalised model in the words of its data, and at a place where ratios become shares.

The place is the mean of every column of the fixed part. There the curve of the median group, with
effects 0, has its height, and so has the population's, which is an average over groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mlcore import GeeFit, GlmFit, OrdinalFit
from mlcore.discrete.outcomes import logistic
from mlcore.discrete.population import average
from ui.lens.discrete.scale import Scale, clusters, scale, trials
from ui.lens.outcome import named
from ui.lens.told import Told
from ui.lens.words import Contrast, Words, contrast
from ui.prose import fixed, share


def placed(fit: GlmFit, words: Words) -> Place:
    """Without random effects its rows go together by the clusters of its errors."""
    return Place(fit, words, by=clusters(fit))


@dataclass(frozen=True, eq=False)
class Place(Told):
    """What every sentence needs: the model, its words, and its scale."""

    fit: GlmFit

    @cached_property
    def scale(self) -> Scale:
        return scale(self.fit)

    @property
    def marginal(self) -> bool:
        """Whether it compares in the population, not within groups."""
        return isinstance(self.fit, GeeFit) or not self.fit.effects

    @property
    def outcome(self) -> str:
        """The column's label, in quotation marks."""
        return f"“{self.words.label(named(self.fit.design))}”"

    @property
    def event(self) -> str:
        """What a success is: `“means to leave”`, `“sector: Catholic”`, `leave = 1`."""
        column = named(self.fit.design)
        if trials(self.fit):
            return f"{self.outcome} in one trial"
        codes = self.words.codes.get(column, {})
        if set(codes) != {0, 1}:
            return f"{column} = 1"
        label = self.words.label(column)
        return f"“{label}”" if codes[1] == "yes" else f"“{label}: {codes[1]}”"

    @cached_property
    def means(self) -> NDArray[np.float64]:
        """The mean of every column of the fixed part."""
        found: NDArray[np.float64] = np.asarray(self.fit.design.X).mean(axis=0)
        return found

    def eta(self, **columns: float) -> float:
        """The linear predictor at the means, but for the columns that are named."""
        at = dict(zip(self.fit.design.names, self.means, strict=True))
        at.update({name: value for name, value in columns.items() if name in at})
        return float(np.array([at[name] for name in self.fit.design.names]) @ self.fit.beta)

    def siblings(self, term: str) -> dict[str, float]:
        """The other categories of a dummy's column, at 0."""
        known = self.parts
        ((factor, _),) = known[term]
        return {
            name: 0.0
            for name in self.fit.design.names
            if len(known.get(name, ())) == 1 and known[name][0][0] == factor
        }

    def curve(self, eta: NDArray[np.float64]) -> NDArray[np.float64]:
        """The expected outcome; of ordered categories, the probability of the higher ones."""
        ordered = self.scale.kind == "ordered"
        found: NDArray[np.float64] = logistic(eta - self.middle) if ordered else self.fit.mean(eta)
        return found

    def chance(self, eta: float) -> float:
        """The same of one number: that of the median group."""
        return float(self.curve(np.array([eta]))[0])

    def averaged(self, eta: float) -> float:
        """The expected outcome of the whole population, at this place of the fixed part."""
        variance = sum(self.spread(group) ** 2 for group in self.fit.effects)
        return float(average(self.curve, eta, variance))

    def columns(self, group: str) -> NDArray[np.float64]:
        """What the effects of a factor's groups multiply at the place, (q,)."""
        found: NDArray[np.float64] = np.asarray(self.fit.design.Z(group)).mean(axis=0)
        return found

    def spread(self, group: str) -> float:
        """SD between the groups of a factor at the place."""
        z = self.columns(group)
        return float(np.sqrt(z @ self.fit.effects[group].covariance @ z))

    @cached_property
    def cut(self) -> int:
        """Of ordered categories, the threshold that parts the rows most evenly, from 0."""
        below = np.cumsum(np.bincount(self.fit.outcome.y.astype(int)))[:-1] / self.fit.n
        return int(np.argmin(np.abs(below - 0.5)))

    @property
    def middle(self) -> float:
        return float(self.fit.kappa[self.cut]) if isinstance(self.fit, OrdinalFit) else 0.0

    @property
    def expected(self) -> str:
        """What `chance` is of: `the probability of “fair health” or higher`."""
        if self.scale.kind == "count":
            return f"the expected {self.outcome}"
        if self.scale.kind == "ordered":
            more = " or higher" if self.cut + 2 < len(self.categories) else ""
            return f"the probability of “{self.categories[self.cut + 1]}”{more}"
        return f"the probability of {self.event}"

    @cached_property
    def categories(self) -> list[str]:
        known = self.fit.categories if isinstance(self.fit, OrdinalFit) else ()
        return [self.words.code(named(self.fit.design), each) for each in known]

    def contrast(self, term: str) -> Contrast | None:
        return contrast(self.fit, self.words, term)

    def said(self, value: float) -> str:
        """An expected outcome as it is written: a share, or a count."""
        if self.scale.kind == "count":
            return fixed(value, 1 if value >= 10 else 2)
        return share(value, 2 if 0.01 <= value <= 0.99 else 4)
