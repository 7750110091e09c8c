"""Generalised models in Python: statsmodels, or the core where it fits none by likelihood."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore import GeeFit, GlmFit, GlmmFit, OrdinalFit
from ui.lens.discrete.scale import clusters, mixed, trials
from ui.lens.runs import Line, Run, line

SHARED = {"C", "I"}  # what formulas call that means the same to statsmodels


def by_statsmodels(fit: GlmFit) -> bool:
    return not isinstance(fit, GlmmFit)


def imports(fit: GlmFit, functions: set[str]) -> list[str]:
    if by_statsmodels(fit) and not functions - SHARED:
        return ["import statsmodels.api as sm", "import statsmodels.formula.api as smf"]
    return [f"from mlcore import {core(fit)}  # of this course"]


def core(fit: GlmFit) -> str:
    """The function of the core that fits it."""
    if isinstance(fit, OrdinalFit):
        return "ordinal"
    if isinstance(fit, GeeFit):
        return "gee"
    return "glmm" if isinstance(fit, GlmmFit) else "glm"


def python(fit: GlmFit, fixed: str, functions: set[str], used: Sequence[str]) -> list[Line]:
    """`fixed` is the formula without random terms, as statsmodels takes it."""
    if not by_statsmodels(fit) or functions - SHARED:
        return _core(fit)
    names = ", ".join(f'"{name}"' for name in sorted({*used, clusters(fit), trials(fit)} - {""}))
    found = [line(f"d = d.dropna(subset=[{names}])")]
    link = "sm.families.links.Probit()" if fit.link == "probit" else ""
    family = f"sm.families.{fit.family.capitalize()}({link})"
    if isinstance(fit, GeeFit):
        kind = "Independence" if fit.alpha == 0.0 else "Exchangeable"
        working = f"cov_struct=sm.cov_struct.{kind}()"
        return [
            *found,
            line(f'm = smf.gee("{fixed}", "{clusters(fit)}", d, family={family},'),
            line("            ", Run(working, "alpha"), ")"),
            line('m = m.fit(ddof_scale=0, scale="X2", maxiter=200, ctol=1e-10)'),
            line("print(m.summary())"),
            line("print(m.params)"),
            line("print(m.cov_struct.summary())"),
            *([line("print(", Run("m.scale ** 0.5", "sigma"), ")")] * (fit.family == "gaussian")),
        ]
    found.append(line(f'm = smf.glm("{fixed}", d, family={family})'))
    if size := trials(fit):
        y, _, right = fixed.partition("~")
        found = [
            found[0],
            line(f'd["failed"] = d["{size}"] - d["{y.strip()}"]'),
            line(f'm = smf.glm("{y.strip()} + failed ~{right}", d, family={family})'),
        ]
    if group := clusters(fit):
        found += [
            line(f'clusters = d["{group}"].astype("category").cat.codes'),
            line('spread = {"groups": clusters, "use_correction": False}'),
            line('m = m.fit(cov_type="cluster", cov_kwds=spread)'),
            line("G = clusters.nunique()"),
            line("print(m.params, m.bse * (G / (G - 1)) ** 0.5)   # the factor that Stata takes"),
        ]
        return found
    return [*found, line("m = m.fit()"), line("print(m.summary())"), line("print(m.params)")]


def _core(fit: GlmFit) -> list[Line]:
    options = {
        "family": fit.family if fit.family not in ("binomial", "ordinal") else "",
        "link": fit.link if fit.link == "probit" else "",
        "trials": trials(fit),
        "group" if isinstance(fit, GeeFit) else "cluster": clusters(fit),
    }
    more = [f', {name}="{value}"' for name, value in options.items() if value]
    if isinstance(fit, GlmmFit) and fit.n_quad > 1:
        more.append(f", n_quad={fit.n_quad}")
    found = [
        line(f'm = {core(fit)}("{fit.formula}", d{"".join(more)})'),
        line("print(m.coefficients)"),
    ]
    if isinstance(fit, OrdinalFit):
        found.append(line("print(m.thresholds)"))
    if mixed(fit):
        spreads = [f"sd({group},{e.names[0]})" for group, e in fit.effects.items()]
        found.append(line("print(", Run("m.variance_components", spreads[0]), ")"))
    if isinstance(fit, GeeFit):
        found.append(line("print(", Run("m.alpha", "alpha"), ", m.sigma)"))
    return found
