"""Random slopes: family background counts more in some schools than in others."""

from mlcore import lr_test, random_lines
from ui.labs.lab import Found, Lab, Step, table
from ui.labs.material import Material, correlation, estimate, estimates, variance
from ui.prose import chance, fixed, percent, share
from workbench.plan import Request

PARALLEL = Request("mathach ~ cses + (1 | schid)")
SLOPES = Request("mathach ~ cses + (1 + cses | schid)")
SHIFTED = Request("mathach ~ I(cses - 1) + (1 + I(cses - 1) | schid)")
CROSSED = Request(
    "mathach ~ meanses * cses + sector * cses + (1 + cses | schid)", "continuous", "reml"
)
EDGE = Request("mathach ~ ses * sector + (1 + ses | schid)")
EDGE_WITHOUT = Request("mathach ~ ses * sector + (1 | schid)")


def parallel(on: Material) -> Found:
    fit = on.fit(PARALLEL)
    return Found(
        f"{estimate(fit, 'cses')} points of mathematics for one unit of SES, the same in each of "
        f"{fit.n_groups['schid']} schools, because the model says so: its lines are parallel, and "
        f"only their height differs, with a standard deviation of "
        f"{fixed(variance(fit, 'schid') ** 0.5)} points."
    )


def slopes(on: Material) -> Found:
    fit = on.fit(SLOPES)
    mean, spread = (
        float(fit.coefficients["estimate"]["cses"]),
        variance(fit, "schid", "cses") ** 0.5,
    )
    low, high = mean - 1.96 * spread, mean + 1.96 * spread
    return Found(
        f"Two: the standard deviation of slopes, {fixed(spread)}, and the correlation of slopes "
        f"with intercepts, {share(correlation(fit, 'schid'))}. The mean slope is {fixed(mean)} as "
        "before, but schools differ in it: if slopes are normal, 95 % of schools have one between "
        f"{fixed(low)} and {fixed(high)}. That is the spread of schools, not the uncertainty of "
        f"the mean, whose standard error is {fixed(float(fit.coefficients['se']['cses']))}.",
        table(
            ("Parameter", "parallel lines", "random slopes"),
            ("slope (SE)", estimate(on.fit(PARALLEL), "cses"), estimate(fit, "cses")),
            (
                "SD of intercepts",
                fixed(variance(on.fit(PARALLEL), "schid") ** 0.5),
                fixed(variance(fit, "schid") ** 0.5),
            ),
            ("SD of slopes", "–", fixed(spread)),
            ("correlation", "–", share(correlation(fit, "schid"))),
            (
                "residual SD",
                fixed(variance(on.fit(PARALLEL)) ** 0.5),
                fixed(variance(fit) ** 0.5),
            ),
        ),
    )


def test(on: Material) -> Found:
    from scipy.special import chdtrc

    found = lr_test(on.fit(PARALLEL), on.fit(SLOPES))
    naive = float(chdtrc(found.df, found.statistic))
    return Found(
        f"The statistic is {fixed(found.statistic)}. A variance cannot be negative, so that under "
        "the smaller model half of the samples have nothing to gain from it: the reference is a "
        "mixture, half χ² with 1 and half with 2 degrees of freedom, and "
        f"{chance(found.p)}. χ² with 2 degrees of freedom alone would give {chance(naive)}: too "
        "large, so that one would miss slopes that differ. Both models have the same fixed part, "
        "so REML will do here."
    )


def shifted(on: Material) -> Found:
    here, there = on.fit(SLOPES), on.fit(SHIFTED)
    one = "I(cses - 1)"
    lines = random_lines(here)
    return Found(
        "The fit is the same to the last digit, and so are the slopes and what is left within "
        "schools. The intercept is now the score of a pupil one unit above the school’s mean; "
        f"schools differ there by {fixed(variance(there, 'schid') ** 0.5)} instead of "
        f"{fixed(variance(here, 'schid') ** 0.5)}, and the correlation is "
        f"{share(correlation(there, 'schid'))} instead of {share(correlation(here, 'schid'))}. So "
        "the correlation is a fact about the origin: schools differ least at "
        f"{fixed(lines.narrowest)}, and counted from there it is 0.",
        table(
            ("Parameter", "origin 0", "origin 1"),
            ("log-likelihood", fixed(here.loglik), fixed(there.loglik)),
            ("slope (SE)", estimate(here, "cses"), estimate(there, one)),
            (
                "SD of slopes",
                fixed(variance(here, "schid", "cses") ** 0.5),
                fixed(variance(there, "schid", one) ** 0.5),
            ),
            (
                "SD of intercepts",
                fixed(variance(here, "schid") ** 0.5),
                fixed(variance(there, "schid") ** 0.5),
            ),
            ("correlation", share(correlation(here, "schid")), share(correlation(there, "schid"))),
        ),
    )


