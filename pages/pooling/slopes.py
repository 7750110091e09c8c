"""Random slopes: the correlation of intercepts and slopes depends on where the origin is.

The origin is dragged under the lines of real groups; then what it costs to leave the covariance
out, the shapes that lines can make, the variance function, and why slopes differ.
"""

from functools import partial

import streamlit as st

from mlcore import LikelihoodRatio, lr_test
from ui import (
    cache,
    check,
    controls,
    glossary,
    key,
    lesson,
    notation,
    predict,
    prose,
    puzzle,
    variant,
)
from ui.lens import panel as lens
from ui.pictures import covariance, crosslevel, fans, slopes, spread
from ui.predict import Option, Scale
from ui.prose import fixed, percent, share
from ui.puzzle import Condition
from ui.reproduced import reproduced
from ui.stage import scene

DATA = (
    "school",
    "hsb",
    "popularity",
    "nurses",
    "ghq_panel",
    "ghq_panel-years",
    "sleepstudy",
)

guess = predict.made("slopes.origin")
heading, beside = st.columns([5, 2], vertical_alignment="bottom")
name = "school"
if guess is not None:
    with beside:
        name = controls.dataset(
            DATA, leaves=("c", "without_c", "x", "school", "class", "ward", "person")
        )
it, at, tau = cache.case(name), slopes.where(name), slopes.model(name)
count, london, american = (slopes.groups(each) for each in (name, "school", "hsb"))
fit = cache.fit(it.slopes, name, reml=False)
flat = cache.fit(it.intercepts, name, reml=False)
x_label = it.data.variable(it.model.predictor).label
heading.title(f"Is the correlation a fact about the {it.group.plural}?", anchor=False)

school = slopes.model("school")
ends = slopes.where("school")
truth = school.at(ends.low).correlation

opening = beside.popover("Recall Pooling") if guess is None else None

# ---- Move the origin -------------------------------------------------------------------------

lesson.step("does the correlation stay?")
if guess is None:
    scene.ask(
        slopes.origin("school"),
        "slopes.origin",
        story=f"<p>Each of the {london} London schools has its own line: exam score at "
        "16 by reading score at 11. Where the reading score is 0, its mean, schools with higher "
        "lines have steeper ones: intercepts and slopes correlate at "
        f"{share(school.correlation)}. Why count from 0? Count from "
        f"{slopes.it_is(ends.low, ends)}, the weakest reader, and fit again.</p>",
        question="<h2>What is the correlation then?</h2><p>Place it on the amber line, where "
        f"c = {slopes.it_is(ends.low, ends)}: above the middle if high lines are steep there, "
        "below if they are flat.</p>",
    )
    predict.bar(
        "slopes.origin",
        partial(
            predict.placed_number,
            "slopes.origin",
            Scale(-1, 1, 0.05, (-1, 0, 1), "", 2),
            truth,
            near=0.15,
            below=((-0.1, None), (0.3, "origin-fades"), (2, "origin-is-fact")),
        ),
        question="The correlation of intercepts and slopes at c = 0 is "
        f"{share(school.correlation)}. What is it at c = {slopes.it_is(ends.low, ends)}?",
        truth=share(truth),
    )
