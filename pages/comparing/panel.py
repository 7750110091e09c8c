"""Panel data: is there a trend, or do people differ in theirs?

A hundred invented studies without a trend, tested with a random intercept only and with random
slopes; then real people over time, the lecture's five panel columns, and what goes on from them.
"""

from functools import partial

import pandas as pd
import streamlit as st

from ui import (
    beside,
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
    show,
    trends,
    variant,
)
from ui.lens import panel as lens
from ui.pictures import lives, panel, studies
from ui.predict import Option, Scale
from ui.prose import fixed, share
from ui.puzzle import Condition
from ui.reproduced import fitted
from ui.stage import scene

rate, own_rate = (100 * studies.rate(k) for k in (0, 1))
SCALE = Scale(0, 100, 1, (0, 25, 50, 75, 100), "of 100 studies", 0)
PEOPLE, WAVES, SD = studies.PEOPLE, studies.WAVES, studies.SLOPE_SD
CASES = ("sleepstudy", "ghq_panel-years")

guess = predict.made("panel.intercept")
heading, beside_it = st.columns([3, 1], vertical_alignment="bottom")
heading.title("Trend or noise?", anchor=False)
opening = beside_it.popover("Recall Pooling") if guess is None else None

# ---- A hundred studies without a trend -------------------------------------------------------

lesson.step("how many find a trend?")
values = None
if guess is None:
    scene.ask(
        panel.question(),
        "panel.intercept",
        story=f"<p>{PEOPLE} people, {prose.words(WAVES)} yearly interviews. Some people rise, some "
        f"fall, by slopes with an SD of {fixed(SD, 1)} points a wave. <strong>On average nobody "
        "moves: the true trend is zero.</strong> A model with a random intercept, a height for "
        "each person, tests the trend at the 5 % level. Then the whole study is done again with "
        f"other people: {studies.STUDIES} times. (Invented data.)</p>",
        question="<h2>How many of the 100 studies find a “significant” trend?</h2><p>Place it on "
        "the amber line.</p>",
    )
    predict.bar(
        "panel.intercept",
        partial(
            predict.placed_number,
            "panel.intercept",
            SCALE,
            rate,
            near=4,
            below=((11, "intercept-is-enough"), (40, None), (101, "anything-significant")),
        ),
        question="With a random intercept only: how many of 100 studies without a trend find one?",
        truth=f"{fixed(rate, 0)} of 100",
    )
else:
    second = predict.made("panel.slope")
    stage = panel.trial(both=second is not None)
    said = f"<p>In the long run it is {fixed(rate, 0)} of 100, where the test promised 5."
    if isinstance(guess.value, float):
        stage = panel.guessed(stage, guess.value)
        said = (
            f"<p>You said <span class='you'>{fixed(guess.value, 0)}</span>; in the long run it is "
            f"{fixed(rate, 0)} of 100, where the test promised 5."
        )
    values = scene.show(
        stage,
        gap=f"{said} Drag the SD of people’s slopes, <strong>σ<sub>u1</sub></strong>, and the "
        "<strong>waves</strong>.</p>",
        note=predict.tempting(guess.misconception, html=True),
    )
    key.answer(f"{fixed(rate, 0)} of 100; within 4 is called close.")
    predict.again("panel.intercept")

    # ---- Make it so --------------------------------------------------------------------------

    if second is not None:
        spread, people, waves, draw = (
            values[name] for name in ("sigma_u1", "persons", "waves", "seed")
        )
        alone, with_slope = studies.verdicts(spread, people, waves, draw)
        sd = variant.pick("panel.waves", SD, (0.08, 0.1, 0.12, 0.14, 0.2, 0.3, 0.4))
        most = studies.most_waves(sd, 0.08)
        here = studies.rate(0, sd=spread, persons=round(people), times=round(waves))
        left, right = st.columns(2, gap="large")
        with left:
            puzzle.pose(
                "panel.waves",
                f"Leave the {PEOPLE} people and the random intercept. People’s slopes have an SD "
                f"of {share(sd)}. How many waves at most, so that fewer than 8 of 100 null studies "
                "find a trend in the long run?",
                [
                    Condition(people == PEOPLE, f"leave the number of people at {PEOPLE}."),
                    Condition(
                        abs(spread - sd) < 0.005,
                        f"the SD of slopes is {share(spread)}, not {share(sd)}.",
                    ),
                    Condition(
                        here < 0.08,
                        f"with {fixed(waves, 0)} waves it is {fixed(100 * here, 1)} of 100.",
                    ),
                    Condition(
                        round(waves) == most,
                        f"{fixed(waves, 0)} waves do it, but there can be more.",
                    ),
                ],
                [
                    "Drag the waves both ways, and watch the orange curve.",
                    "More interviews make it worse, not better.",
                    f"With {most + 1} waves it is "
                    f"{fixed(100 * studies.rate(0, sd=sd, times=most + 1), 1)} of 100.",
                ],
                "Few waves hide the slopes in the noise. With many, each person’s slope is sure, "
                "and the random intercept takes each for new evidence about the mean.",
                answer=f"{most} waves, σ_u1 = {share(sd)}, {PEOPLE} people.",
            )
        with right:
            puzzle.pose(
                "panel.disagree",
                "Step to a seed whose first study, the one on the left, the random intercept calls "
                "“significant” and the random slopes do not.",
                [
                    Condition(
                        alone,
                        f"at seed {fixed(draw, 0)} the random intercept finds nothing.",
                    ),
                    Condition(
                        not with_slope,
                        f"at seed {fixed(draw, 0)} both models find a trend.",
                    ),
                ],
                [
                    "The study on the left is the first square of both models.",
                    "Press “Step on” until the first orange square is filled and the first blue "
                    "one is not.",
                    f"Try seed {studies.disagreement()}.",
                ],
                "Same people, same slope, two standard errors: only one of them asks how much "
                "people differ.",
                answer=f"seed {studies.disagreement()}, with the other handles as at first.",
            )

