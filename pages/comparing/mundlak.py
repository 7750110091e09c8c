"""Mundlak: the size of the groups turns random effects into fixed effects.

First in invented classes whose slopes are known: three places on a number line, then the line with
its handles. Then in real groups, with a test for the difference, and with two ways to write it.
"""

from functools import partial

import streamlit as st

from mlcore import pooling_weight
from ui import (
    beside,
    cache,
    check,
    controls,
    gap,
    glossary,
    key,
    lesson,
    notation,
    predict,
    prose,
    puzzle,
    show,
    variant,
)
from ui.lens import five as lens
from ui.pictures import demeaning, mundlak
from ui.predict import Scale
from ui.prose import fixed, percent, share
from ui.puzzle import Condition
from ui.reproduced import fitted
from ui.stage import scene
from ui.suspicion import chance, suspicion, table

NAMES = ("mundlak.sixty", "mundlak.three", "mundlak.means")
DATA = ("school", "ghq_households", "hsb", "nurses", "popularity")
SCALE = Scale(0, 2, 0.05, (0, 1, 2), "points", 2)
NEAR = (0.05, 0.1, 0.1)
BELOW = (
    ((0.44, "outside-both"), (0.64, None), (1.51, "re-always-biased"), (2.1, "outside-both")),
    ((0.44, "outside-both"), (0.64, "random-is-fixed"), (0.87, None), (1.51, "random-midway")),
    ((0.87, None), (1.12, "contextual-is-between"), (1.38, None), (1.64, "mean-is-group")),
)
b_w, b_b, sigma_u = (mundlak.LESSON[name] for name in ("b_w", "b_b", "sigma_u"))
truths = [mundlak.truth(k) for k in range(3)]
made = [predict.made(name) for name in NAMES]
guesses = tuple(
    each.value if each and isinstance(each.value, float) and 0 <= each.value <= 2 else None
    for each in made
)
which = next((k for k, each in enumerate(made) if each is None), None)

if which is None:
    st.title("When is random fixed?", anchor=False)
    opening = None
else:
    heading, corner = st.columns([2.4, 1.6], vertical_alignment="center")
    heading.title("When is random fixed?", anchor=False)
    opening = corner.popover("Recall Pooling")

# ---- Three places on a line ------------------------------------------------------------------

QUESTIONS = (
    f"Classes of {mundlak.SIZES[0]}: where do random effects land?",
    f"And in classes of {mundlak.SIZES[1]}?",
    f"Classes of {mundlak.SIZES[2]}: what does REWB call between?",
)
sayings = [
    f"It is {fixed(it_is)}." if guess is None else gap.number(guess, it_is, digits=2, near=near)
    for guess, it_is, near in zip(guesses, truths, NEAR, strict=True)
]
before = sayings[which - 1] if which else ""
STORIES = (
    f"<p>Invented pupils in many classes. Within a class, one more hour of study goes with "
    f"{fixed(b_w)} points. Between classes it goes with {fixed(b_b)}: classes that study more "
    "differ in other ways, too. Fixed effects compare pupils of one class and find "
    f"{fixed(b_w)}. Random effects, a random intercept for each class, have one slope for all "
    "differences.</p>",
    f"<p><strong>{before}</strong> In large classes nearly all that is known about the one slope "
    "comes from within. Now the same two slopes, and only three pupils of each class.</p>",
    f"<p><strong>{before}</strong> REWB, the within-between model, separates the two: hours from "
    "the mean of the three pupils, and that mean, are two predictors. Its slope within is "
    f"{fixed(b_w)}.</p>",
)
PLACES = (
    "Place their slope on the amber line.",
    "Place the slope of random effects for classes of three.",
    "Place the coefficient of the mean of three pupils.",
)
lesson.step("where does the slope land?")
if which is not None:
    scene.ask(
        mundlak.question(which, guesses),
        NAMES[which],
        story=STORIES[which],
        question=f"<h2>{QUESTIONS[which]}</h2><p>{PLACES[which]}</p>",
    )
    predict.bar(
        NAMES[which],
        partial(
            predict.placed_number,
            NAMES[which],
            SCALE,
            truths[which],
            near=NEAR[which],
            below=BELOW[which],
        ),
        question=f"Slopes {fixed(b_w)} within classes and {fixed(b_b)} between. {QUESTIONS[which]}",
        truth=f"{fixed(truths[which])} points",
    )