else:
    stage, belief = slopes.origin(name), guess.misconception
    drag = (
        f"Drag <strong>c</strong>: the lines of the {it.group.plural} and the fit stay where they "
        "are. What you call “the intercept” moves."
    )
    gap, note = f"<p>{drag}</p>", ""
    if name == "school" and isinstance(guess.value, float):
        stage = slopes.guessed(name, guess.value)
        said = f"<span class='you'>{share(guess.value)}</span>"
        note = predict.tempting(belief, html=True)
        gap = {
            "origin-is-fact": "<p>You said the correlation <span class='you'>stays</span> when "
            f"the origin moves. It does not. {drag}</p>",
            "origin-fades": f"<p>You said it fades to {said}. It turns round, to {share(truth)}. "
            f"{drag}</p>",
        }.get(belief or "", f"<p>You said {said}; it is {share(truth)}. {drag}</p>")
    if name != "school":
        lesson.story(it)
    values = scene.show(stage, gap=gap, note=note)
    key.answer(f"{share(truth)}, within .15.")
    predict.again("slopes.origin")
    if at.bare:
        st.markdown(
            f"Look where 0 is: nobody here has a value of {it.label(it.model.predictor)} below "
            f"{fixed(at.first, 1)}. The correlation of {share(tau.correlation)} that a "
            f"program prints for these data belongs to {it.unit.plural} that do not exist."
        )
    if not slopes.is_refitted(name):
        st.markdown(
            f"{count:,} {it.group.plural} are too many to draw, and to fit again while "
            f"you drag. Here the model is fitted once, to all {fit.n:,} {it.unit.plural}, and the "
            f"other origins follow from it. The lines are those of {slopes.DRAWN} "
            f"{it.group.plural}, drawn with seed {slopes.SEED}."
        )
    if fit.boundary:
        st.markdown(
            f"These lines are as good as parallel: the model finds next to no variance of slopes, "
            f"and can only set the correlation to {share(tau.correlation)}. There is no origin to "
            f"choose, and what is left of the lesson the other datasets show better."
        )

    # ---- Make it so --------------------------------------------------------------------------

    wanted = variant.pick("slopes.uncorrelated", 0.0, (-0.4, -0.2, 0.0, 0.2, 0.4, 0.6))
    wanted = wanted if name == "school" else 0.0
    reach = tau.correlation_at([at.low, at.high])
    here = tau.at(values["c"])
    target = "uncorrelated" if wanted == 0 else f"correlated at {share(wanted)}"
    if reach[0] + 0.05 < wanted < reach[1] - 0.05:
        puzzle.pose(
            "slopes.uncorrelated",
            f"Make intercepts and slopes {target}, to within .05.",
            [
                Condition(
                    abs(here.correlation - wanted) <= 0.05,
                    f"at c = {slopes.it_is(values['c'], at)} the correlation is "
                    f"{share(here.correlation)}.",
                )
            ],
            [
                "Watch the strip of the correlation while you drag c.",
                "Where the lines lie closest, high lines are neither steeper nor flatter.",
                f"That is at {fixed(tau.narrowest, 1)}: there the intercept variance is smallest. "
                + ("" if wanted == 0 else "From there on it rises to the right."),
            ],
            f"At c = {slopes.it_is(values['c'], at)} the intercept variance is "
            f"{fixed(here.tau00, 2)}; its smallest is {fixed(tau.least, 2)}, at "
            f"{fixed(tau.narrowest, 1)}, where the correlation is 0. For these lines you can have "
            f"any correlation from {share(reach[0])} to {share(reach[1])}.",
        )
    else:
        st.markdown(
            f"With these data no origin in the range makes intercepts and slopes {target}: the "
            f"lines would be closest at {fixed(tau.narrowest, 1)}, where there are no data."
        )

# ---- What the origin does --------------------------------------------------------------------

if guess is not None:
    lesson.step("what the origin does", "What the origin does")
    st.markdown(
        notation.tex(
            rf"""
A {glossary.term("random-slope")} gives each {it.group.name} a line of its own,
"""
            r"""
$$y_{ij} = (\beta_0 + u_{0j}) + (\beta_1 + u_{1j})\,x_{ij} + e_{ij}.$$
"""
            rf"""
Count $x$ from $c$ instead of 0, and the line is the same line. But its intercept is now its height
at $c$, which is $u_{{0j}} + c\,u_{{1j}}$. So
"""
            r"""
$$\tau_{00}(c) = \tau_{00} + 2c\,\tau_{01} + c^2\,\tau_{11}, \qquad \tau_{01}(c) = """
            r"""\tau_{01} + c\,\tau_{11}, \qquad \tau_{11}(c) = \tau_{11}.$$
"""
            rf"""
The slopes and their variance never change. The
{glossary.term("intercept-slope-covariance", "covariance")} crosses 0 at $-\tau_{{01}}/\tau_{{11}}$,
which is {fixed(tau.narrowest, 1)} here: left of it high lines are flat, right of it they are steep.
"""
        )
        + "Before you read a correlation of intercepts and slopes, ask: at which x? Then put the "
        f"origin where your question is, by {glossary.term('grand-mean-centring', 'centring')} "
        "or at a value that means something."
        if not fit.boundary
        else "With slopes that do not vary, lines are parallel, and every origin says the same."
    )
    with st.expander("The fitted model, read in five ways"):
        lens.show(f"slopes.lens-{name}", it.slopes, name, reml=False)
    if name in ("school", "hsb"):
        with st.expander("The lecture’s table beside ours"):
            table = reproduced("school-slope" if name == "school" else "hsb-slope")
            st.markdown(f"**{table.table.title}.** {table.table.source} **{table.badge}.**")
            st.markdown(prose.sentence(table.why) + ("." if table.why else ""))
            st.dataframe(table.frame(), key="printed-slope")

