"""Within and between: one slope that is two, and Mundlak's way to tell them apart."""

from ui.labs.lab import Found, Lab, Step, table
from ui.labs.material import Material, estimate, variance
from ui.prose import chance, fixed, percent
from workbench.plan import Request

RAW = Request("mathach ~ ses + (1 | schid)")
BOTH = Request("mathach ~ ses_within_schid + ses_mean_schid + (1 | schid)")
CONTEXT = Request("mathach ~ ses + ses_mean_schid + (1 | schid)")
FIXED = Request("mathach ~ ses + sector", "continuous", "within", "schid")
SECTOR = Request(
    "mathach ~ ses_within_schid + ses_mean_schid + sector + (1 | schid)", "continuous", "reml"
)
HOMES = Request(
    "ghq ~ emp_10hrs_within_ohid + emp_10hrs_mean_ohid + fem + age + (1 | ohid)",
)
HOMES_RAW = Request("ghq ~ emp_10hrs + emp_10hrs_mean_ohid + fem + age + (1 | ohid)")


def raw(on: Material) -> Found:
    fit = on.fit(RAW)
    return Found(
        f"{estimate(fit, 'ses')} points. One number for two comparisons: of pupils of one school, "
        "and of schools whose pupils differ. The model takes both to be the same, and mixes them "
        "as precisely as each is known."
    )


def both(on: Material) -> Found:
    fit = on.fit(BOTH)
    raw, within, between = (
        float(each.coefficients["estimate"][term])
        for each, term in (
            (on.fit(RAW), "ses"),
            (fit, "ses_within_schid"),
            (fit, "ses_mean_schid"),
        )
    )
    weight = (raw - within) / (between - within)
    return Found(
        f"Very different ones: {fixed(within)} within schools, {fixed(between)} between them. "
        f"Pupils one unit apart in the same school differ by {fixed(within)} points; school means "
        f"one unit apart differ by {fixed(between)}. The {fixed(raw)} of step 1 lay "
        f"{percent(weight)} of the way from the first to the second.",
        table(
            ("Slope of SES (SE)", "one slope", "two slopes"),
            ("within schools", estimate(on.fit(RAW), "ses"), estimate(fit, "ses_within_schid")),
            ("between schools", "the same", estimate(fit, "ses_mean_schid")),
            (
                "variance between schools",
                fixed(variance(on.fit(RAW), "schid")),
                fixed(variance(fit, "schid")),
            ),
        ),
    )


def context(on: Material) -> Found:
    split, fit = on.fit(BOTH), on.fit(CONTEXT)
    b = split.coefficients["estimate"]
    row = fit.coefficients.loc["ses_mean_schid"]
    return Found(
        "It is the same model: the log-likelihood is the same, and so is the slope within schools. "
        "But the mean’s coefficient now compares two pupils of the same SES in two schools one "
        f"unit apart: the **contextual** effect, {estimate(fit, 'ses_mean_schid')}, which is "
        f"{fixed(b['ses_mean_schid'])} − {fixed(b['ses_within_schid'])}. Its test is Mundlak’s: "
        f"z = {fixed(row['statistic'], 1)}, {chance(row['p'])}, so that one slope for both "
        "comparisons will not do. Say which of the two coefficients you report.",
        table(
            ("Coefficient", "centred, with mean", "raw, with mean"),
            (
                "of SES",
                estimate(split, "ses_within_schid"),
                estimate(fit, "ses"),
            ),
            (
                "of the school’s mean",
                estimate(split, "ses_mean_schid") + ", between",
                estimate(fit, "ses_mean_schid") + ", contextual",
            ),
            ("log-likelihood", fixed(split.loglik), fixed(fit.loglik)),
        ),
    )


def fixed_effects(on: Material) -> Found:
    fit, split = on.fit(FIXED), on.fit(BOTH)
    return Found(
        f"The slope within schools, {fixed(fit.coefficients['estimate']['ses'], 4)}, as in step 2: "
        f"{fixed(split.coefficients['estimate']['ses_within_schid'], 4)}. Random effects with the "
        "mean in the model and fixed effects agree on it. Sector has gone: it is the same for all "
        "pupils of a school, and a model that only looks within schools has nothing to say of it."
    )


def sector(on: Material) -> Found:
    before, fit = on.fit(BOTH), on.fit(SECTOR)
    u0, u1 = (variance(each, "schid") for each in (before, fit))
    return Found(
        f"Yes: Catholic schools are {estimate(fit, 'sector')} points above public ones with the "
        "same mean SES, and the slope within schools stays what it was, "
        f"{estimate(fit, 'ses_within_schid')}. That is what the mean buys: the within slope of "
        "fixed effects, and predictors of schools besides. Sector explains another "
        f"{percent(1 - u1 / u0)} of the variance between schools."
    )


def homes(on: Material) -> Found:
    fit = on.fit(HOMES)
    difference = on.fit(HOMES_RAW).coefficients.loc["emp_10hrs_mean_ohid"]
    return Found(
        f"Here the two slopes agree: {estimate(fit, 'emp_10hrs_within_ohid')} within households, "
        f"{estimate(fit, 'emp_10hrs_mean_ohid')} between them. They differ by "
        f"{fixed(abs(difference['estimate']))}, with a standard error of "
        f"{fixed(difference['se'])}. A test that finds nothing does not show that there is "
        "nothing; but there is little reason to tell the two apart, and one slope for both has the "
        "smaller standard error."
    )


LAB = Lab(
    name="within",
    title="Within and between",
    purpose="A slope across schools and a slope within them answer two questions, and a random "
    "intercept alone mixes the answers. Centre a predictor at its group’s mean, add the mean, and "
    "read what each coefficient then says.",
    minutes=25,
    data="hsb",
    lessons=("mundlak",),
    steps=(
        Step(
            "One slope",
            "Choose `mathach` as the outcome, `ses` as it is, and `schid` as the group.",
            RAW,
            "Which two comparisons does this one slope have to answer for?",
            raw,
        ),
        Step(
            "Two slopes",
            "Centre `ses` at the school’s mean, and add the mean.",
            BOTH,
            "Will the slope between schools be smaller or larger than that within them?",
            both,
        ),
        Step(
            "The same model in other words",
            "Take `ses` as it is again, and keep the mean.",
            CONTEXT,
            "The fit will be the same. Which coefficient changes its value, and its meaning?",
            context,
        ),
        Step(
            "Fixed effects",
            "Take the group’s term away, choose the within estimator by `schid`, and `ses` and "
            "`sector` as predictors.",
            FIXED,
            "Which of the slopes so far will it give, and what will it say of sector?",
            fixed_effects,
        ),
        Step(
            "Both at once",
            "Go back to step 2 and add `sector`.",
            SECTOR,
            "Can one model have the slope of fixed effects and say something about sector?",
            sector,
        ),
        Step(
            "Another study",
            "Open the people in households, `ghq_households`: well-being, `ghq`, by who works, "
            "`emp_10hrs`, centred at the household’s mean, with the mean, `fem` and `age`.",
            HOMES,
            "Do the two slopes differ in every study?",
            homes,
            data="ghq_households",
        ),
    ),
)