# ---- With random slopes ----------------------------------------------------------------------

lesson.step("and with random slopes?")
if values is None:
    st.markdown("What the studies find appears when you have made or skipped the prediction.")
else:
    second = predict.number(
        "panel.slope",
        f"Now the model gives each person a slope, too: a {glossary.term('random-slope')} of time. "
        "How many of 100 such studies find a “significant” trend?",
        SCALE,
        own_rate,
        near=2,
        below=((2.5, "level-is-zero"), (10, None), (101, "slopes-cure-half")),
        reference=(rate, "without"),
    )
    if second is not None:
        st.markdown(
            f"{predict.tempting(second.misconception)} Five of 100 is what a test at the 5 % level "
            "owes you when nothing is there. The picture above now has both models. The random "
            "intercept’s statistic is read as a z, as programs print it. The random slopes’ is "
            f"read as a t with {PEOPLE - 1} degrees of freedom, one less than people, because they "
            f"are what it counts; as a z it would be wrong in {fixed(100 * studies.with_z(), 1)} "
            f"of 100. (Each rate is a mean over {studies.DRAWS} draws, with a Monte Carlo error of "
            f"at most {fixed(100 * studies.error(), 1)} of 100.)"
        )

        # ---- Why -----------------------------------------------------------------------------

        lesson.step("what each test divides by", "What each test divides by")
        P, T, s = values["persons"], values["waves"], values["sigma_u1"]
        S = T * (T**2 - 1) / 12
        spread = s**2 + 1 / S
        reported = ((spread + (T - 2) / S) / ((T - 1) * P)) ** 0.5
        true = (spread / P) ** 0.5
        st.markdown(
            notation.tex(
                rf"""
Both models put the trend where the mean of the people’s own slopes is. They differ in how sure they
are. With $S = \sum_t (t - \bar t)^2$ a person’s own slope has the variance
$\sigma_{{u1}}^2 + \sigma_e^2 / S$, and the mean of $P$ people has

$$\mathrm{{Var}}(\hat\beta_1) = \dfrac{{\sigma_{{u1}}^2 + \sigma_e^2 / S}}{{P}}.$$

That is what random slopes estimate. A {glossary.term("random-intercept")} alone has no
$\sigma_{{u1}}$. It takes people’s slopes for residuals, mixes them with all the others, and reports
about

$$\dfrac{{\sigma_{{u1}}^2 + \sigma_e^2 / S \; + \; (T - 2)\,\sigma_e^2 / S}}{{(T - 1)\,P}}.$$

It counts $T - 1$ pieces of evidence for each person where there is one. With the values in the
picture, the standard error should be {share(true, 3)}; the random intercept reports about
{share(reported, 3)}, too small by a factor of {fixed(true / reported)}. More people divide both by
$P$, so the factor stays. More waves make it grow, towards $\sqrt{{T - 1}}$. Where slopes do not
differ, at $\sigma_{{u1}} = 0$, the two are the same: then the random intercept is enough.
"""
            )
        )
        with st.expander("The study in the picture, fitted without and with random slopes"):
            sloped = st.toggle("random slopes", value=True, key="panel.lens.slopes")
            lens.shown(
                "panel.lens",
                studies.fitted(s, P, T, values["seed"], slopes=sloped).fit,
                studies.study(s, P, T, values["seed"]),
            )

