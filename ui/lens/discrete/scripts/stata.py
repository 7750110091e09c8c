"""Generalised models in Stata: `melogit` and its kin, `logit`, `xtgee`."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore import GeeFit, GlmFit, GlmmFit, OrdinalFit
from ui.lens import runs
from ui.lens.discrete.scale import clusters, mixed, ratios, scale, trials
from ui.lens.runs import Line, Run, line


def command(fit: GlmFit) -> str:
    if isinstance(fit, GeeFit):
        return "xtgee"
    if isinstance(fit, OrdinalFit):
        return "meologit" if mixed(fit) else "ologit"
    if mixed(fit):
        return {"logit": "melogit", "probit": "meprobit", "log": "mepoisson"}[fit.link]
    if trials(fit):
        return "glm"
    return {"logit": "logit", "probit": "probit", "log": "poisson"}[fit.link]


def stata(fit: GlmFit, response: str, terms: str, random: Sequence[Run | str]) -> list[Line]:
    """`random` are the equations of the groups, of which the last may have options already."""
    name, group = command(fit), clusters(fit)
    ratio = "irr" if fit.link == "log" else "or"
    if isinstance(fit, GeeFit):
        kind = "independent" if fit.alpha == 0.0 else "exchangeable"
        options = f"family({fit.family}) link({fit.link})"
        comma = " " if "," in terms else ", "
        working = Run(f"corr({kind})", "alpha")
        return [
            line(f"xtset {group}"),
            line(f"xtgee {response} {terms}{comma}{options} ", working, " vce(robust)"),
            line("estat wcorrelation"),
        ]
    start = " ".join(f"{name} {response} {terms}".split())
    extra: list[str] = []
    if size := trials(fit):
        link = f" link({fit.link})"
        extra.append(f"binomial({size})" if mixed(fit) else f"family(binomial {size}){link}")
    if mixed(fit):
        assert isinstance(fit, GlmmFit)
        points = f"intpoints({fit.n_quad})" if fit.n_quad > 1 else "intmethod(laplace)"
        comma = " " if "," in runs.plain([tuple(random[-1:])]) else ", "
        return [
            line(start, *random, f"{comma}{' '.join([points, *extra])}"),
            *([line(f"{name}, {ratio}   // the same as ratios")] if ratios(fit) else []),
            line("estat icc" if scale(fit).residual and simple(fit) else "estat sd"),
        ]
    if group:
        extra.append(f"vce(cluster {group})")
    comma = (" " if "," in terms else ", ") * bool(extra)
    found = [line(f"{start}{comma}{' '.join(extra)}")]
    if ratios(fit):
        found.append(line(f"{name}, {'eform' if name == 'glm' else ratio}   // the same as ratios"))
    return found


def simple(fit: GlmFit) -> bool:
    return all(e.names == ("(Intercept)",) for e in fit.effects.values())
