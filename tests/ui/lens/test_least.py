"""Least squares through the lens: R's output to the last character, scripts that are run."""

import pytest

import mlcore
from datasets import load
from tests.ui.lens import executed
from tests.ui.lens.printed import by_r
from ui.lens import parameters, runs
from ui.lens.estimators import plain, r, spss, stata
from ui.lens.scripts import spss as spss_script
from ui.lens.scripts import stata as stata_script
from ui.lens.scripts.recipe import Recipe

SLEEP = {"entity": "Subject", "time": "Days"}
SCHOOL = {"entity": "school"}
FITS = {
    "ols": ("school", "gcse ~ lrt + girl + C(schgend)", {}),
    "cluster": ("school", "gcse ~ lrt + girl + C(schgend)", {"cluster": "school"}),
    "CR0": ("school", "gcse ~ lrt + girl + C(schgend)", {"cluster": "school", "correction": "CR0"}),
    "CR2": ("school", "gcse ~ lrt + girl + C(schgend)", {"cluster": "school", "correction": "CR2"}),
    "pooled": ("school", "gcse ~ lrt + girl", {**SCHOOL, "estimator": "pooled"}),
    "within": ("school", "gcse ~ lrt + girl", {**SCHOOL, "estimator": "within"}),
    "between": ("school", "gcse ~ lrt + girl", {**SCHOOL, "estimator": "between"}),
    "random": ("school", "gcse ~ lrt + girl", {**SCHOOL, "estimator": "random"}),
    "change": ("sleepstudy", "Reaction ~ Square", {**SLEEP, "estimator": "first_difference"}),
    "balanced": ("sleepstudy", "Reaction ~ Day", {**SLEEP, "estimator": "random"}),
}
MORE = {
    "dropped": ("school", "gcse ~ lrt * C(schgend)", {**SCHOOL, "estimator": "within"}),
    "robust": (
        "hsb",
        "mathach ~ ses",
        {"entity": "schid", "estimator": "within", "cluster": "schid"},
    ),
    "centred": ("school", "gcse ~ center(lrt) * girl", {"cluster": "school"}),
    "bare": ("school", "gcse ~ 0 + lrt + girl", {"cluster": "school"}),
}


def fit(name, **options):
    data, formula, more = (FITS | MORE)[name]
    frame = load(data).extended
    if data == "sleepstudy":
        frame = frame.assign(Square=frame["Days"] ** 2, Day=frame["Days"])
    made = mlcore.panel if "entity" in more else mlcore.ols
    return made(formula, frame, **more, **options)


@pytest.fixture(scope="module")
def printed():
    return by_r("least")


def stripped(text):
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.parametrize("name", FITS)
def test_r_and_its_packages_print_the_same(name, printed):
    # plm takes spreads of unequal groups in its own way, which the core has too
    found = fit(name, **({"form": "plm"} if name == "random" else {}))
    ours = runs.plain(r.lines(found, parameters.read(found)))
    assert stripped(ours) == stripped(printed[name])


# The lecture's `regress gcse lrt girl i.schgend` and `xtreg …, fe`, as Stata printed them.
def test_stata_prints_what_the_lecture_printed():
    found = fit("ols")
    text = runs.plain(stata.lines(found, parameters.read(found)))
    for row in (
        "lrt |   .5910456   .0126259 ",
        "girl |   1.326415   .3431437 ",
        "F(4, 4054)      =    580.15",
        "R-squared       =    0.3640",
        "Root MSE        =    7.9702",
    ):
        assert row in text


@pytest.mark.parametrize("name", FITS)
@pytest.mark.parametrize("program", [r, stata, plain])
def test_every_coefficient_is_tied_to_its_numbers(name, program):
    found = fit(name)
    lines = program.lines(found, parameters.read(found))
    tied = {run.of for line in lines for run in line if isinstance(run, runs.Run)}
    none = {"(Intercept)"} if name == "within" and program is r else set()  # plm has no constant
    assert set(found.design.names) - none <= tied
    assert "nan" not in runs.plain(lines).lower()
    assert program.note(found)


def test_spss_is_honest_about_what_it_has_not():
    found = fit("random")
    assert "SPSS has no" in runs.plain(spss.lines(found, parameters.read(found)))
    assert "SPSS has no" in spss.note(found)


def test_genlins_errors_are_cr0():
    one, bare = fit("cluster"), fit("CR0")
    rows = [runs.plain(spss.lines(each, parameters.read(each))) for each in (one, bare)]
    assert rows[0] == rows[1]


def recipe(name):
    data, *_ = (FITS | MORE)[name]
    found = fit(name)
    return Recipe(found, parameters.read(found), load(data))


RUN = [name for name in (FITS | MORE) if name not in ("change", "balanced")]


@pytest.mark.parametrize("name", RUN)
def test_the_python_script_runs_and_gives_its_numbers(name, tmp_path):
    executed.in_python(recipe(name), tmp_path)


@pytest.mark.parametrize("name", RUN)
def test_the_r_script_runs_and_gives_its_numbers_and_their_errors(name, tmp_path):
    made = recipe(name)
    out = executed.in_r(made, tmp_path)
    for se in made.fit.coefficients["se"]:
        assert executed.near(se, out), f"{se} is not in the output"


COMMANDS = {
    "ols": "regress gcse lrt girl i.schgend",
    "cluster": "regress gcse lrt girl i.schgend, vce(cluster school)",
    "within": "xtset school\nxtreg gcse lrt girl, fe",
    "between": "xtreg gcse lrt girl, be",
    "random": "xtreg gcse lrt girl, re",
    "robust": "xtreg mathach ses, fe vce(cluster schid)",
    "bare": "regress gcse lrt girl, noconstant vce(cluster school)",
    "centred": "generate double x1 = (lrt - r(mean))\nregress gcse x1 girl c.x1#c.girl",
    "change": "regress d_Reaction d_Square",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_stata_is_given_the_command_that_fits_the_model(name):
    assert COMMANDS[name] in runs.plain(stata_script.lines(recipe(name)))


SYNTAX = {
    "cluster": "/REPEATED SUBJECT=school CORRTYPE=INDEPENDENT COVB=ROBUST",
    "within": "MIXED gcse BY school WITH girl lrt",
    "between": "AGGREGATE /OUTFILE=* /BREAK=school /gcse=MEAN(gcse) /lrt=MEAN(lrt)",
    "random": "/RANDOM=INTERCEPT | SUBJECT(school) COVTYPE(VC)",
    "bare": "COVB=ROBUST",
    "change": "COMPUTE d_Square = Square - LAG(Square).",
}


@pytest.mark.parametrize("name", SYNTAX)
def test_spss_is_given_what_it_has(name):
    assert SYNTAX[name] in runs.plain(spss_script.lines(recipe(name)))
