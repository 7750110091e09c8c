"""Which groups can reach each other through shared rows: the islands of a design.

With several grouping factors one is eliminated (the one with the most effects), and the system of
the others' effects is solved. That system falls apart in islands, sets of groups that share rows
with each other and with no one else. In nested data every highest unit is an island; a crossed
design is usually one. Islands of the same shape are worked on side by side.

An island has `m = sum_g q_g n_g` remaining effects, those of factor g ordered by column, then by
level. The eliminated groups are its rows, filled up with empty ones to the most in its batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array

from mlcore.arrays import Array, Indices
from mlcore.language.design import Grouping

LARGE = 1_000_000  # cells of an island that is worked on alone


@dataclass(frozen=True, eq=False)
class Shape:
    """C islands with `rows` eliminated groups (at most) and `counts` n_g of remaining levels.

    `groups` (C, rows) are the eliminated groups, -1 for an empty row; `levels[g]` (C, n_g) the
    levels of factor g. `widths` are the q_g.
    """

    counts: tuple[int, ...]
    widths: tuple[int, ...]
    groups: Indices
    levels: tuple[Indices, ...]

    @property
    def size(self) -> int:
        return len(self.groups)

    @property
    def rows(self) -> int:
        return int(self.groups.shape[1])

    @property
    def m(self) -> int:
        return sum(q * n for q, n in zip(self.widths, self.counts, strict=True))

    @cached_property
    def places(self) -> list[slice]:
        """Where each factor's effects are among the m."""
        ends = np.cumsum([q * n for q, n in zip(self.widths, self.counts, strict=True)])
        starts = np.append(0, ends[:-1])
        return [slice(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


@dataclass(frozen=True, eq=False)
class Archipelago:
    """All islands, in batches of equal shape, and where in the batches each group is found.

    `batch`, `island` and `row` (J,) locate the eliminated groups, `columns[g]` (J_g,) the first
    effect of each remaining level among the m of its island.
    """

    shapes: tuple[Shape, ...]
    batch: Indices
    island: Indices
    row: Indices
    columns: tuple[Indices, ...]


def archipelago(
    eliminated: Grouping, rest: Sequence[Grouping], widths: Sequence[int]
) -> Archipelago:
    """Find the islands; `widths` are the numbers of effects per level of the factors in `rest`."""
    home, homes = components(eliminated, rest)
    counts = np.column_stack([np.bincount(h, minlength=home.max() + 1) for h in homes])
    rows = np.bincount(home)
    # sizes within a factor of two share a batch, large islands are on their own
    alone = np.where(rows * (counts @ widths) > LARGE, np.arange(len(rows)), -1)
    kinds = np.column_stack([counts, np.ceil(np.log2(rows)).astype(np.intp), alone])
    kinds, batch = np.unique(kinds, axis=0, return_inverse=True)
    island = rank(batch)
    row, positions = rank(home), [rank(h) for h in homes]
    shapes, columns = [], [np.empty(len(h), dtype=np.intp) for h in homes]
    for b, kind in enumerate(kinds):
        here = batch == b
        groups = np.full((here.sum(), rows[here].max()), -1, dtype=np.intp)
        mine = np.flatnonzero(here[home])
        groups[island[home[mine]], row[mine]] = mine
        levels, start = [], 0
        for g, (h, position) in enumerate(zip(homes, positions, strict=True)):
            mine = np.flatnonzero(here[h])
            level = np.empty((len(groups), kind[g]), dtype=np.intp)
            level[island[h[mine]], position[mine]] = mine
            columns[g][mine] = start + position[mine]
            start += widths[g] * kind[g]
            levels.append(level)
        ns = tuple(int(n) for n in kind[: len(homes)])
        shapes.append(Shape(ns, tuple(widths), groups, tuple(levels)))
    return Archipelago(tuple(shapes), batch[home], island[home], row, tuple(columns))


def components(
    eliminated: Grouping, rest: Sequence[Grouping]
) -> tuple[Indices, tuple[Indices, ...]]:
    """The island of every eliminated group, and of every level of the other factors."""
    from scipy.sparse.csgraph import connected_components  # 60 ms that a first page can spare

    sizes = [len(eliminated.levels), *(len(group.levels) for group in rest)]
    starts = np.cumsum([0, *sizes])
    one = np.tile(eliminated.codes, len(rest))
    other = np.concatenate([group.codes + s for group, s in zip(rest, starts[1:-1], strict=True)])
    size = int(starts[-1])
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    _, labels = connected_components(links, directed=False)
    parts = np.split(labels.astype(np.intp), starts[1:-1])
    return parts[0], tuple(parts[1:])


def rank(labels: Indices) -> Indices:
    """The position of each element among those with its label."""
    order = np.argsort(labels, kind="stable")
    starts = np.cumsum(np.bincount(labels)) - np.bincount(labels)
    position = np.empty(len(labels), dtype=np.intp)
    position[order] = np.arange(len(labels)) - starts[labels[order]]
    return position


def expand(roots: Sequence[Array], shape: Shape) -> Array:
    """The relative covariance factor of an island's m effects, from those of one level each."""
    whole = np.zeros((shape.m, shape.m))
    for place, root, n in zip(shape.places, roots, shape.counts, strict=True):
        level = place.start + np.arange(n)
        for a, b in zip(*np.nonzero(root), strict=True):
            whole[level + a * n, level + b * n] = root[a, b]
    return whole