# ---- Without the covariance ------------------------------------------------------------------

if guess is not None:
    lesson.step("without the covariance", "May you leave the covariance out?")
    with_it, without_it, no_slopes = covariance.logliks("school")
    loss = with_it - no_slopes
    origins = covariance.steps(ends)
    at_zero = float(without_it[abs(origins).argmin()]) - no_slopes
    at_end = float(without_it[-1]) - no_slopes
    st.markdown(
        "Some programs set the covariance to 0 unless you ask for it: Stata’s `mixed` does, and "
        "R’s `||`. In the London schools random slopes raise the log-likelihood by "
        f"{fixed(loss, 1)}. Without the covariance, and with c = 0, they raise it by "
        f"{fixed(at_zero, 1)}."
    )
    left_out = predict.number(
        "slopes.without",
        f"And without the covariance when x is counted from c = {slopes.it_is(ends.high, ends)}?",
        Scale(0, 22, 0.5, (0, 5, 10, 15, 20), "points of log-likelihood", 1),
        at_end,
        near=1.5,
        below=((at_zero / 2, None), (at_zero + 2, "origin-is-cosmetic"), (99, "covariance-spare")),
        reference=(at_zero, "at c = 0"),
    )
    if left_out is not None:
        st.markdown(
            "Without the covariance the model says: the correlation is 0 where x is 0. At "
            f"{slopes.it_is(ends.high, ends)} it is {share(school.at(ends.high).correlation)}, so "
            "this model cannot have both the schools’ heights there and their slopes, and gives "
            "the slopes up. " + predict.tempting(left_out.misconception)
        )
        if covariance.can_leave_out(name):
            scene.show(covariance.without(name))
        elif fit.boundary:
            st.markdown("With these data there is no slope variance that could be lost.")
        else:
            st.markdown(
                f"With {count:,} {it.group.plural} the model cannot be fitted at every origin "
                "while you wait. Choose another dataset at the top to drag the origin here."
            )

# ---- Four shapes -----------------------------------------------------------------------------

if guess is not None:
    lesson.step("fan out, fan in", "Fan out, fan in")
    st.markdown(
        "Here you decide how schools are. **Simulated for teaching:** no such school exists. "
        f"Dashed is the truth; the model estimates it from {fans.PUPILS} pupils of each school. "
        "Draw other schools, and see how far the estimated correlation goes astray."
    )
    shape = scene.show(fans.schools())
    low, high = shape.at(fans.spread(fans.LOW)), shape.at(fans.spread(fans.HIGH))
    part = variant.pick("slopes.fan", 2, (2, 3, 4))
    share_of = {2: "half", 3: "third", 4: "quarter"}[part]
    puzzle.pose(
        "slopes.fan",
        f"Make the lines fan in: at 30 the SD between schools is at most one {share_of} of that at "
        "−30, with an SD of slopes of at least .05.",
        [
            Condition(
                shape["sigma_u1"] >= 0.05 - 1e-9,
                f"the SD of slopes is {share(shape['sigma_u1'])}: nearly parallel.",
            ),
            Condition(
                high * part <= low,
                f"the SD between schools is {fixed(low, 1)} at −30 and {fixed(high, 1)} at 30.",
            ),
        ],
        [
            "Lines fan in where the high ones are the flat ones.",
            "So the correlation at 0 has to be negative, and strongly so.",
            "With ρ = −.9 the lines lie closest at 2.7 / σ_u1: bring that near to 30.",
        ],
        f"The SD between schools falls from {fixed(low, 1)} to {fixed(high, 1)}. The pattern is in "
        "the correlation and in the range of x together: the same lines, seen further to the "
        "right, would fan out again.",
        answer="σ_u1 = .10 and ρ = −.90.",
    )

# ---- The variance function -------------------------------------------------------------------