else:
    values = scene.show(
        mundlak.slider(guesses),
        gap=f"<p>{sayings[2]} Now move the slopes, and the size of the classes.</p>",
    )
    lesson.step("your places, and make it so")
    large, small = (mundlak.expected(n) for n in mundlak.SIZES[:2])
    n = mundlak.SIZES[2]
    reasons = (
        f"Each class brings {mundlak.SIZES[0]} pupils and one mean. The slope between weighs "
        f"{percent(large.weight)}.",
        f"Each class brings {prose.words(n)} pupils and one mean. The slope between weighs "
        f"{percent(small.weight)}.",
        f"A mean of {prose.words(n)} is part class, part chance of its pupils, and chance has the "
        f"slope within: ({fixed(b_b)} + {fixed(b_w)} / {n}) / (1 + 1 / {n}) = "
        f"{fixed(small.means)}.",
    )
    for k, column in enumerate(st.columns(3, gap="large")):
        with column:
            st.markdown(f"**{QUESTIONS[k]}** {sayings[k]} {reasons[k]}")
            st.markdown(predict.tempting(made[k].misconception))
            key.answer(f"{fixed(truths[k])}; within {fixed(NEAR[k])} is called close.")
            predict.again(NAMES[k])

    # ---- Make it so --------------------------------------------------------------------------

    most = variant.number("mundlak.harmless.n", 20, (20, 22, 25, 30))
    least = variant.pick("mundlak.wrong.within", 0.3, (0.2, 0.25, 0.3, 0.35))
    now = mundlak.at(values.numbers)
    off = abs(now.random - now.within)
    harmless, wrong = st.columns(2, gap="large")
    with harmless:
        puzzle.pose(
            "mundlak.harmless",
            f"Classes of {most} at most, slopes at least 1 apart, and random effects within 0.02 "
            "of fixed effects.",
            [
                Condition(values["n"] <= most, f"classes of {values['n']:.0f} are too large."),
                Condition(
                    abs(now.between - now.within) >= 0.999,
                    f"the two slopes are {fixed(abs(now.between - now.within))} apart.",
                ),
                Condition(off <= 0.02, f"random effects are {fixed(off, 3)} from fixed effects."),
            ],
            [
                "The slope between needs a smaller weight than the size alone gives.",
                "A slope counts for little where much else is going on at its level.",
                "Let classes differ more in everything else: raise $\\sigma_u$.",
            ],
            "When classes differ in much else, their means say little about the slope, and random "
            "effects leave them aside. A large $\\sigma_u$ turns random into fixed, too.",
            answer=f"$n$ = {most}, slopes 1 apart, $\\sigma_u$ = 1.50.",
        )
    with wrong:
        puzzle.pose(
            "mundlak.wrong",
            f"A slope within classes of {fixed(least)} or more, and random effects that find a "
            "slope below 0.",
            [
                Condition(
                    now.within >= least - 0.001,
                    f"within classes the slope is {fixed(now.within)}.",
                ),
                Condition(now.random < 0, f"random effects find {fixed(now.random)}."),
            ],
            [
                "Between classes the slope has to have the other sign.",
                "The smaller the classes, the more the slope between weighs.",
                "Pairs of pupils, a slope between of −1, and a small $\\sigma_u$.",
            ],
            "With pairs, the one slope of random effects can even have the wrong sign for a pupil "
            "and the class beside her. Give each level its own slope.",
            answer=f"$b_w$ = {fixed(least)}, $b_b$ = −1.00, $n$ = 2, $\\sigma_u$ = 0.00.",
        )

# ---- Why ------------------------------------------------------------------------------------