def crossed(on: Material) -> Found:
    before, after = on.fit(SLOPES), on.fit(CROSSED)
    was, now = (variance(fit, "schid", "cses") for fit in (before, after))
    b = after.coefficients["estimate"]
    return Found(
        "In Catholic schools. In a public school of average SES a unit of SES goes with "
        f"{fixed(b['cses'])} points, in a Catholic one with {fixed(b['cses'] + b['cses:sector'])}: "
        f"the interaction is {estimate(after, 'cses:sector')}. Where the school’s mean SES is "
        f"higher, a pupil’s own counts for more: {estimate(after, 'meanses:cses')}. Together they "
        f"explain {percent(1 - now / was)} of the variance of slopes, which falls from "
        f"{fixed(was)} to {fixed(now)}. These are schools that were chosen, by families: the "
        "difference need not be the schools’ doing.",
    )


def edge(on: Material) -> Found:
    fit, plain = on.fit(EDGE), on.fit(EDGE_WITHOUT)
    names = {"ses": "SES, public", "sector": "Catholic", "ses:sector": "SES × Catholic"}
    return Found(
        f"That it is on the boundary: the correlation is {share(correlation(fit, 'schid'))}. It "
        "has not failed. With sector in the model, what is left of the slopes’ differences (SD "
        f"{fixed(variance(fit, 'schid', 'ses') ** 0.5)}) moves in step with the intercepts, as far "
        "as these data can tell. Report it as it is, or let only intercepts vary and say so: here "
        "the fixed effects hardly move.",
        table(
            ("Estimate (SE)", "random slopes", "intercepts only"),
            *estimates(names, fit, plain, digits=2),
        ),
    )


LAB = Lab(
    name="slopes",
    title="Random slopes",
    purpose="Let the effect of family background differ between schools, test whether it does, and "
    "ask which schools it differs between. Slopes that vary need more care than intercepts: with "
    "the origin, with the test, and with models that ask too much.",
    minutes=30,
    data="hsb",
    lessons=("slopes",),
    steps=(
        Step(
            "Parallel lines",
            "Choose the mathematics score, `mathach`, as the outcome, SES counted from the "
            "school’s mean, `cses`, as the predictor, and `schid` as the group.",
            PARALLEL,
            "How many points go with one unit of SES, and in how many of the schools?",
            parallel,
        ),
        Step(
            "Slopes of their own",
            "Let the slope of `cses` vary between schools.",
            SLOPES,
            "How many numbers does the output have that it did not have before?",
            slopes,
        ),
        Step(
            "Do slopes differ?",
            "Fit the last two models, if you have not, and read the likelihood-ratio test under "
            "“Compare”.",
            SLOPES,
            "The larger model has two parameters more, one of them a variance. Which distribution "
            "does the statistic have if slopes do not differ?",
            test,
        ),
        Step(
            "Move the origin",
            "Count SES from one unit above the school’s mean: type the formula.",
            SHIFTED,
            "Which of these change: the log-likelihood, the mean slope, the spread of slopes, the "
            "spread of intercepts, the correlation?",
            shifted,
        ),
        Step(
            "Which schools?",
            "Add the school’s mean SES, `meanses`, and its sector, each with its product with "
            "`cses`.",
            CROSSED,
            "In which sector does the family’s status matter less? And what happens to the "
            "variance of slopes?",
            crossed,
        ),
        Step(
            "Too much asked",
            "Take SES as it is, `ses`, with sector and their product, and slopes that vary.",
            EDGE,
            "What will the model say when there is next to nothing left for a variance?",
            edge,
        ),
    ),
)
