"""Effect scores: qualifications scored by the pay that goes with them."""

from typing import Any

import numpy as np

import mlcore
from ui.labs.lab import Found, Lab, Step, table
from ui.labs.material import Material, variance
from ui.prose import fixed, percent, sentence, share
from workbench.plan import Request

NULL = Request("log(fimngrs_dv) ~ 1 + (1 | qfhigh2)")
NET = Request(
    "log(fimngrs_dv) ~ fem + cen_age + cen_age2 + fem:cen_age + fem:cen_age2 + (1 | qfhigh2)",
)
DUMMIES = Request("any_bet ~ C(qfhigh2)", "binary", "glm")


def null(on: Material) -> Found:
    fit = on.fit(NULL)
    scores = in_pounds(on, NULL)
    first, last = scores["esres"].idxmax(), scores["esres"].idxmin()
    return Found(
        f"{percent(float(fit.icc['qfhigh2']), 1)} of the variance of log pay lies between "
        f"{len(scores)} qualifications. Their scores run from £{scores['esres'][last]:,.0f} a "
        f"month ({last}) to £{scores['esres'][first]:,.0f} ({first}). "
        "A score is the model’s intercept plus the group’s effect, and exp() of it, since pay is "
        "logged: a mean on the scale of ratios, below the mean in pounds.",
        table(
            ("Qualification", "people", "score, £"),
            *(
                (name, f"{row['n']:,.0f}", f"{row['esres']:,.0f}")
                for name, row in scores.sort_values("esres", ascending=False)
                .iloc[[0, 1, len(scores) // 2, -2, -1]]
                .iterrows()
            ),
        ),
    )


def small(on: Material) -> Found:
    fit, scores = on.fit(NULL), in_pounds(on, NULL)
    moved = (scores["esres"] - scores["eps"]).abs()
    most, smallest, largest = moved.idxmax(), scores["n"].idxmin(), scores["n"].idxmax()
    half = variance(fit) / variance(fit, "qfhigh2")
    shown = [most, *(name for name in (smallest, largest) if name != most)]
    return Found(
        f"{sentence(most)}, by £{moved[most]:,.0f}: it has {scores['n'][most]} people, "
        "and is far from the mean. A group keeps n / (n + "
        f"{fixed(half, 0)}) of its distance from the mean of groups, on the scale of logs, so that "
        f"{fixed(half, 0)} people are worth half. The smallest group moves by "
        f"£{moved[smallest]:,.0f} only, as it has nowhere to go: it lies near the mean. The "
        f"largest moves by £{moved[largest]:,.0f}.",
        table(
            ("Qualification", "people", "own mean, £", "score, £", "kept"),
            *(
                (
                    name,
                    f"{row['n']:,.0f}",
                    f"{row['eps']:,.0f}",
                    f"{row['esres']:,.0f}",
                    percent(row["n"] / (row["n"] + half)),
                )
                for name, row in scores.loc[shown].iterrows()
            ),
        ),
    )


def net(on: Material) -> Found:
    people, plain = in_pounds(on, NULL)["n"], in_pounds(on, NULL)["esres"]
    held = in_pounds(on, NET)["esres"]
    before, after = plain.rank(ascending=False), held.rank(ascending=False)
    moved = (before - after).abs()
    most = (before - after).idxmax()
    r = float(np.corrcoef(np.log(plain), np.log(held))[0, 1])
    return Found(
        "All scores rise, because they now refer to a man of thirty, the origin of the predictors; "
        f"what counts is how they stand to each other. The order is nearly the same (r = "
        f"{share(r)}), but {most} goes from place {before[most]:.0f} to "
        f"{after[most]:.0f}: who holds it differs in age and sex from the others. Controlling does "
        "not wholly control. The effects are those of the model with these predictors, and of no "
        "other.",
        table(
            ("Qualification", "people", "score, £", "with controls, £", "places"),
            *(
                (
                    name,
                    f"{people[name]:,}",
                    f"{plain[name]:,.0f}",
                    f"{held[name]:,.0f}",
                    f"{before[name]:.0f} → {after[name]:.0f}",
                )
                for name in moved.sort_values(ascending=False, kind="stable").index[:4]
            ),
        ),
    )


def download(on: Material) -> Found:
    fit, scores = on.fit(NULL), in_pounds(on, NULL)
    return Found(
        f"{len(scores)} lines, one for each qualification, with its people, its mean, its score "
        f"and the score’s standard error. Merge it with your own data by the group’s code: in R "
        '`merge(d, scores, by = "qfhigh2")`, in Stata `merge m:1 qfhigh2 using scores`. The file '
        f"was made from {fit.n:,} people with pay; those without get the score of their group "
        "all the same."
    )


def predictor(on: Material) -> Found:
    dummies = on.fit(DUMMIES)
    found = {
        f"{len(dummies.beta)} categories": dummies,
        "own mean, EPS": scored(on, "eps"),
        "score, ESRES": scored(on, "esres"),
    }
    return Found(
        f"One score needs one coefficient instead of {len(dummies.beta) - 1}, and by BIC that is "
        "the better bargain: the log-likelihood falls less than the parameters are worth. The "
        "score was made from pay, not from gambling; in data of real people, that it predicts "
        "gambling would be news.",
        table(
            ("Logit of gambling", "parameters", "log-likelihood", "BIC"),
            *(
                (name, str(len(fit.beta)), fixed(fit.loglik, 1), f"{fit.bic:,.0f}")
                for name, fit in found.items()
            ),
        ),
    )


def in_pounds(on: Material, request: Request) -> Any:
    """By qualification: people, geometric mean and score, `n, eps, esres`, in pounds a month."""
    scores = mlcore.effect_scores(on.fit(request))
    names = on.dataset.variables["qfhigh2"].values
    pounds: Any = np.exp(scores[["eps", "esres"]])
    return pounds.assign(n=scores["n"]).rename(index=names)


def scored(on: Material, which: str) -> mlcore.GlmFit:
    """A logit of gambling on one score, standardised over people."""
    scores = np.exp(mlcore.effect_scores(on.fit(NULL))[which])
    rows = mlcore.scored(on.rows, "qfhigh2", "score", scores)
    return mlcore.glm("any_bet ~ z_score", rows, family="binomial")


LAB = Lab(
    name="scores",
    title="Effect scores",
    purpose="Give each qualification a score, by the pay that goes with it, from the random "
    "effects of a model. Small groups and large ones then get scores that can be trusted alike, "
    "and one column stands for many dummies.",
    minutes=25,
    data="qualifications",
    lessons=("esres",),
    steps=(
        Step(
            "Scores by pay",
            "Type the formula: the logarithm of pay, no predictors, `qfhigh2` as the group. Then "
            "open the effect scores.",
            NULL,
            "Which qualification will come first, and about how much a month goes with it?",
            null,
        ),
        Step(
            "Small groups",
            "Stay with this model and compare scores with the groups’ own means.",
            NULL,
            "Which scores differ most from the groups’ own means?",
            small,
        ),
        Step(
            "Net of age and sex",
            "Add `fem`, `cen_age`, `cen_age2` and the products of `fem` with both.",
            NET,
            "Which qualification will gain most places when people of one age and sex are "
            "compared?",
            net,
        ),
        Step(
            "Take the scores home",
            "Go back to the first model and download its scores.",
            NULL,
            "How many lines will the file have, and by what will you merge it?",
            download,
        ),
        Step(
            "A score as a predictor",
            "Fit a logit of `any_bet`, who gambled last week, on `qfhigh2` as a category.",
            DUMMIES,
            "One score instead of all these dummies: better or worse by BIC?",
            predictor,
        ),
    ),
)