# ---- As time goes on ----------------------------------------------------------------------------

lesson.step("as time goes on")
title, chooser = st.columns(2, vertical_alignment="bottom")
title.header("Watch a trend as time goes on", anchor=False)
if guess is None or predict.made("panel.slope") is None:
    st.markdown("The people appear when you have made both predictions above.")
else:
    with chooser:
        name = controls.dataset(CASES)
    it, seen = cache.case(name), lives.course(name)
    lesson.story(it)
    if len(seen.drawn) < lives.total(name):
        st.markdown(
            f"The picture draws {lives.DRAWN} of the {lives.total(name):,} people, with seed "
            f"{lives.SEED}, among those seen from the start and on all but two occasions at most; "
            "the models are fitted to all."
        )
    scene.show(lives.lives(name))
    shortest, longest = (seen.se[k, 1] / seen.se[k, 0] for k in (0, -1))
    per = trends.per(name)
    if longest > 1.2:
        st.markdown(
            f"After {prose.words(lives.FEWEST)} {per}s the standard error with random "
            f"slopes is {fixed(shortest, 1)} times that of the random intercept, after "
            f"{prose.words(len(seen.last) + lives.FEWEST - 1)} it is {fixed(longest, 1)} times. "
            f"More {per}s shrink both, and drive them apart."
        )
    else:
        st.markdown(
            f"Here the two agree, from the {prose.ordinal(lives.FEWEST)} {per} to the "
            f"last: the model finds an SD of trends of {fixed(seen.slope_sd[-1], 3)} points a "
            f"{per}, next to nothing. These lives are invented, and no trends of people’s own were "
            "put into them. The random slope costs nothing here, and it is what tells you so."
        )
    st.markdown(
        "The school and the nurses data cannot be asked: each pupil and each nurse was seen once. "
        "Time needs people who are seen again."
    )

    # ---- Five ways with time -----------------------------------------------------------------

    lesson.step("one trend, five ways with time", "One trend, five ways with time")
    lines = trends.trends(name)
    show.table(
        pd.DataFrame(
            {
                "what is reckoned with": [f"{line.asks}: *{line.model}*" for line in lines],
                f"trend, {it.measure(it.model.outcome)} a {per}": [
                    fixed(line.estimate, trends.digits(name)) for line in lines
                ],
                "standard error": [fixed(line.se, trends.digits(name)) for line in lines],
                "found": [line.also for line in lines],
            }
        )
    )
    st.markdown(
        f"A {glossary.term('growth-curve', 'growth curve')} says that people differ for good, "
        f"{glossary.term('ar1', 'AR(1)')} that what happens to a person wears off by the factor φ "
        f"from one {per} to the next. Where there is any of either, the trend is less sure than a "
        "random intercept says. "
        f"{glossary.term('crossed', 'Crossed')} effects let a whole {per} be off for "
        "everybody at once, which more people cannot average out. Cluster-robust errors ask "
        "nothing of the kind and describe nothing of it."
    )

# ---- The lecture's panel -----------------------------------------------------------------------

