"""The linear predictor of a generalised model, on standardised columns.

    eta = X beta + sum_f Z_f Lambda_f b_f,      b_f ~ N(0, I),

one term for each grouping factor f, whose effects in the user's sense are u_f = Lambda_f b_f. The
parameters phi = (theta, beta, kappa) are one vector: the free entries of the Lambda_f, the fixed
effects, and what the outcome has of its own.

Arrays of one factor have the groups last: b_f is (q, J), the rows of Z_f are (q, n).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlcore.arrays import Array, Indices, sums_by
from mlcore.discrete.outcomes import Outcome
from mlcore.errors import UnsupportedError
from mlcore.gaussian.covariance import Pattern
from mlcore.gaussian.scaling import Standardised
from mlcore.language.design import Design, Grouping

MOST_DENSE = 4_000  # effects
MOST_CELLS = 50_000_000


@dataclass(frozen=True, eq=False)
class Factor:
    """A grouping factor: `Z` (q, n) are the columns whose effects vary over the groups `codes`."""

    grouping: Grouping
    codes: Indices
    names: tuple[str, ...]
    pattern: Pattern
    Z: Array
    back: Array  # T_z (q, q): u in the user's units from u here

    @cached_property
    def q(self) -> int:
        return len(self.Z)

    @cached_property
    def J(self) -> int:
        return len(self.grouping.levels)

    def sums(self, rows: Array) -> Array:
        """Sums by group of each of `rows` (..., n), shape (..., J)."""
        flat = rows.reshape(-1, rows.shape[-1])
        sums = np.empty((len(flat), self.J))
        for k, row in enumerate(flat):
            sums[k] = sums_by(self.codes, row, self.J)
        return sums.reshape(*rows.shape[:-1], self.J)


@dataclass(frozen=True, eq=False)
class Predictor:
    """`X` (n, p), an outcome, and the factors, the one with most effects first."""

    X: Array
    outcome: Outcome
    factors: tuple[Factor, ...]

    @cached_property
    def ends(self) -> list[int]:
        """Where each factor's theta ends, and beta after them, in phi."""
        sizes = [len(f.pattern.diagonal) for f in self.factors]
        return [int(end) for end in np.cumsum([*sizes, self.X.shape[1]])]

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self.ends[-1] + len(self.outcome.start)

    @cached_property
    def beta(self) -> slice:
        return slice(self.ends[-2] if self.factors else 0, self.ends[-1])

    @cached_property
    def thetas(self) -> list[slice]:
        """Where each factor's theta is in phi."""
        ends = self.ends[:-1]
        return [slice(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True)] if ends else []

    def lambdas(self, phi: Array) -> list[Array]:
        """Lambda_f (q, q) of each factor."""
        return [
            f.pattern.matrix(phi[part]) for f, part in zip(self.factors, self.thetas, strict=True)
        ]

    def kappa(self, phi: Array) -> Array:
        return phi[self.ends[-1] :]

    @cached_property
    def offsets(self) -> Indices:
        """Where each factor but the first begins among the effects that are not the first's."""
        return np.cumsum([0, *(f.q * f.J for f in self.factors[1:])])

    @cached_property
    def places(self) -> list[list[Indices]]:
        """By factor but the first and by term, every row's effect among them, each (n,)."""
        return [
            [start + a * f.J + f.codes for a in range(f.q)]
            for f, start in zip(self.factors[1:], self.offsets[:-1], strict=True)
        ]


def predictor(model: Design, made: Standardised, X: Array, outcome: Outcome) -> Predictor:
    """The standardised design of a mixed model; terms of one grouping factor are put together."""
    starts = np.cumsum([0, *(len(part.names) for part in model.random)])
    factors = []
    for group in dict.fromkeys(part.group for part in model.random):
        mine = [k for k, part in enumerate(model.random) if part.group == group]
        rows = [int(r) for k in mine for r in range(starts[k], starts[k + 1])]
        factors.append(
            Factor(
                grouping=model.groupings[group],
                codes=model.groupings[group].codes,
                names=tuple(name for k in mine for name in model.random[k].names),
                pattern=Pattern(tuple(len(model.random[k].names) for k in mine)),
                Z=np.stack([made.column(made.random[r]) for r in rows]),
                back=made.scaling.random[np.ix_(rows, rows)],
            )
        )
    factors.sort(key=lambda f: f.q * f.J, reverse=True)
    check_size(factors)
    return Predictor(X, outcome, tuple(factors))


def check_size(factors: Sequence[Factor]) -> None:
    """That what all factors but the largest add to the curvature is worth a dense matrix."""
    effects = [f.q * f.J for f in factors]
    rest = sum(effects[1:])
    if rest > MOST_DENSE or rest * max(effects, default=0) > MOST_CELLS:
        crossed = [f"{f.grouping.name} {k:,}" for f, k in zip(factors, effects, strict=True)]
        raise UnsupportedError(
            f"too many random effects in several grouping factors ({', '.join(crossed)}): beside "
            f"the largest factor's there may be {MOST_DENSE:,}; leave a random term out",
            "memory",
        )