if guess is not None:
    lesson.step("one ICC?", "How alike are two pupils of one school?")
    second = predict.made("slopes.icc")
    one, most = spread.one_icc("school"), float(school.icc(ends.high))
    if second is None:
        scene.ask(
            spread.by_predictor("school"),
            "slopes.icc",
            story="<p>With parallel lines, two pupils of one London school with the same reading "
            f"score resemble each other by {share(one)}, wherever they are on the scale: that is "
            f"the intraclass correlation of the model without random slopes. Now let slopes "
            f"vary, and take two of the best readers, at {slopes.it_is(ends.high, ends)}.</p>",
            question="<h2>What is their intraclass correlation?</h2><p>Place it at the right end, "
            "from 0 to 1.</p>",
        )
        predict.bar(
            "slopes.icc",
            partial(
                predict.placed_number,
                "slopes.icc",
                Scale(0, 1, 0.01, (0, 0.5, 1), "", 2),
                most,
                near=0.05,
                below=((one + 0.06, "icc-one-number"),),
            ),
            question="The ICC of two pupils of one school whose reading score is "
            f"{slopes.it_is(ends.high, ends)}, when slopes vary?",
            truth=share(most),
        )
    else:
        stage = spread.by_predictor(name)
        gap = ""
        if name == "school" and isinstance(second.value, float):
            stage = spread.guessed(name, second.value)
            gap = (
                f"<p>You said <span class='you'>{share(second.value)}</span>; at "
                f"{slopes.it_is(ends.high, ends)} it is {share(most)}.</p>"
            )
        scene.show(stage, gap=gap)
        key.answer(f"{share(most)}, within .05.")
        predict.again("slopes.icc")
        st.markdown(
            f"The variance between {it.group.plural} is a "
            f"{glossary.term('variance-function', 'parabola')} in x: lowest where the lines lie "
            "closest, higher the further they part. So the spread of y grows too. That is what a "
            "random slope says in other words: **heteroscedasticity**, of which groups are the "
            "cause. And the ICC that a program prints is the one at x = 0. "
            + predict.tempting(second.misconception if name == "school" else None)
        )

# ---- Why slopes differ -----------------------------------------------------------------------

if guess is not None:
    lesson.step("why do slopes differ?", "Why do slopes differ?")
    free, crossed = crosslevel.models()
    b = crossed.coefficients["estimate"]
    sds = [
        float(model.random_covariance["schid"].loc["cses", "cses"]) ** 0.5
        for model in (free, crossed)
    ]
    st.markdown(
        f"In {american} American high schools the mathematics score rises with the family’s "
        f"socio-economic status (SES): by {fixed(free.coefficients['estimate']['cses'])} points a "
        f"unit on average, with an SD of {fixed(sds[0])} between schools. "
        f"{percent(crosslevel.schools()['sector'].mean())} of them are Catholic, and their pupils "
        "score higher. The others are public."
    )
    sector = predict.choice(
        "slopes.sector",
        "In which schools of average SES does a pupil’s own SES matter more?",
        {
            "public": Option("In public schools", "There family background goes further."),
            "catholic": Option(
                "In Catholic schools",
                "They are the higher ones, by "
                f"{fixed(b['sector'])} points, and still the flatter ones.",
                "higher-is-steeper",
            ),
            "same": Option(
                "The same in both",
                "That is the mean of all schools, which hides the difference.",
                "all-alike",
            ),
        },
        "public",
        values={
            "public": crosslevel.slope_of(0, 0),
            "catholic": crosslevel.slope_of(1, 0),
            "same": float(free.coefficients["estimate"]["cses"]),
        },
        unit="points per unit of SES",
        digits=2,
    )
    if sector is not None:
        scene.show(crosslevel.sectors())
        st.markdown(
            f"That is a {glossary.term('cross-level-interaction')}: a pupil’s SES times something "
            "about the school. Catholic schools are higher and flatter; in schools of higher mean "
            f"SES slopes are steeper. With both in the model the SD of slopes falls from "
            f"{fixed(sds[0])} to {fixed(sds[1])}: of the variance of slopes, "
            f"{percent(1 - (sds[1] / sds[0]) ** 2)} goes with them. Neither says why. Who goes to "
            "a Catholic school was not decided by lot."
        )
        with st.expander("The lecture’s tables beside ours"):
            for printed in ("hsb-crosslevel", "hsb-slope"):
                table = reproduced(printed)
                st.markdown(
                    f"**{table.table.title}.** {table.table.source} `{table.table.command}`  \n"
                    f"**{prose.sentence(table.badge)}.** {table.why}"
                )
                st.dataframe(table.frame(), key=f"printed-{printed}")