lesson.step("five columns of one panel", "Five columns of one panel")
moving, everybody = trends.movers()
st.markdown(
    f"{cache.load('ghq_panel').story} **Simulated for teaching:** nothing here is a finding about "
    f"real people. In {moving:,} of the {everybody:,} people “no qualification” ever changes."
)
COLUMNS = {
    "lin2": (
        "Least squares",
        "It takes each interview for another person, and is too sure of itself.",
        "ignoring-is-vague",
    ),
    "clus2": (
        "Least squares, cluster-robust",
        "It lets the interviews of a person go together, which makes the error larger: the "
        "comparison is still mostly one of different people.",
        "robust-wider",
    ),
    "be2": (
        "Between: one mean for each person",
        "It has one row a person, but people differ a lot in their qualifications: few rows that "
        "differ say more than many that do not.",
        "fewest-rows",
    ),
    "fe2": (
        "Fixed effects: each person against themselves",
        "Only people whose qualifications change during the years have anything to say.",
        None,
    ),
    "re2": (
        "Random effects",
        "It uses the comparison within people and the one between them, and is surer than either.",
        "random-is-vague",
    ),
}  # fmt: skip
errors = {name: float(fitted("ghq_panel", name).coefficients.loc["noed", "se"]) for name in COLUMNS}
third = predict.choice(
    "panel.columns",
    "In which of five columns has “no qualification” the largest standard error?",
    {name: Option(text, why, belief) for name, (text, why, belief) in COLUMNS.items()},
    max(errors, key=errors.__getitem__),
    values=errors,
    unit="points, standard error of “no qualification”",
    digits=3,
)
if third is not None:
    lesson.step("the lecture’s table")
    beside.show("ghq_panel")
    income = trends.incomes()
    by = {line.model: line for line in income}
    st.markdown(
        "Three columns are made of two comparisons. Between people, those who earn more by one log "
        f"point score {fixed(-by['between'].estimate)} lower; within a person, a year with that "
        f"much more goes with {fixed(-by['fixed effects'].estimate)} less. Least squares and "
        "random effects mix the two, with different weights. What never changes, being a woman, "
        "fixed effects cannot see at all: the 0 in the table stands for “no answer”."
    )

    lesson.step("what goes on from there")
    st.subheader("What each column asks, and three that go on from there", anchor=False)
    show.table(
        pd.DataFrame(
            {
                "log income compared between": [f"{line.asks}: *{line.model}*" for line in income],
                "coefficient": [fixed(line.estimate) for line in income],
                "standard error": [fixed(line.se, 3) for line in income],
            }
        )
    )
    st.markdown(
        "First differences and fixed effects ask about the same people and differ in what they "
        "are compared with: the wave before, or all their years. With two waves, and a year effect "
        "in both, they would be the same. Two-way fixed effects take each year’s mean out as well, "
        "and with it **age**: a person gets one year older each year, so their age and the "
        "calendar say the same, and no column can tell ageing from the times without leaving "
        "something else out. The crossed model gives the years effects of their own, too. In these "
        "data incomes and scores both rise over the years; once the years are held apart, the "
        f"random effects’ {fixed(by['random effects'].estimate)} becomes "
        f"{fixed(by['crossed random effects'].estimate)}."
    )

# ---- Check yourself ----------------------------------------------------------------------------

lesson.step("check yourself")
with opening or st.container():
    if opening is None:
        st.header("Check yourself", anchor=False)
    scatter = WAVES * (WAVES**2 - 1) / 12
    apparent = (SD**2 + 1 / scatter) ** 0.5
    check.question(
        "panel.recall",
        f"From Pooling: draw a line through the {prose.words(WAVES)} scores of each of {PEOPLE} "
        f"people. The {PEOPLE} slopes have an SD of {share(apparent)}. By how much do people’s "
        "slopes differ?",
        [
            check.Option(
                f"By less: part of the {share(apparent)} is what chance does to a line through "
                f"{prose.words(WAVES)} scores",
                f"With residuals of SD 1 the lines would differ by {share(scatter**-0.5)} if all "
                f"slopes were the same. What is left of the variance is an SD of {share(SD)}.",
            ),
            check.Option(
                f"By {share(apparent)}: each line is the best line for its person",
                "It is, and it carries the chance of that person’s scores.",
                "separate-lines",
            ),
            check.Option(
                "Not at all: a model would pull the lines together",
                "It would pull them together by as much as chance explains, and leave the rest.",
                "no-difference",
            ),
        ],
    )
if opening is not None:
    st.header("Check yourself", anchor=False)
