"""Panel data: the same people year after year, and five ways to compare them."""

from ui.labs.lab import Found, Lab, Step, table
from ui.labs.material import Material, correlation, estimate, estimates, variance
from ui.prose import fixed, percent, share
from workbench.plan import Request

RIGHT = "ghq ~ lninc + fem + age + age2 + hied + noed + convot + labvot"
OLS = Request(RIGHT, "continuous", "ols")
CLUSTER = Request(RIGHT, "continuous", "cluster", "pid")
BETWEEN = Request(RIGHT, "continuous", "between", "pid")
WITHIN = Request(RIGHT, "continuous", "within", "pid")
RANDOM = Request(RIGHT, "continuous", "random", "pid")
GROWTH = Request("ghq ~ since + (1 + since | pid)")
STEADY = Request("Reaction ~ Days + (1 | Subject)")
SLEEP = Request("Reaction ~ Days + (1 + Days | Subject)")


def ols(on: Material) -> Found:
    fit = on.fit(OLS)
    people = on.rows["pid"].nunique()
    return Found(
        f"{estimate(fit, 'lninc', 3)}: who earns more is a little better off (a higher score is "
        f"worse). But the {fit.n:,} interviews are those of {people:,} people, who are much like "
        "themselves from year to year; the standard error takes them all for strangers."
    )


def cluster(on: Material) -> Found:
    plain, robust = on.fit(OLS), on.fit(CLUSTER)
    names = {"lninc": "log income", "fem": "woman", "hied": "degree or diploma"}
    ratio = robust.coefficients["se"] / plain.coefficients["se"]
    p = [fit.coefficients["p"]["hied"] for fit in (plain, robust)]
    return Found(
        f"Only the standard errors: that of income is {fixed(ratio['lninc'], 1)} times as large, "
        f"that of sex {fixed(ratio['fem'], 1)} times. The difference that a degree makes had "
        f"p = {share(p[0], 3)} and has p = {share(p[1], 3)}. Robust errors are honest about how "
        "much is known; what is estimated stays a mixture of differences between people and "
        "changes within them.",
        table(
            ("Estimate (SE)", "least squares", "clustered by person"),
            *estimates(names, plain, robust),
        ),
    )


def between(on: Material) -> Found:
    fit, plain = on.fit(BETWEEN), on.fit(OLS)
    return Found(
        f"Steeper: {estimate(fit, 'lninc', 3)}, beside {estimate(plain, 'lninc', 3)} by least "
        "squares. People who earn more over the years are better off; whether because of the "
        "money, this comparison cannot say, since they differ in much else."
    )


def within(on: Material) -> Found:
    fit, other = on.fit(WITHIN), on.fit(BETWEEN)
    ratio = fit.coefficients["estimate"]["lninc"] / other.coefficients["estimate"]["lninc"]
    changed = float((on.rows.groupby("pid")["hied"].nunique() > 1).mean())
    return Found(
        f"{estimate(fit, 'lninc', 3)}, {percent(ratio)} of the slope between people. Whatever "
        "stays the same about a person, known or not, is held constant. The price: nothing is "
        "said about women and men, who do not change, and little about degrees, which "
        f"{percent(changed)} of people gain or lose between interviews: the standard error is "
        f"{fixed(fit.coefficients['se']['hied'], 3)}."
    )


def random(on: Material) -> Found:
    fit = on.fit(RANDOM)
    names = {"lninc": "log income", "fem": "woman", "noed": "no qualification"}
    theta = float(fit.theta.mean())
    b = {
        name: float(on.fit(request).coefficients["estimate"]["lninc"])
        for name, request in (("within", WITHIN), ("between", BETWEEN), ("random", RANDOM))
    }
    return Found(
        f"Between the two, nearer to within: {fixed(b['random'], 3)}, from {fixed(b['within'], 3)} "
        f"within and {fixed(b['between'], 3)} between. Each row loses {percent(theta)} of its "
        f"person’s mean, on average, where fixed effects take all of it. {percent(fit.rho)} of the "
        "variance is between people.",
        table(
            ("Estimate (SE)", "between", "within", "random"),
            *estimates(names, on.fit(BETWEEN), on.fit(WITHIN), fit),
        ),
    )


