"""The fit without the covariance of intercepts and slopes: now the origin matters."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mlcore import loglik_without_covariance
from ui import cache
from ui.pictures.slopes import Array, Range, is_refitted, it_is, model, where
from ui.stage.axis import Axis, ticks
from ui.stage.handles import Slider
from ui.stage.layout import Column, Frame, Note, Readout, Table
from ui.stage.marks import Dots, Handle, Label, Path, Rule, Segments
from ui.stage.quantity import control, data, sweep
from ui.stage.scene import Stage
from ui.stage.text import text


def can_leave_out(name: str) -> bool:
    """Whether the model can be fitted at every origin in a moment, and both terms vary."""
    return is_refitted(name) and not cache.fit(cache.case(name).slopes, name, reml=False).boundary


def steps(at: Range) -> Array:
    """Every origin that the handle can have."""
    return np.linspace(at.low, at.high, round((at.high - at.low) / at.step) + 1)


@lru_cache(maxsize=16)
def logliks(name: str) -> tuple[float, Array, float]:
    """With the covariance, without it at every origin, without random slopes."""
    it = cache.case(name)
    full = cache.fit(it.slopes, name, reml=False)
    none = cache.fit(it.intercepts, name, reml=False)
    return full.loglik, loglik_without_covariance(full, steps(where(name))), none.loglik


@lru_cache(maxsize=16)
def without(name: str) -> Stage:
    it, at, tau, c = cache.case(name), where(name), model(name), control("c")
    full, curve, none = logliks(name)
    x = steps(at)
    here = sweep(curve, [(c, x)])
    span = full - none
    up = Axis((none - 0.12 * span, full + 0.25 * span), [], "log-likelihood")
    label = it.label(it.model.predictor)
    frame = Frame(
        [
            Rule(y=none, role="context", dashed=True),
            Label(at.low, none, text("{v:1} without random slopes", v=data(none)), role="context",
                  dx=6, dy=-6),
            Path([at.low, at.high], [full, full], role="fixed"),
            Label(at.low, full, text("{v:1} with the covariance", v=data(full)), strong=True,
                  dx=6, dy=-8),
            Path(x, curve, role="between", width=2.6),
            Segments(c, here, c, full, role="ink", width=1.6),
            Dots(c, here, role="between", size=6),
            Label(c, here, text("{v:1} without it", v=here), role="between", strong=True, dx=11,
                  dy=16),
            Handle("c", edge=True, text=text(f"‹ c = {{c:{at.form}}} ›", c=c)),
        ],
        Axis((at.low, at.high), ticks(at.low, at.high, 6), label),
        up,
        height=220,
        low=170,
    )  # fmt: skip
    return Stage(
        key="without",
        prefix="without_",
        controls=[
            Slider("c", f"origin of {label}", at.low, at.high, 0.0, at.step, "c",
                   it.measure(it.model.predictor), at.form),
        ],
        columns=[
            Column([frame], 1.9, (24, 24)),
            Column(
                [
                    Note("What leaving it out costs", heading=True),
                    Readout("log-likelihood lost", text("{d:2}", d=full - here),
                            "against the model with the covariance", "between"),
                    Readout("gained over parallel lines", text("{d:2}", d=here - none),
                            text("{d:2} with the covariance", d=data(full - none))),
                    Readout("correlation set to 0, estimated", text(
                        "{r:share}", r=sweep(tau.correlation_at(x), [(c, x)])),
                        "at this origin, if it is fitted", "between"),
                ],
                1,
                (16, 16),
            ),
        ],
        finding=text(
            f"Without the covariance the origin matters: at c = {{c:{at.form}}} the fit loses "
            "{d:1} of the {s:1} that random slopes are worth.",
            c=c, d=full - here, s=data(span),
        ),
        sentence=text("Its log-likelihood is {v:2}; with the covariance it is {f:2} everywhere.",
                      v=here, f=data(full)),
        table=Table(
            "Log-likelihood without the covariance, by origin",
            [("c", [it_is(value, at) for value in x], ""), ("log-likelihood", curve, "2"),
             ("lost", full - curve, "2")],
        ),
    )  # fmt: skip