lesson.step("one model, two languages", "One model, two languages")
st.markdown(
    notation.tex(
        rf"""
A predictor has two parts: how far a unit lies from its group’s mean, and the mean. Each part can
have a slope of its own, a {glossary.term("within-effect", "slope within")} and a
{glossary.term("between-effect", "slope between")}:
"""
        r"""
$$y_{ij} = \beta_0 + b_w (x_{ij} - \bar x_j) + b_b\, \bar x_j$$

$$\phantom{y_{ij} =}\; {} + u_j + e_{ij}$$
"""
        rf"""
**Sociologists say:** a model with $x$ alone forces both slopes to be one, and random effects give a
weighted mean of them. **Econometricians say:** $x$ goes with the group effect that the model leaves
out, $(b_b - b_w)\,\bar x_j + u_j$, so random effects are inconsistent. It is the same sentence: $x$
and the group effect correlate unless $b_b = b_w$. Mundlak’s answer from 1978 is the model above.
Put the group’s mean in, and random effects find within groups what fixed effects find, to the last
digit; this is the {glossary.term("rewb", "within-between model")}.

**And a third way to say it:** take the share $\theta$ of its group’s mean from every $y$ and $x$,
and draw one line. With $\theta = 0$ it is pooled least squares, with $\theta = 1$ fixed effects.
Random effects take the spreads that they find, and
"""
        r"""
$$\theta = 1 - \sigma_e \big/ \sqrt{\sigma_e^2 + n\, \sigma_u^2}$$

so that $\theta$ comes close to 1 in large groups.
"""
    )
)

# ---- Real groups ----------------------------------------------------------------------------

lesson.step("real groups")
heading, corner = st.columns([2, 1], vertical_alignment="bottom")
heading.header("Real groups", anchor=False)
if which is not None:
    st.markdown("The slopes of real groups appear when you have made or skipped the predictions.")
else:
    with corner:
        name = controls.dataset(DATA)
    it, real = cache.case(name), demeaning.levels(name)
    alone = suspicion(name, alone=True)
    scene.show(demeaning.stage(name))
    lesson.story(it)
    st.markdown(demeaning.told(name, differ=alone.mundlak.p < 0.05))

    if name != "ghq_households" or predict.made("mundlak.centred") is not None:
        with st.expander("Within–between, random and fixed effects, each read in five ways"):
            lens.show(
                f"mundlak.lens.{name}",
                name,
                it.compared,
                ("within-between", "random effects", "fixed effects"),
            )

    # ---- Two tests --------------------------------------------------------------------------

    lesson.step("two tests of one suspicion", "Two tests of one suspicion")
    st.markdown(
        f"{glossary.term('hausman', 'Hausman’s test')} compares the slopes of fixed and random "
        "effects. Mundlak’s adds the groups’ means and tests their coefficients. They ask the "
        "same: are within and between the same slope? Each line has all predictors of the dataset "
        "that vary within groups; χ², its degrees of freedom, and p."
    )
    show.table(table(DATA))
    lost = next((each for each in DATA if suspicion(each).hausman is None), None)
    st.markdown(
        (
            f"In *{cache.case(lost).title}* Hausman’s test has no value: it divides by "
            "Var(within) − Var(random), and this difference is not positive definite here. In "
            "theory random effects are the more precise; in a sample each model has its own "
            "estimate of $\\sigma_e$. Mundlak’s test needs no difference of variances. "
            if lost
            else ""
        )
        + "**What neither test says** is how much the slopes differ, or which one answers your "
        "question."
    )

# ---- Raw or centred -------------------------------------------------------------------------