def growth(on: Material) -> Found:
    fit = on.fit(GROWTH)
    return Found(
        f"By {estimate(fit, 'since', 3)} points a year on average, and people do not differ in it: "
        f"the standard deviation of slopes is {fixed(variance(fit, 'pid', 'since') ** 0.5, 3)}, "
        "and the page says that the fit is on the boundary. (The data are synthetic, and were "
        "made without trends of people’s own.) A correlation of "
        f"{fixed(correlation(fit, 'pid'), 0)} is what a variance of next to nothing brings with "
        "it, and means nothing."
    )


def sleep(on: Material) -> Found:
    steady, fit = on.fit(STEADY), on.fit(SLEEP)
    b, spread = fit.coefficients["estimate"]["Days"], variance(fit, "Subject", "Days") ** 0.5
    ratio = fit.coefficients["se"]["Days"] / steady.coefficients["se"]["Days"]
    own = b + fit.ranef["Subject"]["Days"]
    return Found(
        f"{fixed(steady.coefficients['se']['Days'])} instead of "
        f"{fixed(fit.coefficients['se']['Days'])}, {fixed(ratio, 1)} times too small. People slow "
        f"down by {fixed(b, 1)} ms a day on average, with a standard deviation of "
        f"{fixed(spread, 1)}; the model’s estimates run from {fixed(own.min(), 1)} to "
        f"{fixed(own.max(), 1)}. "
        "Where people have trends of their own, the model must let them.",
        table(
            ("Parameter", "random intercept", "random slope"),
            ("slope (SE)", estimate(steady, "Days"), estimate(fit, "Days")),
            ("SD of slopes", "–", fixed(spread)),
            ("residual SD", fixed(variance(steady) ** 0.5, 1), fixed(variance(fit) ** 0.5, 1)),
        ),
    )


LAB = Lab(
    name="panel",
    title="Panel data",
    purpose="Ask how well-being goes with income, of people who are interviewed year after "
    "year. Five estimators give five answers, because they compare different things.",
    minutes=30,
    data="ghq_panel",
    lessons=("five", "panel"),
    steps=(
        Step(
            "All interviews alike",
            "Choose `ghq` as the outcome, and `lninc`, `fem`, `age`, `age2`, `hied`, `noed`, "
            "`convot` and `labvot` as predictors; least squares.",
            OLS,
            "The score is higher for people who feel worse. Which sign will income have?",
            ols,
        ),
        Step(
            "Robust standard errors",
            "The same, clustered by person, `pid`.",
            CLUSTER,
            "What changes: the estimates, the standard errors, or both?",
            cluster,
        ),
        Step(
            "Between people",
            "Choose the between estimator by `pid`: one row for each person, the means.",
            BETWEEN,
            "Will the slope of income be steeper or flatter than in all interviews together?",
            between,
        ),
        Step(
            "Within people",
            "Choose the within estimator, fixed effects, by `pid`.",
            WITHIN,
            "What is left of the slope when people are compared with themselves only? And which "
            "predictor disappears?",
            within,
        ),
        Step(
            "Random effects",
            "Choose the random-effects estimator by `pid`.",
            RANDOM,
            "Where between the last two will it lie?",
            random,
        ),
        Step(
            "A trend for everyone",
            "Fit a mixed model: `since`, the years since the first wave, with intercepts and "
            "slopes that vary between people.",
            GROWTH,
            "Does well-being move with the years, and do people differ in that?",
            growth,
        ),
        Step(
            "A trend of one’s own",
            "Open the reaction times, `sleepstudy`, which are real: `Reaction` by `Days`, with "
            "intercepts and slopes that vary between people.",
            SLEEP,
            "What would the standard error of the mean slope be if only intercepts varied?",
            sleep,
            data="sleepstudy",
        ),
    ),
)