# ---- Do slopes vary? -------------------------------------------------------------------------

if guess is not None:
    lesson.step("do slopes vary at all?", "Do slopes vary at all?")
    test = lr_test(flat, fit)
    st.markdown(
        f"Compare the model with random slopes and the one without by a "
        f"{glossary.term('lr-test')}. For *{it.title}*: twice the gain in log-likelihood is "
        f"{fixed(test.statistic)}, for two parameters more, the variance of slopes and their "
        "covariance with the intercepts. But a variance cannot be negative. If slopes were all the "
        "same, then in half of all samples the best estimate of their variance would be 0. So the "
        "statistic is held against half a $\\chi^2$ with one degree of freedom and half of one "
        f"with two: {prose.chance(test.p)}. "
        + (
            "Here that thought makes no difference; choose another dataset, and it may."
            if test.naive_p < 0.001
            else f"Without that thought it would be {prose.chance(test.naive_p)}."
        )
    )
    two = cache.fit("popular ~ sex + extrav + texp + (1 + sex + extrav | class)", "popularity")
    one_less = cache.fit("popular ~ sex + extrav + texp + (1 + extrav | class)", "popularity")
    variances = two.random_covariance["class"]
    st.markdown(
        f"**When a program warns.** Let two slopes vary in the popularity data, of sex and of "
        f"extraversion, and it says that the fit is {glossary.term('singular-fit', 'singular')}. "
        f"In our words: *{two.messages[0]}.* Of three random effects two are enough to say all "
        f"that these classes show: the SD of the slope of sex is "
        f"{fixed(variances.loc['sex', 'sex'] ** 0.5)}, on a coefficient of "
        f"{fixed(two.coefficients['estimate']['sex'])}. The estimates are the best there are, and "
        "the fixed effects can be used; correlations with an effect that hardly varies cannot. Let "
        "the slope of sex be the same for all, and the warning goes. It costs "
        f"{fixed(two.loglik - one_less.loglik)} of log-likelihood, for "
        f"{prose.words(two.df_model - one_less.df_model)} parameters."
    )
    st.markdown(
        "A model that *did not converge* is another matter: the search stopped before it found the "
        "best estimates, and none of them should be used. Centre and rescale the predictors, start "
        "elsewhere, take another optimiser, or ask for fewer random effects."
    )

# ---- Check yourself --------------------------------------------------------------------------

lesson.step("check yourself", "Check yourself")
separate = cache.families("school").separate["slope"].dropna()
with opening or st.container():
    check.question(
        "slopes.recall",
        f"Fit a line to each school by itself, and the {len(separate)} slopes have an SD of "
        f"{fixed(separate.std())}. Fit all schools together with a random slope, and its SD is "
        f"{fixed(school.tau11**0.5)}. By how much do the schools’ slopes differ?",
        [
            check.Option(
                f"By about {fixed(school.tau11**0.5)}: the rest is what few pupils do to a line",
                "The separate lines carry the schools’ differences and the chance of their pupils. "
                "The model takes the second off.",
            ),
            check.Option(
                f"By {fixed(separate.std())}: the separate lines assume nothing",
                "Each of them also follows its own few pupils. A school of two has a line, too, "
                "and nobody would call its slope a finding.",
                "separate-lines",
            ),
            check.Option(
                "Not at all: the model has pulled the lines together",
                "What is left after the pull is what the data support, and it is not zero.",
                "no-difference",
            ),
        ],
    )