lesson.step("raw or centred", "Raw x or the deviation: what the mean’s coefficient means")
raw = fitted("ghq_households", "orig_var").coefficients["estimate"]
centred = fitted("ghq_households", "dev_var").coefficients["estimate"]
households = cache.case("ghq_households")
st.markdown(
    f"The lecture’s own case: {len(households.frame):,} people in {len(households.sizes):,} "
    "households; well-being is the GHQ score, higher is worse. Its second model has *emp_10hrs*, "
    "whether a person works, and *hh_emp*, the share of the household in work. Working goes with "
    f"{fixed(raw['emp_10hrs'])} points, the household’s share with {fixed(raw['hh_emp'])}. The "
    "third model has the person’s deviation from the household’s share instead of *emp_10hrs*, and "
    "the same *hh_emp*."
)
mean = predict.number(
    "mundlak.centred",
    "What is the coefficient of hh_emp in the third model?",
    Scale(-3, 2, 0.05, (-3, -2, -1, 0, 1, 2), "GHQ points", 2),
    float(centred["hh_emp"]),
    near=0.1,
    below=((-1.0, None), (0.1, "contextual-is-between")),
    reference=(float(raw["hh_emp"]), "beside raw emp_10hrs"),
)
if mean is not None:
    st.markdown(
        predict.tempting(mean.misconception)
        + " Beside **raw** $x$ the coefficient is "
        + glossary.term("contextual-effect", "contextual")
        + ": two people who both work, in households that differ. Beside the **deviation** it is "
        f"the slope between: {fixed(raw['hh_emp'])} + ({fixed(raw['emp_10hrs'])}) = "
        f"{fixed(centred['hh_emp'])}. It is one model written in two ways, with one likelihood; "
        "what changes is the question that the line of output answers, and so its stars."
    )
    beside.show("ghq_households")

# ---- Check yourself --------------------------------------------------------------------------

lesson.step("check yourself", "Check yourself")
few, many = 3, 60
keeps = {n: float(pooling_weight(n, sigma_u, 1.0)) for n in (few, many)}
with opening or st.container():
    check.question(
        "mundlak.recall",
        f"Classes of {few} and of {many} pupils, with $\\sigma_u$ = {fixed(sigma_u)} and "
        "$\\sigma_e$ = 1.00. Two of them, one of each size, lie equally far above the mean of all. "
        "What does partial pooling do?",
        [
            check.Option(
                f"The class of {few} keeps a smaller share of its distance",
                f"It keeps {share(keeps[few])}, the class of {many} {share(keeps[many])}: its own "
                "mean is a noisy measure. The same noise decides this lesson.",
            ),
            check.Option(
                "Both go half-way to the mean",
                f"The share depends on size: {share(keeps[few])} and {share(keeps[many])} stay.",
                "half-way",
            ),
            check.Option(
                "Both keep the same share, since one model serves both",
                "The spreads are shared, the sizes are not.",
                "all-alike",
            ),
        ],
    )
own = variant.pick("mundlak.add.within", 40, (30, 40, 50, 60)) / 100
context = variant.pick("mundlak.add.context", 35, (35, 45, 70, 85)) / 100
check.question(
    "mundlak.add",
    "A random-effects model of school marks has a pupil’s own hours of study, as they are, and the "
    f"class’s mean hours. Their coefficients are {fixed(own)} and {fixed(context)}. By how much do "
    "the means of two classes differ whose mean hours differ by one?",
    [
        check.Option(
            f"By {fixed(own + context)}",
            "Each pupil of the second class studies an hour more, and is in a class that does: "
            f"{fixed(own)} + {fixed(context)}.",
        ),
        check.Option(
            f"By {fixed(context)}",
            "That is for two pupils who study equally long. Classes whose means differ do not "
            "have the same pupils.",
            "contextual-is-between",
        ),
        check.Option(
            f"By {fixed(own)}",
            "That is for two pupils of one class.",
            "random-is-fixed",
        ),
    ],
)
tested, line = suspicion("school", alone=True), demeaning.levels("school").slopes["estimate"]
check.question(
    "mundlak.hausman",
    f"In the London schools fixed effects find {fixed(line['within'], 3)} for the reading score, "
    f"random effects {fixed(line['random'], 3)}. Hausman’s test has {chance(tested.hausman.p)}. "
    "What follows?",
    [
        check.Option(
            "Within and between slopes differ; report both, or the one that you asked about",
            f"Between schools it is {fixed(line['between'])}. The test has seen that, although "
            f"fixed and random effects differ by only "
            f"{fixed(abs(line['random'] - line['within']), 3)}.",
        ),
        check.Option(
            "Random effects must be thrown away",
            "The two estimates are next to each other. What is wrong is one slope for two, and "
            "the group mean mends that within random effects.",
            "hausman-chooses",
        ),
        check.Option(
            "The random-effects slope is badly biased",
            f"For the slope within it is off by "
            f"{fixed(abs(line['random'] - line['within']), 3)}. A small p-value is not a large "
            "difference.",
            "re-always-biased",
        ),
    ],
)
wards, ward = suspicion("nurses", alone=True), demeaning.levels("nurses").slopes.loc["between"]
check.question(
    "mundlak.nurses",
    f"Among the nurses the same test has {chance(wards.mundlak.p)} for experience. The slope "
    f"between wards has a 95 % interval from {fixed(ward.lower, 3)} to {fixed(ward.upper, 3)}; "
    f"within wards the slope is {fixed(demeaning.levels('nurses').slopes['estimate']['within'], 3)}"
    ". What do you conclude?",
    [
        check.Option(
            "The data do not tell whether the slopes differ",
            "The interval holds the slope within, and much that is far from it.",
        ),
        check.Option(
            "Within and between wards the slope is the same",
            "The interval also holds slopes of the other sign.",
            "not-significant-same",
        ),
        check.Option(
            "Random effects are proved right",
            "A test that does not reject proves nothing. Here it hardly matters: random and fixed "
            "effects find the same slope within.",
            "hausman-chooses",
        ),
    ],
)

