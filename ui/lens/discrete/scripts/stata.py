"""Generalised models in Stata: `melogit` and its kin, `logit`, `xtgee`."""

from __future__ import annotations

from collections.abc import Sequence

from pandas.api.types import is_numeric_dtype

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
    if isinstance(fit, GeeFit):
        return _averaged(fit, response, terms)
    found = []
    if isinstance(fit, OrdinalFit) and not all(map(numeric, fit.categories)):
        found.append(line(f"encode {response}, generate({response}_n)"))
        response = f"{response}_n"
    name = command(fit)
    start = " ".join(f"{name} {response} {terms}".split())
    if mixed(fit):
        found += _mixed(fit, start, random)
    else:
        found.append(line(start + joined(terms, _options(fit))))
    if ratios(fit):
        form = "eform" if name == "glm" else "irr" if fit.link == "log" else "or"
        found.append(line(f"{name}, {form}   // the same as ratios"))
    if mixed(fit):
        simple = all(e.names == ("(Intercept)",) for e in fit.effects.values())
        found.append(line("estat icc" if scale(fit).residual and simple else "estat sd"))
    return found


def _mixed(fit: GlmFit, start: str, random: Sequence[Run | str]) -> list[Line]:
    points = fit.n_quad if isinstance(fit, GlmmFit) else 1
    options = [f"intpoints({points})" if points > 1 else "intmethod(laplace)"]
    if size := trials(fit):
        options.append(f"binomial({size})")
    return [line(start, *random, joined(runs.plain([tuple(random[-1:])]), options))]


def _options(fit: GlmFit) -> list[str]:
    size, group = trials(fit), clusters(fit)
    found = [f"family(binomial {size}) link({fit.link})"] if size else []
    return [*found, f"vce(cluster {group})"] if group else found


def _averaged(fit: GeeFit, response: str, terms: str) -> list[Line]:
    group = clusters(fit)
    made = [] if is_numeric_dtype(fit.design.groupings[group].levels) else [f"{group}_n"]
    kind = "independent" if fit.alpha == 0.0 else "exchangeable"
    start = " ".join(f"xtgee {response} {terms}".split())
    options = joined(terms, [f"family({fit.family}) link({fit.link})"])
    return [
        *(line(f"egen {name} = group({group})") for name in made),
        line(f"xtset {[group, *made][-1]}"),
        line(f"{start}{options} ", Run(f"corr({kind})", "alpha"), " vce(robust)"),
        line("estat wcorrelation"),
    ]


def joined(before: str, options: Sequence[str]) -> str:
    """Options as they follow what may have some already: the comma stands once."""
    return "".join([" " if "," in before else ", ", " ".join(options)]) if options else ""


def numeric(label: str) -> bool:
    return label.lstrip("-").replace(".", "", 1).isdigit()
