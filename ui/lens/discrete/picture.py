"""Groups on the outcome's own scale: a dot each, two of three in a bar, the median, the average.

On the scale of the linear predictor the groups are normal; the curve that leads to probabilities
and counts bends them, so that the average over groups is not where the median group is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from textwrap import shorten

import numpy as np
from numpy.typing import NDArray

from mlcore import GlmFit
from ui.lens.discrete.place import Place, placed
from ui.lens.parameters import Parameter
from ui.lens.picture import LOW, TALL, WIDE, dots
from ui.lens.words import Words
from ui.stage.axis import ticks

Scaled = Callable[[float], float]
HIGH, WIDEST = 118, 2.7  # of the curve: its height, and its ends in SDs
LONGEST, MOST = 22, 68  # letters of a noun, and of a line
RIGHT = 0.55  # a label beyond this share of the picture is written to the left of its mark


def svg(fit: GlmFit, parameters: Sequence[Parameter], words: Words) -> str:
    """The groups of the first factor at the mean of all columns."""
    if not fit.effects:
        return ""
    place, group = placed(fit, words), next(iter(fit.effects))
    one, many = words.group(group)
    if len(many) > LONGEST:
        one, many = "group", "groups"
    tau = next(p for p in parameters if p.name.startswith(f"sd({group},"))
    eta, spread = place.eta(), place.spread(group)
    values = place.curve(eta + fit.effects[group].values @ place.columns(group))
    low, median, high = (place.chance(eta + sign * spread) for sign in (-1.0, 0.0, 1.0))
    whole = place.averaged(eta)
    z = np.linspace(-WIDEST, WIDEST, 121)
    curve = place.curve(eta + spread * z)
    start, end = ends(place, np.concatenate([values, curve, [whole]]))

    def x(value: float) -> float:
        return float(12 + (value - start) / (end - start) * (WIDE - 24))

    texts = {each: place.said(each) for each in (low, median, high, whole)}
    reach = f"two {many} in three: {texts[low]} to {texts[high]}"
    room = 4.0 * len(reach)
    middle = min(max(x(0.5 * (low + high)), room), WIDE - room)
    parts = [
        *dots(values - median, lambda value: x(value + median)),
        *bent(z, curve, spread, x),
        f'<line x1="{x(median):.1f}" x2="{x(median):.1f}" y1="44" y2="{LOW + 28}" class="fixed"/>',
        f'<line x1="{x(whole):.1f}" x2="{x(whole):.1f}" y1="44" y2="{LOW + 48}" '
        'class="lens-average"/>',
        f'<g data-p="{escape(tau.name)}"><line x1="{x(low):.1f}" x2="{x(high):.1f}" y1="34" '
        f'y2="34" class="between-bar"/><text class="label strong between-text" x="{middle:.1f}" '
        f'y="24" text-anchor="middle">{escape(reach)}</text></g>',
        label(x(median), LOW + 26, f"median {one}: {texts[median]}", ""),
        label(x(whole), LOW + 46, f"average over all {many}: {texts[whole]}", ""),
        *(
            f'<text class="label tick" x="{x(at):.1f}" y="{LOW + 72}" text-anchor="middle">'
            f"{at:g}</text>"
            for at in ticks(start, end, 5)
        ),
        f'<text class="label tick" x="{WIDE - 2}" y="{TALL - 2}" text-anchor="end">'
        f"{escape(shorten(place.expected, MOST, placeholder=' …'))}</text>",
    ]
    head = f"{len(values):,} {many}, one dot each, at the mean of all columns"
    said = (
        f"{head}. {place.expected}: two {many} in three from {texts[low]} to {texts[high]}, median "
        f"{one} {texts[median]}, average over all {many} {texts[whole]}."
    )
    return (
        f'<p class="muted">{escape(head)}</p>'
        f'<svg viewBox="0 0 {WIDE} {TALL}" role="img" aria-label="{escape(said)}">'
        f"{''.join(parts)}</svg>"
    )


def ends(place: Place, values: NDArray[np.float64]) -> tuple[float, float]:
    """From the lowest to the highest, a little more, and within what is possible."""
    low, high = float(values.min()), float(values.max())
    pad = 0.05 * (high - low) or 0.05 * max(abs(high), 0.1)
    most = np.inf if place.scale.kind == "count" else 1.0
    return max(0.0, low - pad), min(most, high + pad)


def bent(z: NDArray[np.float64], curve: NDArray[np.float64], spread: float, x: Scaled) -> list[str]:
    """The distribution of groups on the outcome's scale, as high as there is room.

    Its density is the normal one over the slope of the curve.
    """
    if not spread > 0:
        return []
    slope = np.maximum(np.gradient(curve, z), 1e-9 * np.ptp(curve))
    density = np.exp(-0.5 * z * z) / slope
    tall = HIGH * density / density.max()
    points = " ".join(f"{x(at):.1f},{LOW - up:.1f}" for at, up in zip(curve, tall, strict=True))
    left, right = (f"{x(at):.1f},{LOW}" for at in (curve[0], curve[-1]))
    return [f'<polyline points="{left} {points} {right}" class="lens-curve"/>']


def label(at: float, y: float, text: str, kind: str) -> str:
    """To the right of its mark, or to the left where there is no room."""
    left = at > RIGHT * WIDE
    place = at - 8 if left else at + 8
    end = ' text-anchor="end"' if left else ""
    return f'<text class="label {kind}" x="{place:.1f}" y="{y}"{end}>{escape(text)}</text>'