more = variant.number("panel.more", 10, range(8, 11))
check.question(
    "panel.more",
    f"Six waves, slopes of SD {fixed(SD, 1)}, a random intercept only. “Let us interview them "
    f"{prose.words(more)} times, then the trend is safe.” What happens to the false alarms?",
    [
        check.Option(
            "They become rarer",
            "The standard error that is reported shrinks. The one that it should be does not "
            "shrink with it: it is held by how much people differ.",
            "more-waves-cure",
        ),
        check.Option(
            "They stay as they are",
            "That is what more people do. More waves raise the number of rows that the test takes "
            "for evidence about each person’s trend.",
            "rows-are-evidence",
        ),
        check.Option(
            "They become more frequent",
            f"{fixed(100 * studies.rate(0, times=more), 0)} of 100 instead of {fixed(rate, 0)}: "
            "each further wave is counted as new evidence about the mean, and is none."
            if guess is not None
            else "Each further wave is counted as new evidence about the mean, and is none.",
        ),
    ],
)
check.question(
    "panel.evidence",
    "People differ in their slopes. What is the trend of the population known from?",
    [
        check.Option(
            "From the rows, once each person has an intercept",
            "The intercept takes out what a person’s rows share in height. They still share a "
            "slope.",
            "intercept-is-enough",
        ),
        check.Option(
            "From the people: each gives one slope",
            "More waves make each person’s slope surer. How the next person’s will be, only more "
            "people can tell.",
        ),
        check.Option(
            "From the rows, if there are enough of them",
            "Rows without end of the same people leave those people’s slopes, and no others.",
            "rows-are-evidence",
        ),
    ],
)
check.question(
    "panel.omitted",
    "Two-way fixed effects leave age out. What does that say about age and well-being?",
    [
        check.Option(
            "That age has no effect once years are controlled for",
            "An effect of zero is an answer. A column without a coefficient has not been asked.",
            "omitted-is-zero",
        ),
        check.Option(
            "Nothing: a person’s age and the calendar year run together, and the years took both",
            "Each year adds one to both. Some comparison has to be given up: here ageing, within "
            "a person, is what the years’ means already hold.",
        ),
        check.Option(
            "That fixed effects have corrected the age effect",
            "They have compared people with themselves. What ageing does to everybody at once is "
            "the same as what the years do.",
            "fe-always",
        ),
    ],
)

lesson.take_away(
    [
        "A random intercept lets people differ in height, not in trend. If they differ in trend, "
        "its test of the trend counts interviews where it should count people.",
        "More people do not cure that, and more waves make it worse. Give time a random slope "
        "whenever time is what you test, or let the errors of a person go together.",
        "The columns of a panel differ in what they compare: people, years of one person, or a "
        "mixture. Choose the comparison, then the column.",
    ],
    limits="Lines are straight here, people leave for reasons that have nothing to do with their "
    "scores, and waves are equally far apart. With three waves a person’s slope and bend cannot be "
    "told apart. With few people a z from random slopes is too narrow: use a t with as many "
    "degrees of freedom as there are people, less one.",
    opinions="Barr and colleagues ask for every random slope that the design allows. Matuschek and "
    "colleagues answer that slopes which vary little cost power, and keep those that the data "
    "support. Econometricians mostly take fixed effects with errors clustered by person, which is "
    "right about the trend without describing how people differ; Bell and Jones would rather model "
    "both comparisons, and the differences. Angrist and Pischke trust clustering from about 42 "
    "clusters on; with fewer, Cameron and Miller advise small-sample corrections.",
    sources=[
        "Angrist, J. D., & Pischke, J.-S. (2009). *Mostly Harmless Econometrics*, ch. 8. Princeton "
        "University Press.",
        "Barr, D. J., Levy, R., Scheepers, C., & Tily, H. J. (2013). Random effects structure for "
        "confirmatory hypothesis testing: Keep it maximal. *Journal of Memory and Language*, "
        "68(3), 255–278.",
        "Bell, A., & Jones, K. (2015). Explaining fixed effects: Random effects modeling of "
        "time-series cross-sectional and panel data. *Political Science Research and Methods*, "
        "3(1), 133–153.",
        "Cameron, A. C., & Miller, D. L. (2015). A practitioner’s guide to cluster-robust "
        "inference. *Journal of Human Resources*, 50(2), 317–372.",
        "Matuschek, H., Kliegl, R., Vasishth, S., Baayen, H., & Bates, D. (2017). Balancing Type I "
        "error and power in linear mixed models. *Journal of Memory and Language*, 94, 305–315.",
        "Singer, J. D., & Willett, J. B. (2003). *Applied Longitudinal Data Analysis*, ch. 3–7. "
        "Oxford University Press.",
    ],
)
