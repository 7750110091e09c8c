"""A step's commands: complete, without what the lens' scripts say of the estimates."""

import re

import pytest

from ui.labs import LABS, panel, slopes, within
from ui.labs.commands import PROGRAMS, commands
from ui.labs.lab import Lab
from workbench.plan import Request


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("lab", LABS.values(), ids=LABS)
def test_commands_fit_a_model_and_tell_nothing_of_it(lab: Lab, program: str) -> None:
    for step in lab.steps:
        if step.request is None:
            continue
        text = commands(lab.data_of(step), step.request, program)
        outcome = re.split(r"\W", step.request.formula.replace("log(", ""))[0]
        assert outcome in text
        assert not re.search(r"Estimates|read\.csv|import delimited|GET DATA|^[#*]", text, re.M)
        assert not re.search(r"\d\.\d\d", text)


def test_columns_are_made_before_they_are_used():
    assert commands("hsb", slopes.PARALLEL, "r").splitlines() == [
        "library(lme4)",
        "d$cses <- with(d, ses - meanses)",
        "m <- lmer(mathach ~ cses + (1 | schid), data = d)",
    ]
    assert commands("hsb", within.BOTH, "stata").splitlines() == [
        "egen double ses_mean_schid = mean(ses), by(schid)",
        "generate double ses_within_schid = ses - ses_mean_schid",
        "mixed mathach ses_within_schid ses_mean_schid || schid:, reml stddeviations",
    ]


@pytest.mark.parametrize(
    ("request_", "call"),
    [
        (panel.CLUSTER, "vcov = sandwich::vcovCL, cluster = ~pid)"),
        (panel.WITHIN, 'index = "pid", model = "within")'),
    ],
)
def test_panel_estimators_of_r_are_those_of_packages(request_: Request, call: str) -> None:
    columns, last = commands("ghq_panel", request_, "r").splitlines()
    assert columns == "d$age2 <- with(d, age ^ 2)"
    assert last.endswith(call)
    assert request_.formula in last


def test_binary_outcomes_are_logits():
    null, _, _, quadrature, plain, gee = (step.request for step in LABS["binary"].steps)
    said = [commands("london_nurses", r, "r") for r in (null, quadrature, plain, gee) if r]
    assert "glmer(leave ~ 1 + (1 | hospital)" in said[0]
    assert "nAGQ = 7" in said[1]
    assert re.search(r"\bglm\(leave ~", said[2])
    assert "gee" in said[3]
