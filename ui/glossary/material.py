"""The fits that the glossary's pictures are drawn from, made once."""

from __future__ import annotations

from functools import cache

import numpy as np

import mlcore
from figures.terms.material import Hill, Interval, Material
from mlcore.gaussian.blocks import blocks, compress
from mlcore.gaussian.profile import profile
from ui import cache as fits


@cache
def material() -> Material:
    """Schools and their pupils, people and their days."""
    null = "gcse ~ 1 + (1 | school)"
    frame = fits.load("school").frame
    frame["lrt_mean"] = frame.groupby("school")["lrt"].transform("mean")
    frame["lrt_within"] = frame["lrt"] - frame["lrt_mean"]
    frame["boys"] = (frame["schgend"] == 2).astype(float)
    rewb = mlcore.lmm("gcse ~ lrt_within + lrt_mean + (1 | school)", frame)
    formula = "gcse ~ lrt + girl + boys"
    plain, robust = mlcore.ols(formula, frame), mlcore.ols(formula, frame, cluster="school")
    slopes = rewb.coefficients["estimate"].to_dict()
    return Material(
        null=fits.fit(null, "school"),
        shrunk=fits.shrinkage(null, "school"),
        families=fits.families("school"),
        pupils=[(x, y) for x, y in fits.points("school")[["x", "y"]].to_numpy()[::90]],
        within=slopes["lrt_within"],
        between=slopes["lrt_mean"],
        days=fits.fit("Reaction ~ Days + (1 + Days | Subject)", "sleepstudy"),
        hill=_hill(),
        boys=Interval(
            plain.coefficients["estimate"].to_dict()["boys"],
            plain.coefficients["se"].to_dict()["boys"],
            robust.coefficients["se"].to_dict()["boys"],
        ),
    )


def _hill() -> Hill:
    """The deviance of a random-intercept model of the reaction times, over sigma_u."""
    model = mlcore.design("Reaction ~ Days + (1 | Subject)", fits.load("sleepstudy").frame)
    products = compress(blocks(model))
    theta = np.linspace(0.55, 2.4, 240)[:, None]
    found = {reml: profile(theta, products, reml=reml) for reml in (False, True)}
    sd = {reml: theta[:, 0] * np.sqrt(each.variance) for reml, each in found.items()}
    grid = np.linspace(22, 66, 221)
    ml, reml = (np.interp(grid, sd[k], found[k].deviance) for k in (False, True))
    return Hill(grid, ml - ml.min(), reml - reml.min())
