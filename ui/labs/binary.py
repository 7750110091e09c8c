"""A binary outcome: nurses who mean to leave, and two kinds of average."""

from typing import Any

from ui.labs.lab import Found, Lab, Step, table
from ui.labs.material import Material, estimate, estimates, variance
from ui.prose import fixed, percent, sentence, share, words
from workbench.plan import Request

RIGHT = "leave ~ fam + valued + age + male + outer"
MIXED = f"{RIGHT} + (1 | hospital)"
NULL = Request("leave ~ 1 + (1 | hospital)", "binary", "laplace")
FULL = Request(MIXED, "binary", "laplace")
QUADRATURE = Request(MIXED, "binary", "quadrature")
POOLED = Request(RIGHT, "binary", "glm")
GEE = Request(RIGHT, "binary", "gee", "hospital")
NAMES = {
    "fam": "family-friendly",
    "valued": "feels valued",
    "age": "age, years",
    "male": "man",
    "outer": "outer London",
}


def null(on: Material) -> Found:
    fit = on.fit(NULL)
    mor = float(fit.median_odds_ratio["hospital"])
    return Found(
        f"The standard deviation between hospitals is {fixed(variance(fit, 'hospital') ** 0.5)} "
        "on the scale of log-odds. On that scale a nurse’s own part has the variance π²/3 = "
        f"{fixed(fit.residual_variance)}, by definition and not by estimation, so that the latent "
        f"ICC is {share(float(fit.icc['hospital']), 3)}. Easier to picture is the **median odds "
        f"ratio**, {fixed(mor)}: move a nurse between two hospitals drawn at random to the one "
        "where more want to leave, and in half of such moves the odds rise by more than that "
        "factor.",
    )


def full(on: Material) -> Found:
    before, fit = on.fit(NULL), on.fit(FULL)
    u0, u1 = (variance(each, "hospital") for each in (before, fit))
    return Found(
        f"{percent(u1 / u0)}: a standard deviation of {fixed(u1**0.5)}, a latent ICC of "
        f"{share(float(fit.icc['hospital']), 3)}. Among the predictors is whether the hospital "
        "lies in outer London, which only tells hospitals apart. One caution: a logit fixes the "
        "nurses’ own variance at π²/3, so predictors of nurses stretch the scale, and variances of "
        "two models are not strictly on the same one."
    )


def ratios(on: Material) -> Found:
    found = on.fit(FULL).ratios
    decade = float(found["ratio"]["age"] ** 10)
    return Found(
        f"The odds of meaning to leave are {fixed(found['ratio']['valued'])} times as large for a "
        "nurse who feels valued as for one who does not, in the same hospital and otherwise alike. "
        f"A year of age multiplies them by {fixed(found['ratio']['age'])}, ten years by "
        f"{fixed(decade)}: ratios multiply. An odds ratio is no ratio of chances.",
        table(
            ("Odds ratio", "estimate", "95 % interval"),
            *(
                (
                    name,
                    fixed(found["ratio"][t]),
                    f"{fixed(found['lower'][t])} to {fixed(found['upper'][t])}",
                )
                for t, name in NAMES.items()
            ),
        ),
    )


def quadrature(on: Material) -> Found:
    quick, exact = on.fit(FULL), on.fit(QUADRATURE)
    return Found(
        f"Very little: the standard deviation between hospitals is {sd(exact)} instead of "
        f"{sd(quick)}. With "
        f"{fixed(quick.n / quick.n_groups['hospital'], 0)} nurses to a hospital the Laplace "
        "approximation is close. With few rows to a group and a large variance it is not, and "
        "quadrature is what to report.",
        table(
            ("Estimate (SE)", "Laplace", "7 points"),
            *estimates(NAMES, quick, exact),
            ("SD between hospitals", sd(quick), sd(exact)),
        ),
    )


def sd(fit: Any) -> str:
    return fixed(variance(fit, "hospital") ** 0.5, 4)


def pooled(on: Material) -> Found:
    plain, mixed = on.fit(POOLED), on.fit(FULL)
    se = [fit.coefficients["se"]["outer"] for fit in (plain, mixed)]
    return Found(
        f"That of outer London: {fixed(se[1], 3)} with random intercepts, {fixed(se[0], 3)} "
        f"without. It is a property of {mixed.n_groups['hospital']} hospitals, and a logit that "
        f"does not know hospitals counts {plain.n:,} nurses. The nurses’ own predictors hardly "
        "move.",
        table(
            ("Estimate (SE)", "logit", "random intercepts"),
            *estimates(NAMES, plain, mixed),
        ),
    )


def marginal(on: Material) -> Found:
    mixed, average = on.fit(FULL), on.fit(GEE)
    expected = mixed.marginal_coefficients
    size = {fit: fit.coefficients["estimate"][list(NAMES)].abs() for fit in (mixed, average)}
    nearer = int((size[average] < size[mixed]).sum())
    return Found(
        f"{sentence(words(nearer))} of {words(len(NAMES))} are nearer, by a little. GEE describes "
        "the average over hospitals, the mixed model one hospital; the curve of the average is "
        "flatter. But hospitals differ so little here that flatter "
        "means next to nothing: of the mixed model’s "
        f"{fixed(mixed.coefficients['estimate']['valued'], 3)} for feeling valued, "
        f"{fixed(expected['valued'], 3)} is expected of the average, and GEE gives "
        f"{fixed(average.coefficients['estimate']['valued'], 3)}. Neither model is wrong. With "
        f"{mixed.n_groups['hospital']} hospitals GEE’s robust standard errors are too small on "
        "average: they need more groups.",
        table(
            ("Estimate (SE)", "mixed model", "averaged", "GEE"),
            *(
                (name, estimate(mixed, t, 3), fixed(expected[t], 3), estimate(average, t, 3))
                for t, name in NAMES.items()
            ),
        ),
    )


LAB = Lab(
    name="binary",
    title="A binary outcome",
    purpose="Ask how much of the wish to leave lies with the hospital, and what goes with it. With "
    "a yes-or-no outcome variances live on a scale that nobody sees, and “on average” has two "
    "meanings.",
    minutes=30,
    data="london_nurses",
    lessons=(),
    steps=(
        Step(
            "The null model",
            "Choose `leave` as the outcome, yes or no, no predictors, and `hospital` as the group.",
            NULL,
            "There is no residual variance in the output. What will the ICC be made of?",
            null,
        ),
        Step(
            "Five predictors",
            "Add `fam`, `valued`, `age`, `male` and `outer`.",
            FULL,
            "How much of the variance between hospitals will be left?",
            full,
        ),
        Step(
            "Odds ratios",
            "Stay with this model and read its coefficients as odds ratios.",
            FULL,
            "A year of age multiplies the odds by a number just below 1. And ten years?",
            ratios,
        ),
        Step(
            "A better approximation",
            "Choose quadrature with 7 points in place of Laplace.",
            QUADRATURE,
            "The integral over hospitals has no formula. How much does it matter how it is "
            "approximated?",
            quadrature,
        ),
        Step(
            "Without hospitals",
            "Take the group away: an ordinary logit.",
            POOLED,
            "Whose standard error becomes too small?",
            pooled,
        ),
        Step(
            "The average nurse",
            "Fit the same predictors by GEE, with `hospital` as the group.",
            GEE,
            "Are the coefficients of GEE nearer to 0 than those of the mixed model, or further?",
            marginal,
        ),
    ),
)