popular, sleep = slopes.model("popularity"), slopes.model("sleepstudy")
kids = cache.rows("popularity")["extrav"]
middle = popular.at(float(kids.mean()))
check.question(
    "slopes.zero",
    "From a paper on popularity in classes: “Intercepts and slopes of extraversion correlate at "
    f"{share(popular.correlation)}: the more popular a class’s pupils are, the less extraversion "
    f"counts.” Extraversion runs from {kids.min()} to {kids.max()}. What do you make of it?",
    [
        check.Option(
            "It is about pupils with an extraversion of 0, of whom there are none",
            f"At the mean, {fixed(kids.mean(), 1)}, the correlation of the same lines is "
            f"{share(middle.correlation)}. The paper should say where its origin is.",
        ),
        check.Option(
            "It is a finding about classes, and a strong one",
            "It is a finding about the lines at 0. Move the origin, and it changes.",
            "origin-is-fact",
        ),
        check.Option(
            "A correlation so near to −1 shows that the fit failed",
            "The fit is sound, and not even singular. Far outside the data, lines that differ in "
            "slope must differ in height, and in the opposite order.",
            "singular-is-failure",
        ),
    ],
)
check.question(
    "slopes.one",
    "Reaction times on little sleep, with slopes of days that vary between people: the program "
    f"prints “ICC = {share(float(sleep.icc(0)))}”. What is that?",
    [
        check.Option(
            "The ICC on day 0",
            "It divides the intercept variance by itself plus the residual variance, and the "
            f"intercept is the height on day 0. On day 9 it is {share(float(sleep.icc(9)))}.",
        ),
        check.Option(
            "The ICC of the model: it has only one",
            "With random slopes people differ more on some days than on others.",
            "icc-one-number",
        ),
        check.Option(
            "The ICC on average over all days",
            "Nothing is averaged: the slope variance is not in the formula at all.",
            "icc-one-number",
        ),
    ],
)
statistic = variant.pick("slopes.test.statistic", 4.5, (4.1, 4.3, 4.5, 4.8, 5.1, 5.4, 5.7))
mixed = LikelihoodRatio(statistic, 2, {1: 0.5, 2: 0.5}, 1)
alone = LikelihoodRatio(statistic, 1, {1: 1.0}, 0)
check.question(
    "slopes.test",
    "A random slope, with its covariance, raises twice the log-likelihood by "
    f"{fixed(statistic, 1)}. What is p?",
    [
        check.Option(
            f"About {share(mixed.p, 3)}",
            "Half of χ²(1) and half of χ²(2): a covariance that may take either sign, and a "
            "variance that may not.",
        ),
        check.Option(
            f"{share(mixed.naive_p, 3)}: two parameters, so χ² with two degrees of freedom",
            "That forgets that a variance cannot be negative. It errs on the side of no slopes.",
            "boundary-ignored",
        ),
        check.Option(
            f"{share(alone.p, 3)}: one term was added, so χ² with one degree of freedom",
            "The slope brings its covariance with the intercepts along.",
            "slope-one-parameter",
        ),
    ],
)

lesson.take_away(
    [
        "An intercept is a height at the origin. Its variance and its correlation with the slopes "
        "belong to the origin you chose; lines, fit and slope variance do not.",
        "Random slopes say that groups differ more in some places than in others: the variance is "
        "a parabola in x, and the ICC depends on x.",
        "A cross-level interaction says which groups are steep. The slope variance says how much "
        "is left to explain.",
    ],
    limits="It takes many groups, and units spread well over x in each, to tell slopes that "
    "differ from slopes that few units have bent. With 20 groups the estimated correlation of "
    "intercepts and slopes can be almost anything. And a slope that varies with a group’s "
    "predictor is an association: groups may differ in much else.",
    opinions="Which slopes should vary? Barr and colleagues keep every slope that the design "
    "allows, since leaving one out makes the test of its mean too bold. Bates and colleagues, and "
    "Matuschek and colleagues, keep those that the data support, since too many cost power and end "
    "in singular fits. Gelman and Hill would let much vary and hold the variances down by priors. "
    "A cross-level interaction without a random slope is common in economics, with robust standard "
    "errors; Heisig and Schaeffer show that without both its interval is too short.",
    sources=[
        "Snijders & Bosker (2012). *Multilevel analysis* (2nd ed.), chapters 5 and 8.",
        "Raudenbush & Bryk (2002). *Hierarchical linear models* (2nd ed.), chapter 4.",
        "Barr, Levy, Scheepers & Tily (2013). Random effects structure for confirmatory hypothesis "
        "testing: keep it maximal. *Journal of Memory and Language*, 68.",
        "Matuschek, Kliegl, Vasishth, Baayen & Bates (2017). Balancing type I error and power in "
        "linear mixed models. *Journal of Memory and Language*, 94.",
        "Heisig & Schaeffer (2019). Why you should always include a random slope for the "
        "lower-level variable involved in a cross-level interaction. *European Sociological "
        "Review*, 35.",
        "Stram & Lee (1994). Variance components testing in the longitudinal mixed effects model. "
        "*Biometrics*, 50.",
        "Gelman & Hill (2007). *Data analysis using regression and multilevel/hierarchical "
        "models*, chapter 13.",
    ],
)
