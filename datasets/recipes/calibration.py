"""How synthetic data are made to give a printed table: three corrections, each the smallest.

tilt       weights of cells or of units, until weighted sums are what they should be
exchange   whole numbers, one unit given by one place to another, until sums are right
correct    a response, until it satisfies linear equations
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

SHELF = Path(__file__).parents[1]

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


def tilt(prior: Array, rows: Array, target: Array, slack: Array) -> Array:
    """Weights w (n,) nearest to `prior` with rows @ w = target, give or take `slack`.

    Minimises sum w log(w / prior) - w + s' slack^-1 s / 2 where s = target - rows @ w, by Newton's
    method on the dual: w = prior exp(rows' l). Shapes: rows (m, n), target (m,), slack (m, m).
    """
    scale = 1.0 / np.sqrt(rows**2 @ prior)
    A, b, S = rows * scale[:, None], target * scale, slack * np.outer(scale, scale)

    def weights(dual: Array) -> Array:
        return prior * np.exp(np.clip(A.T @ dual, -30.0, 30.0))

    def height(dual: Array) -> float:
        return float(weights(dual).sum() - b @ dual + 0.5 * dual @ S @ dual)

    dual = np.zeros(len(b))
    for _ in range(200):
        w = weights(dual)
        gradient = A @ w - b + S @ dual
        curvature = (A * w) @ A.T + S
        curvature[np.diag_indices(len(b))] += 1e-12 * np.trace(curvature)
        step = -np.linalg.solve(curvature, gradient)
        if -gradient @ step < 1e-12:
            break
        length, here = 1.0, height(dual)
        while height(dual + length * step) > here and length > 1e-9:
            length /= 2.0
        dual += length * step
    return weights(dual)


def exchange(
    counts: Whole,
    rows: Array,
    target: Array,
    *,
    lower: Whole | int,
    upper: Whole | int,
    steps: int,
    rng: np.random.Generator,
    blocks: Whole | None = None,
    bend: Array | float = 0.0,
    width: int = 400,
) -> Whole:
    """Whole `counts` (n,) changed until the squares of rows @ counts - target stop falling.

    Each step moves two places by one, the best pair among `width` drawn at random: of the same
    block, one up and one down, so that a block's sum never changes; without blocks, up or down as
    may be. `rows` (m, n) are in units of what may be missed; `bend` (m,) is what any move adds to a
    sum, where the sum is of squares and `rows` its slope.
    """
    counts = counts.copy()
    lowest, highest = (np.broadcast_to(bound, counts.shape) for bound in (lower, upper))
    if blocks is None:
        members = [np.arange(len(counts))]
    else:
        members = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    chance = np.sqrt([len(places) for places in members])
    misses = rows @ counts - target
    for block in rng.choice(len(members), size=steps, p=chance / chance.sum()):
        places = members[block]
        if len(places) > width:
            places = rng.choice(places, width, replace=False)
        way = np.ones(len(places), np.int64)
        if blocks is None:
            way = rng.choice([-1, 1], len(places))
        A = rows[:, places] * way
        bent = misses + 2.0 * np.asarray(bend)
        products, toward = A.T @ A, A.T @ bent
        norms = np.diagonal(products)
        change = (norms + 2.0 * toward)[:, None] + (norms - 2.0 * toward)[None, :] - 2.0 * products
        change += bent @ bent - misses @ misses
        up, down = counts[places] + way, counts[places] - way
        change[(up < lowest[places]) | (up > highest[places])] = np.inf
        change[:, (down < lowest[places]) | (down > highest[places])] = np.inf
        np.fill_diagonal(change, np.inf)
        taker, giver = np.unravel_index(np.argmin(change), change.shape)
        if change[taker, giver] < 0.0:
            counts[places[taker]] += way[taker]
            counts[places[giver]] -= way[giver]
            misses = bent + A[:, taker] - A[:, giver]
    return counts


def correct(y: Array, rows: Array, target: Array) -> Array:
    """The response nearest to `y` (n,) with rows @ y = target; rows (m, n)."""
    scale = 1.0 / np.linalg.norm(rows, axis=1)
    A = rows * scale[:, None]
    short = target * scale - A @ y
    return np.asarray(y + A.T @ np.linalg.lstsq(A @ A.T, short, rcond=1e-13)[0])


def rounded(weights: Array, blocks: Whole) -> Whole:
    """Whole counts near `weights`, whose sums over blocks are kept: the largest remainders win."""
    counts = np.floor(weights).astype(np.int64)
    for block in np.unique(blocks):
        inside = np.flatnonzero(blocks == block)
        short = round(float(weights[inside].sum())) - int(counts[inside].sum())
        counts[inside[np.argsort(counts[inside] - weights[inside])[:short]]] += 1
    return counts


def write(name: str, frame: pd.DataFrame) -> None:
    """Put the rows on the shelf as Parquet, whole numbers as narrow as they go."""
    narrow = frame.copy()
    for column in frame.select_dtypes("integer"):
        narrow[column] = pd.to_numeric(frame[column], downcast="integer")
    table = pa.Table.from_pandas(narrow, preserve_index=False)
    pq.write_table(
        table.replace_schema_metadata(None),
        SHELF / f"{name}.parquet",
        compression="zstd",
        compression_level=19,
    )
