"""Shrinkage: where does a school of two belong in a league table, and how sure is its place?

Own means and estimates side by side, then every estimate with its interval, then the table drawn
again and again; last whether it is fair to a small group.
"""

from functools import partial
from math import hypot, inf

import streamlit as st

from mlcore import pooling_weight
from ui import (
    beside,
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
    variant,
)
from ui.lens import panel as lens
from ui.pictures import intervals, redraws, shrinkage
from ui.pictures.league import DRAWS, league
from ui.predict import Scale
from ui.prose import fixed, percent, share
from ui.puzzle import Condition
from ui.stage import scene
from ui.stage.axis import ticks

DATA = ("school", "nurses", "nurses-hospitals", "ghq_households", "hsb", "popularity")
PRINTED = {"school": "school-intercept", "hsb": "hsb-null", "ghq_households": "ghq_households"}

heading, corner = st.columns([3, 1], vertical_alignment="bottom")
opening = None
if predict.made("shrinkage.place-school") is None and "data" not in st.query_params:
    opening, name = corner.popover("Recall Pooling"), DATA[0]
else:
    with corner:
        name = controls.dataset(DATA, leaves=("n", "redraw"))

it, given = league(name), league(name, given=True)
group, groups = it.case.group.name, it.case.group.plural
unit, units = it.case.unit.name, it.case.unit.plural
count = len(it.names)
small = it.smallest
called, of_size, n = it.called(small), it.of_size(small), it.size(small)
own, kept, _, se, low, high = it.lines[small]
raw, place = it.raw[small], it.place[small]
measure = it.case.measure(it.case.model.outcome)
predictor = it.case.data.variable(it.case.model.predictor).label.lower()
heading.title(f"Where does a {of_size} belong?", anchor=False)

# ---- Two tables ------------------------------------------------------------------------------

lesson.step(f"where does a {of_size} belong?")
asked = f"shrinkage.place-{name}"
sure = predict.made(f"shrinkage.exclude-{name}")
guess = predict.made(asked)
guessed = round(guess.value) if guess and isinstance(guess.value, float) else None
sample = f" of {it.everyone:,}, drawn with seed 1," if it.drawn else ""
synthetic = " <strong>Simulated for teaching.</strong>" if it.case.synthetic else ""
if guess is None:
    scene.ask(
        shrinkage.tables(name),
        asked,
        story=f"<p>{count} {groups}{sample} in order of their own mean "
        f"({it.case.label(it.case.model.outcome)}). {prose.sentence(called)} has {it.rows(n)}; its "
        f"mean lies {it.said(abs(own))} below the mean of all, {prose.nth(raw)} from the bottom. A "
        f"multilevel model now estimates every {group} anew: from its own {units}, and from what "
        f"all {groups} have in common.{synthetic}</p>",
        question=f"<h2>Where will {called} be?</h2><p>Place it on the amber row: 1 is the lowest "
        f"of the {count}.</p>",
    )
    predict.bar(
        asked,
        partial(
            predict.placed_number,
            asked,
            Scale(1, count, 1, (1, count), "from the bottom", 0),
            place,
            near=1,
            below=shrinkage.suspicion(it),
        ),
        question=f"{prose.sentence(called)}, {it.rows(n)}, is {prose.nth(raw)} of {count} by "
        "its own mean. Where is it by the model’s estimate?",
        truth=f"{prose.nth(place)} from the bottom",
    )