lesson.take_away(
    [
        "Random effects find a weighted mean of the slope within groups and the slope between; "
        "the weight of between falls as groups grow.",
        "Add the group’s mean, and the slope within is that of fixed effects, with the slope "
        "between beside it: REWB.",
        "Beside raw $x$ the mean’s coefficient is contextual, between less within; beside the "
        "deviation it is between.",
    ],
    limits="A slope within groups is free of what groups share, and of nothing else: what changes "
    "within a group together with $x$ still confounds it. The mean of few rows is a noisy measure "
    "of a group, so the slope between is drawn towards the slope within; latent-mean models "
    "correct for it. And neither test can see a difference that few groups do not show.",
    opinions="*Econometric convention* takes fixed effects as the default: what the group effect "
    "does is unknown, and only within groups is it gone; random effects have to be earned, by "
    "Hausman’s test or, with Wooldridge, by adding the means. *Bell, Fairbrother and Jones* reply "
    "that REWB has the same slope within and loses nothing: it adds the slope between, the "
    "groups’ predictors and random slopes, so the choice follows from the question and not from a "
    "test. Econometricians answer that the slope between is then confounded all the same, and is "
    "easily read as a cause. *Gelman and Hill* would drop the two words: always model the groups, "
    "and put their mean in as a predictor of the group. *Clark and Linzer* show that with few and "
    "small groups a little bias can be worth its smaller variance.",
    sources=[
        "Bafumi, J., & Gelman, A. (2006). Fitting multilevel models when predictors and group "
        "effects correlate. Paper for the Midwest Political Science Association.",
        "Bell, A., Fairbrother, M., & Jones, K. (2019). Fixed and random effects models: making "
        "an informed choice. *Quality & Quantity*, 53, 1051–1074.",
        "Clark, T. S., & Linzer, D. A. (2015). Should I use fixed or random effects? *Political "
        "Science Research and Methods*, 3(2), 399–408.",
        "Gelman, A., & Hill, J. (2007). *Data Analysis Using Regression and "
        "Multilevel/Hierarchical Models*, ch. 11–12. Cambridge University Press.",
        "Hausman, J. A. (1978). Specification tests in econometrics. *Econometrica*, 46(6), "
        "1251–1271.",
        "Lüdtke, O., Marsh, H. W., Robitzsch, A., Trautwein, U., Asparouhov, T., & Muthén, B. "
        "(2008). The multilevel latent covariate model. *Psychological Methods*, 13(3), 203–229.",
        "Mundlak, Y. (1978). On the pooling of time series and cross section data. "
        "*Econometrica*, 46(1), 69–85.",
        "Wooldridge, J. M. (2010). *Econometric Analysis of Cross Section and Panel Data* "
        "(2nd ed.), ch. 10. MIT Press.",
    ],
)
