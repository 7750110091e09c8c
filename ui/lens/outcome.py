"""The left-hand side of a model's equations, and what is drawn once the linear predictor is known.

    leave_ij ~ Bernoulli(p_ij),     logit(p_ij) = β_0j + β_1 age_ij.

A model of ordered categories has thresholds in place of an intercept, a marginal one a correlation
in place of groups' effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlcore import Design, Fit, GeeFit, GlmFit
from ui.lens.discrete.scale import Kind, clusters, scale, trials
from ui.lens.parameters import Parameter
from ui.lens.symbols import column, indexed, of, plain, residual, values
from ui.lens.terms import factor_of

LOGISTIC = "π²/3 = 3.29"


@dataclass(frozen=True)
class Outcome:
    """An outcome of a `kind`; `trials` is the column that counts them, `clusters` that of groups.

    `marginal` is a model of the population's average, which has no groups' effects.
    """

    name: str
    kind: Kind
    link: str = "logit"
    trials: str = ""
    clusters: str = ""
    marginal: bool = False

    def equals(self, parts: Sequence[str], index: str) -> str:
        total = " + ".join(parts) or "0"
        match self.kind:
            case "binary" | "share":
                return f"{self.link}({plain('p', index)}) = {total}"
            case "count":
                return f"log({plain('μ', index)}) = {total}"
            case "ordered":
                below = f"P({indexed(self.name, index)} ≤ <i>k</i>)"
                return f"logit {below} = {plain('κ', 'k')} − ({total})"
        return f"{indexed(self.name, index)} = {' + '.join([*parts, residual(index)])}"

    def distribution(self, index: str) -> list[str]:
        """What is drawn, given the linear predictor."""
        own, p, mu = indexed(self.name, index), plain("p", index), plain("μ", index)
        match self.kind:
            case "binary":
                return [f"E({own}) = {p}" if self.marginal else f"{own} ~ Bernoulli({p})"]
            case "share":
                return [f"{own} ~ Binomial({indexed(self.trials, index)}, {p})"]
            case "count":
                return [f"E({own}) = {mu}" if self.marginal else f"{own} ~ Poisson({mu})"]
        return []

    def own(self, found: Sequence[Parameter], grouped: bool) -> list[str]:
        """Its own parameters with their numbers, and where the residual is if no parameter is."""
        cuts = [p for p in found if p.symbol.startswith("κ")]
        ends = [of(p) for p in cuts[:: max(1, len(cuts) - 1)]]
        between = " &lt; … &lt; " if len(cuts) > 2 else " &lt; "
        made = [between.join(ends) + values(cuts)] if cuts else []
        for p in found:
            if p.name == "alpha":
                two = column(f"two rows of one {self.clusters}")
                made.append(f"corr({two}) = {of(p)}{values([p])}")
        if grouped and self.kind in ("binary", "share", "ordered"):
            normal = self.link == "probit"
            law, size = ("normal", "1") if normal else ("logistic", LOGISTIC)
            made.append(
                f'<span class="muted">no <i>σ</i><sub>e</sub>: a {law} residual, variance {size}'
                "</span>"
            )
        return made

    @property
    def spoken(self) -> str:
        match self.kind:
            case "binary" | "share":
                scale_of = "probit" if self.link == "probit" else "log odds"
                return f"the {scale_of} of {self.name}"
            case "count":
                return f"the logarithm of the mean of {self.name}"
            case "ordered":
                return (
                    f"what the log odds of {self.name} at most k fall short of the threshold k by"
                )
        return self.name


def planned(design: Design, kind: Kind) -> Outcome:
    return Outcome(named(design), kind)


def fitted(fit: Fit) -> Outcome:
    if not isinstance(fit, GlmFit):
        return planned(fit.design, "continuous")
    marginal = isinstance(fit, GeeFit)
    name, kind = named(fit.design), scale(fit).kind
    return Outcome(name, kind, fit.link, trials(fit), clusters(fit), marginal)


def named(design: Design) -> str:
    """The outcome as the equations have it, `rating` for `factor(rating)`."""
    return factor_of(design.formula.response) or str(design.formula.response)