else:
    reach = f"its 95 % interval reaches from {it.said(low)} to {it.said(high)}"
    apart = place - (raw if guessed is None else guessed)
    way = f"{prose.counted(abs(apart), 'place')} {'up' if apart > 0 else 'down'}, and {reach}"
    it_is = f"<span class='it'>{prose.nth(place)}</span>"
    if guessed is None:
        moves = f"goes from {prose.nth(raw)} to" if place != raw else "stays"
        said = f"{prose.sentence(called)} {moves} {it_is}; {reach}."
    elif apart:
        said = (
            f"<span class='you'>You said {prose.nth(guessed)} from the bottom.</span> "
            f"It is {it_is}, {way}."
        )
    else:
        said = (
            f"<span class='you'>You said {prose.nth(guessed)}</span>, and {it_is} it is; {reach}."
        )
    values = scene.show(
        shrinkage.tables(name, guess=guessed, sure=sure is not None),
        gap=f"<p>{said}</p>",
    )
    st.markdown(predict.tempting(guess.misconception))
    key.answer(f"{prose.nth(place)} from the bottom.")
    predict.again(asked)
    fewest, largest = min(it.sizes.values()), max(it.sizes.values())
    least, most = (float(pooling_weight(size, it.tau, it.sigma)) for size in (fewest, largest))
    lesson.story(it.case)
    st.markdown(
        notation.tex(
            f"The {glossary.term('empirical-bayes', 'estimate')} keeps the share "
            rf"$\lambda_j$ of a {group}’s distance. Here $\lambda_j$ runs from {share(least)}, "
            f"with {it.rows(fewest)}, to {share(most)}, with "
            f"{it.rows(largest)}. "
        )
        + (
            f"All {groups} keep nearly all, so no place changes much: small is not what counts, "
            rf"but small beside $\sigma_e^2 / \sigma_u^2$ = {fixed((it.sigma / it.tau) ** 2, 1)} "
            f"{units}."
            if least > 0.9
            else f"Whoever keeps little leaves the ends of the table: {called} goes from "
            f"{prose.nth(raw)} to {prose.nth(place)}."
        )
    )

    # ---- Make it so --------------------------------------------------------------------------

    options = it.reachable
    aim = variant.pick(f"shrinkage.reach-{name}", next(iter(options)), tuple(options))
    needed, focused, size = options[aim], values.names[it.case.model.group], round(values["n"])
    clear = size >= (needed if focused == aim else 0)
    puzzle.pose(
        f"shrinkage.reach-{name}",
        f"Suppose that {it.called(aim)} had the mean it has, {it.said(it.mean(aim))}, from more "
        f"{units}. What is the smallest number of them with which its 95 % interval leaves out 0, "
        f"the mean of all {groups}?",
        [
            Condition(focused == aim, f"{it.called(focused)} is in focus."),
            Condition(clear, f"with {it.rows(size)} the interval still includes 0."),
            Condition(size <= needed, f"{it.rows(size)} are more than it needs."),
        ],
        [
            f"Drag its number of {units}: the interval becomes shorter, and the estimate moves "
            "away from the mean.",
            "The two work together: the estimate has to be 1.96 standard errors away from 0.",
            f"It is a number between {max(1, needed - 4)} and {needed + 3}.",
        ],
        f"{prose.sentence(it.rows(needed))} would do. Nothing about the {groups} has changed, only "
        "how much is known about one.",
        answer=f"{it.rows(needed)}, with {it.called(aim)} in focus.",
    )

# ---- Intervals -------------------------------------------------------------------------------

