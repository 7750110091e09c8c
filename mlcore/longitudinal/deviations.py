"""What differs between entities and what changes within them: means, deviations, differences.

    x_it = x_i. + (x_it - x_i.),            with time effects   x_it = a_i + d_t + (the rest).

Every function takes columns M (n, k) and treats them alike, so that a transformation of a model's
rows is one call.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array

from mlcore.arrays import Array, Indices
from mlcore.errors import DataError
from mlcore.gaussian.blocks import indicator
from mlcore.language.design import Grouping


def means(M: Array, group: Grouping) -> Array:
    """The mean of every group, shape (J, k)."""
    sums: Array = indicator(group, np.ones(len(M))) @ M
    return sums / group.sizes[:, None]


def from_means(M: Array, group: Grouping) -> Array:
    """Deviations from the mean of the own group, shape (n, k)."""
    deviations: Array = M - means(M, group)[group.codes]
    return deviations


@dataclass(frozen=True, eq=False)
class TwoWay:
    """Entities seen at several times; not every entity need be seen at every time.

    The d_t that are swept out with the a_i solve [diag(n_t) - C' diag(1/n_i) C] d = the sums over t
    of the deviations from the a_i, where C (entities, times) counts rows. Its `rank` is one less
    than the number of times, or even less where parts of the panel share no time.
    """

    entity: Grouping
    time: Grouping

    @cached_property
    def counts(self) -> csc_array:
        places = self.entity.codes, self.time.codes
        shape = len(self.entity.levels), len(self.time.levels)
        return csc_array((np.ones(len(self.entity.codes)), places), shape)

    @property
    def balanced(self) -> bool:
        """Whether every entity is seen at every time."""
        return len(self.entity.codes) == len(self.entity.levels) * len(self.time.levels)

    @cached_property
    def normal(self) -> Array:
        C, n = self.counts, self.entity.sizes
        equations: Array = np.diag(self.time.sizes) - (C.T @ (C / n[:, None])).toarray()
        return equations

    @cached_property
    def rank(self) -> int:
        return int(np.linalg.matrix_rank(self.normal))

    def effects(self, M: Array) -> tuple[Array, Array]:
        """The a_i (entities, k), about the level of the columns, and the d_t (times, k)."""
        sums = indicator(self.time, np.ones(len(M))) @ from_means(M, self.entity)
        d = np.linalg.lstsq(self.normal, sums, rcond=None)[0]
        d -= np.average(d, axis=0, weights=self.time.sizes)
        return means(M - d[self.time.codes], self.entity), d

    def sweep(self, M: Array) -> Array:
        """What neither entity nor time explains, shape (n, k)."""
        a, d = self.effects(M)
        rest: Array = M - a[self.entity.codes] - d[self.time.codes]
        return rest


def successive(entity: Grouping, time: Grouping) -> tuple[Indices, Indices]:
    """The rows that follow another of their entity, and the rows that they follow."""
    order = np.lexsort((time.codes, entity.codes))
    same = np.diff(entity.codes[order]) == 0
    return order[1:][same], order[:-1][same]


def once_each(entity: Grouping, time: Grouping) -> None:
    """Complain where an entity is seen twice at one time."""
    cell = entity.codes * len(time.levels) + time.codes
    values, counts = np.unique(cell, return_counts=True)
    if counts.max() > 1:
        who, when = divmod(int(values[counts > 1][0]), len(time.levels))
        raise DataError(
            f"{entity.name} {entity.levels[who]} has {counts.max()} rows at {time.name} "
            f"{time.levels[when]}: keep one row, or average them",
            "same time",
        )
