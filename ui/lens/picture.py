"""The spreads of a model as a picture: groups as dots under their curve, the residual as a bar.

Drawn with the style sheet of the stage; what shows a parameter is tied to it by `data-p`.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np
from numpy.typing import NDArray

from mlcore import Fit, PanelFit
from ui.lens.parameters import Parameter
from ui.lens.words import Words, response
from ui.prose import fixed
from ui.stage.axis import ticks

WIDE, TALL, LOW = 520, 268, 172


def svg(fit: Fit, parameters: tuple[Parameter, ...], words: Words) -> str:
    """Estimated heights of the first factor's groups, their SD, and the residual SD."""
    drawn = _heights(fit)
    if drawn is None:
        return ""
    group, values = drawn
    one, many = words.group(group)
    tau = next(p for p in parameters if p.name == f"sd({group},(Intercept))")
    sigma = next((p for p in parameters if p.name == "sigma"), None)
    reach = 1.1 * max(np.abs(values).max(), 2.6 * tau.estimate, sigma.estimate if sigma else 0.0)

    def x(value: float) -> float:
        return float(WIDE / 2 + value / reach * (WIDE / 2 - 12))

    unit = words.unit(response(fit))
    shown = f"{escape(tau.symbol.partition('_')[0])}"
    index = tau.symbol.partition("_")[2]
    parts = [
        *dots(values, x),
        *([] if isinstance(fit, PanelFit) and fit.estimator == "within" else _curve(tau, x)),
        f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="14" y2="{LOW + 50}" class="fixed"/>',
        f'<g data-p="{escape(tau.name)}"><line x1="{x(0):.1f}" x2="{x(tau.estimate):.1f}" y1="76" '
        f'y2="76" class="between-bar"/>'
        f'<text class="label strong between-text" x="{x(tau.estimate) + 10:.1f}" y="81">'
        f'<tspan class="symbol">{shown}</tspan><tspan dy="4" font-size="70%">{index}</tspan>'
        f'<tspan dy="-4"> = {fixed(tau.estimate)} {escape(unit)}</tspan></text></g>',
    ]
    if sigma is not None:
        parts.append(
            f'<g data-p="sigma"><rect x="{x(0):.1f}" y="{LOW + 26}" '
            f'width="{x(sigma.estimate) - x(0):.1f}" height="9" class="lens-within"/>'
            f'<text class="label within-text" x="{x(0) - 10:.1f}" y="{LOW + 35}" '
            f'text-anchor="end">{escape(words.row[1])} of one {escape(one)}: '
            f'<tspan class="symbol">σ</tspan><tspan dy="4" font-size="70%">e</tspan>'
            f'<tspan dy="-4"> = {fixed(sigma.estimate)}</tspan></text></g>'
        )
    parts += [
        f'<text class="label tick" x="{x(tick):.1f}" y="{LOW + 72}" text-anchor="middle">'
        f"{_plain(tick)}</text>"
        for tick in ticks(-reach, reach, 5)
    ]
    parts.append(
        f'<text class="label tick" x="{WIDE - 2}" y="{TALL - 2}" text-anchor="end">'
        f"{escape(unit)} from what the fixed part says</text>"
    )
    said = (
        f"{len(values)} {many}, one dot each: its estimated effect. Their spread is "
        f"{fixed(tau.estimate)} {unit}."
    )
    return (
        f'<p class="muted">{escape(f"{len(values):,} {many}, one dot each: its estimated effect")}'
        f'</p><svg viewBox="0 0 {WIDE} {TALL}" role="img" aria-label="{escape(said)}">'
        f'<defs><pattern id="lens-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="3" height="6" class="hatch"/></pattern></defs>'
        f"{''.join(parts)}</svg>"
    )


def _heights(fit: Fit) -> tuple[str, NDArray[np.float64]] | None:
    """The first factor whose groups differ in height, and by how much each does."""
    for group, effects in fit.effects.items():
        if "(Intercept)" in effects.names:
            return group, fit.ranef[group]["(Intercept)"].to_numpy(float)
    if isinstance(fit, PanelFit) and fit.estimator in ("within", "random") and not fit.panel.ways:
        return fit.panel.entity.name, np.asarray(fit.entity_effects, dtype=np.float64)
    return None


def dots(values: NDArray[np.float64], x: Callable[[float], float]) -> list[str]:
    """Dots stacked in bins; of more than 300 groups the bins are bars."""
    bins = np.round(values / np.ptp(values) * 44) if np.ptp(values) > 0 else np.zeros(len(values))
    places, counts = np.unique(bins, return_counts=True)
    step = float(np.ptp(values) / 44) if np.ptp(values) > 0 else 1.0
    most = counts.max()
    gap = min(9.4, 120 / most)
    found = []
    for place, count in zip(places, counts, strict=True):
        at = x(place * step)
        if most > 30:
            tall = count * gap
            found.append(
                f'<rect x="{at - 3.6:.1f}" y="{LOW - tall:.1f}" width="7.2" height="{tall:.1f}" '
                'class="lens-dot"/>'
            )
        else:
            found += [
                f'<circle cx="{at:.1f}" cy="{LOW - 5 - gap * i:.1f}" r="{min(4.2, gap / 2.1):.1f}" '
                'class="lens-dot"/>'
                for i in range(count)
            ]
    return found


def _curve(tau: Parameter, x: Callable[[float], float]) -> list[str]:
    if not tau.estimate > 0:
        return []
    z = np.linspace(-2.7, 2.7, 61)
    points = " ".join(
        f"{x(tau.estimate * at):.1f},{LOW - 118 * np.exp(-at * at / 2):.1f}" for at in z
    )
    return [f'<polyline points="{points}" class="lens-curve"/>']


def _plain(value: float) -> str:
    text = f"{value:g}".replace("-", "−")
    return f"+{text}" if value > 0 else text