lesson.step("how sure is it?", "How sure is each place?")
excluding = int(it.caterpillar["excludes"].sum())
st.markdown(
    f"An estimate is what the model expects; the {group} may lie higher or lower. Its 95 % "
    f"interval says how far: it holds the {group}’s effect with probability .95, given the model."
)
exclude = predict.number(
    f"shrinkage.exclude-{name}",
    f"How many of the {count} intervals leave out 0, the mean of all {groups}?",
    Scale(0, count, 1, [0, *ticks(0, count, 7)[1:]], f"of {count} intervals", 0),
    excluding,
    near=max(2, count // 25),
    below=(
        (min(0.12 * count, excluding / 2), "five-percent"),
        (excluding + 0.2 * count, None),
        (inf, "every-difference-real"),
    ),
)
lesson.step("every interval")
if exclude is None:
    st.markdown("All intervals appear when you have made or skipped the prediction.")
else:
    st.markdown(predict.tempting(exclude.misconception))
    pairs = it.apart
    seen = scene.show(intervals.caterpillar(name))
    st.markdown(
        f"This is a {glossary.term('caterpillar', 'caterpillar plot')}. Five in a hundred is how "
        f"many intervals miss their own {group}’s effect, not how many leave out the mean: these "
        f"{groups} differ, by an SD of {it.said(it.tau)}.\n\nAn interval that leaves out 0 "
        f"compares a {group} with the mean of all. For comparing two {groups} it is too long: two "
        f"95 % intervals can overlap although the difference is clear. Of the {pairs.pairs:,} "
        f"pairs of {groups} {pairs.tested:,} differ by the test of their difference, and only "
        f"{pairs.separate:,} have intervals that do not overlap. Goldstein and Healy’s intervals "
        f"for comparison, {fixed(it.factor)} standard errors to either side instead of 1.96, find "
        f"{pairs.compared:,}."
    )
    focused = seen.names[it.case.model.group]
    best = max(it.told.values())
    winner = max(it.told, key=it.told.__getitem__)
    puzzle.pose(
        f"shrinkage.told-{name}",
        f"Which {group} can be told from the most others? Switch to intervals for comparison and "
        "put it in focus: click on it, or choose it from the list.",
        [
            Condition(seen["compare"] > 0.5, "the intervals for comparison are not shown."),
            Condition(
                it.told[focused] == best,
                f"{it.called(focused)} can be told from {it.told[focused]}, and another from more.",
            ),
        ],
        [
            "A short interval helps, and distance helps.",
            f"Look at both ends of the table, at {groups} with many {units}.",
            f"It stands {'below' if it.mean(winner) < 0 else 'above'} the mean, at place "
            f"{it.place[winner]}.",
        ],
        f"{prose.sentence(it.called(winner))} can be told from {best} of {count - 1}. Distance "
        f"from the others and its {it.rows(it.size(winner))} both count.",
        answer=f"{prose.sentence(it.called(winner))}, with intervals for comparison.",
    )

# ---- The table drawn again -------------------------------------------------------------------

lesson.step("who is above whom?", "The table, drawn again")
above, under = given.neighbours
middle = count - given.place[above] + 1
st.markdown(
    f"A league table prints places. Take one in which the model also knows each "
    f"{unit}’s {predictor}. {prose.sentence(given.called(above))} is listed "
    f"{prose.nth(middle)} from the top, {given.called(under)} {prose.nth(middle + 1)}."
)
adjacent = predict.number(
    f"shrinkage.adjacent-{name}",
    f"How likely is it that {given.called(above)} really lies above {given.called(under)}?",
    Scale(50, 100, 1, (50, 60, 70, 80, 90, 100), "%", 0),
    100 * given.tossed,
    near=3,
    below=((100 * given.tossed + 10, None), (inf, "adjacent-ranks")),
)
lesson.step("redraws")
if adjacent is None:
    st.markdown("The redraws appear when you have made or skipped the prediction.")
else:
    st.markdown(predict.tempting(adjacent.misconception))
    scene.show(redraws.table(name))
    width, likely = given.redraws.intervals["width"].median(), given.redraws.top
    st.markdown(
        f"What the model knows of a {group} is not one number but a distribution. Each redraw "
        f"takes one number from each and writes the table anew: one table as it may really be. "
        f"Over {DRAWS:,} redraws half of the {glossary.term('rank-interval', 'rank intervals')} "
        f"are {width:.0f} places or longer. The ends of the table are surer than its middle: "
        f"{given.called(likely.index[0])} is the highest in {percent(likely.iloc[0])} of the "
        f"redraws, {given.called(likely.index[1])} in {percent(likely.iloc[1])}."
    )

# ---- Fair? -----------------------------------------------------------------------------------

lesson.step("is it fair?", f"Is it fair to the small {group}?")
own_error, estimate_error = it.sigma / n**0.5, se
forecast, record = st.columns(2, gap="large")
with forecast:
    st.markdown(
        f"**As a forecast, yes.** What will the next {units} of {called} be like? Judge the "
        f"{groups} with {it.rows(n)} by their own means, and you miss their effects by "
        f"{it.said(own_error)} {measure} (root mean square); the estimates miss by "
        f"{it.said(estimate_error)}. If the model is right, no other use of the same data misses "
        f"by less, on average over {groups}. Whoever chooses, plans or helps should take it."
    )
with record:
    st.markdown(
        f"**As a record, no.** What did its {it.rows(n)} reach? That is {it.said(own)}, and no "
        f"model knows better. An excellent small {group} will always look ordinary, and so will a "
        f"failing one: given its own effect, the estimate of {called} is expected to fall short of "
        f"it by {percent(1 - kept)}. On average over {groups} nobody is favoured; this one is not "
        "an average."
    )
st.markdown(
    f"So the estimate is biased for each {group} that is not at the mean, and still misses by "
    f"less: it exchanges much scatter for some bias. Which of the two matters depends on the "
    "question. A table without intervals serves neither."
)
with st.expander("The fitted model, read in five ways"):
    lens.show(f"shrinkage.lens.{name}", it.case.null, name)
    st.markdown(
        f"The redrawn table adds {predictor}. Intervals and redraws take the mean of all and the "
        "two spreads as they were estimated. The estimates of the groups, and their intervals:"
    )
    show.code(
        "ranef(m, condVar = TRUE)                  # R, after lmer; lattice::dotplot\n"
        "predict u, reffects reses(se)             // Stata, after mixed\n"
        f'fit = lmm("{it.case.null}", case("{name}").frame)   # Python, this app’s core\n'
        "caterpillar(fit), rank_draws(fit, seed=1).intervals()",
    )
    if name in PRINTED:
        beside.show(PRINTED[name])

# ---- Check yourself --------------------------------------------------------------------------

lesson.step("check yourself", "Check yourself")
school = league("school")
ratio = (school.sigma / school.tau) ** 2
far_out = variant.pick("shrinkage.recall.far", 8, (6, 7, 8, 9))
near_by = variant.pick("shrinkage.recall.near", 0.5, (0.4, 0.5, 0.6))
many = variant.number("shrinkage.recall.many", 40, (30, 35, 40, 45))
with opening or st.container():
    far_moves, near_moves = far_out * ratio / (many + ratio), near_by * ratio / (3 + ratio)
    check.question(
        "shrinkage.recall",
        f"From Pooling: a school of {many} lies {far_out} points above the mean of all, a school "
        f"of three {near_by} points above it. Which moves more points towards the mean?",
        [
            check.Option(
                f"The school of {many}",
                f"It gives up a small share, {percent(ratio / (many + ratio))}, of a long way: "
                f"{fixed(far_moves)} points. The school of three gives up "
                f"{percent(ratio / (3 + ratio))} of {near_by}: {fixed(near_moves)}.",
            ),
            check.Option(
                "The school of three: small schools are trusted least",
                f"It gives up the larger share, but of {near_by} points: {fixed(near_moves)}. The "
                f"school of {many} moves {fixed(far_moves)}.",
                "size-alone",
            ),
            check.Option(
                "Both the same: one model, one share",
                "The spreads are shared; the share each school keeps depends on its size.",
                "all-alike",
            ),
        ],
    )
first_pair = school.overlapping[len(school.overlapping) // 2]
lower, upper = variant.pick("shrinkage.overlap", first_pair, tuple(school.overlapping))
worse, better = school.lines[lower], school.lines[upper]
difference = better.estimate - worse.estimate
error = hypot(worse.se, better.se)
spans = [f"{school.said(row.lower)} to {school.said(row.upper)}" for row in (worse, better)]
check.question(
    "shrinkage.overlap",
    f"The 95 % interval of school {upper} is {spans[1]}, that of school {lower} {spans[0]}. They "
    "overlap. What follows?",
    [
        check.Option(
            "Nothing yet: the difference has an interval of its own",
            f"The difference is {fixed(difference, 1)} with a standard error of {fixed(error, 1)}, "
            f"z = {fixed(difference / error, 1)}: it is clear. Standard errors add as squares, so "
            "the error of a difference is less than the two errors together.",
        ),
        check.Option(
            "The two schools do not differ",
            f"Their difference, {fixed(difference, 1)}, is {fixed(difference / error, 1)} standard "
            "errors from 0. Overlap of two 95 % intervals is too strict a test.",
            "overlap-no-difference",
        ),
        check.Option(
            f"School {upper} is better with certainty, since its estimate is higher",
            f"It is higher with probability {share(school.above(upper, lower))}, given the model: "
            "likely, not certain.",
            "rank-is-fact",
        ),
    ],
)
added = league("school", given=True)
width = float(added.redraws.intervals["width"].median())
highest = added.redraws.top
climbed = variant.number("shrinkage.climbed", 10, (7, 8, 9, 10))
check.question(
    "shrinkage.climbed",
    f"In this year’s table of 65 schools a school stands {climbed} places higher than last year. "
    "Its head calls that progress. What do you say?",
    [
        check.Option(
            "It may be; it may also be that nothing has changed",
            f"Half of the 95 % intervals of a place are {width:.0f} places or longer, from the "
            f"data of one year. A move of {climbed} places lies well within that.",
        ),
        check.Option(
            f"It has overtaken {climbed} schools, so it has become better",
            "Places follow from estimates, and estimates in the middle lie so close together that "
            "a small change of one is a large change of place.",
            "adjacent-ranks",
        ),
        check.Option(
            "Nothing: places carry no information",
            f"The ends of the table do: school {highest.index[0]} is the highest in "
            f"{percent(highest.iloc[0])} of the redraws.",
            "ranks-say-nothing",
        ),
    ],
)
two, two_kept = school.mean("48"), school.lines["48"].weight
check.question(
    "shrinkage.question",
    f"The two pupils of school 48 scored {fixed(abs(two), 1)} points below the mean of all "
    f"schools, and the model says {fixed(abs(two * two_kept), 1)}. Which number is the right one?",
    [
        check.Option(
            "The first for what they reached, the second for what to expect of the school",
            "A record and a forecast are different questions. Neither number answers the other.",
        ),
        check.Option(
            "The first: the second is biased",
            "Given the school it is. But own means of two pupils miss a school’s effect by "
            f"{fixed(school.sigma / 2**0.5, 1)} points, root mean square; such estimates by "
            f"{fixed(school.tau * (1 - two_kept) ** 0.5, 1)}.",
            "shrinkage-is-bias",
        ),
        check.Option(
            "The second: it corrects what the two pupils scored",
            "Their scores are what they are. The estimate is about the school, for pupils like "
            "them who are yet to come.",
            "forecast-is-record",
        ),
    ],
)

lesson.take_away(
    [
        "Shrinkage moves most what is known least: far out, from few. Beside its neighbours, such "
        "a group changes its place.",
        "An estimate without an interval, and a place without an interval, are half a statement. "
        "For comparing two groups use the interval of their difference.",
        "Own means record, estimates forecast. Say which question you answer.",
    ],
    limits="The intervals take the mean of all and the two spreads as known: with few groups they "
    "are too short. They hold if effects are roughly normal and if size says nothing about the "
    "effect; where small groups are small because they are bad, or good, the model pulls them to "
    "the wrong place. And a group’s effect is what its members have in common, whatever the "
    "reason: it is not yet the group’s doing.",
    opinions="Goldstein and Spiegelhalter would publish intervals and use tables to ask questions, "
    "not to rank. Others hold that parents choose one school and need the best guess of each, "
    "however unsure. Efron and Morris shrink because it misses by less over all groups; those who "
    "judge a single group object that it is not responsible for the others. Some fit groups as "
    "fixed effects and print their means, so that each stands on its own data; they then have to "
    "say how much of the spread is chance.",
    sources=[
        "Efron, B., & Morris, C. (1977). Stein’s paradox in statistics. *Scientific American*, "
        "236(5), 119–127.",
        "Goldstein, H., & Healy, M. J. R. (1995). The graphical presentation of a collection of "
        "means. *Journal of the Royal Statistical Society A*, 158(1), 175–177.",
        "Goldstein, H., & Spiegelhalter, D. J. (1996). League tables and their limitations. "
        "*Journal of the Royal Statistical Society A*, 159(3), 385–443.",
        "Hullman, J., Resnick, P., & Adar, E. (2015). Hypothetical outcome plots outperform error "
        "bars and violin plots for inferences about reliability of variable ordering. *PLoS ONE*, "
        "10(11), e0142444.",
        "Leckie, G., & Goldstein, H. (2009). The limitations of using school league tables to "
        "inform school choice. *Journal of the Royal Statistical Society A*, 172(4), 835–851.",
        "Snijders, T. A. B., & Bosker, R. J. (2012). *Multilevel Analysis* (2nd ed.), ch. 4. Sage.",
    ],
)
