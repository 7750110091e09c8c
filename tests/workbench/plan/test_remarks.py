"""What there is to say of a fit that was made."""

from dataclasses import replace

import numpy as np
import pytest

from mlcore import MultilevelError
from tests.workbench.plan.material import FAULTY
from workbench.plan import Problem, Request, fit, refused, remarks


def found(request: Request) -> dict[str, Problem]:
    said = remarks(fit(FAULTY, request), FAULTY, request)
    assert all(each.happened and each.meaning and each.attempt for each in said)
    return {each.kind: each for each in said}


def formulas(problem: Problem) -> list[str]:
    return [remedy.request.formula for remedy in problem.remedies]


def test_an_ordinary_fit_needs_no_remark() -> None:
    assert found(Request("gcse ~ lrt + (1 | vrband:girl:school)")) == {}


def test_a_variance_of_zero() -> None:
    said = found(Request("same ~ 1 + (1 | chance)"))
    assert list(said) == ["boundary"]
    assert (
        "variance of the intercepts over chance is estimated as zero" in said["boundary"].happened
    )
    assert formulas(said["boundary"]) == ["same ~ 1"]
    assert not said["boundary"].grave


def test_effects_that_are_tied() -> None:
    said = found(Request("gcse ~ lrt + (1 + lrt + girl | school)"))
    assert "some combination of them does not vary" in said["boundary"].happened
    assert formulas(said["boundary"])[0] == "gcse ~ lrt + (1 + lrt + girl || school)"


def test_a_slope_that_does_not_vary() -> None:
    said = found(Request("parallel ~ lrt + (1 + lrt || chance)"))
    assert "slopes of lrt over chance" in said["boundary"].happened
    assert formulas(said["boundary"]) == ["parallel ~ lrt + (1 | chance)"]


def test_a_panel_s_variance_of_zero() -> None:
    said = found(Request("same ~ lrt", estimator="random", group="chance"))
    assert "over chance" in said["boundary"].happened


def test_few_groups_are_counted_and_their_number_is_contested() -> None:
    said = found(Request("gcse ~ lrt + (1 | school)", estimator="ml"))["few groups"]
    assert said.happened == "There are 20 groups of school."
    assert "contested" in said.meaning
    assert [remedy.request.estimator for remedy in said.remedies] == ["reml", "within"]
    other = found(Request("high ~ lrt + (1 | school)", "binary", "laplace"))["few groups"]
    assert "Kenward" in said.attempt
    assert "Kenward" not in other.attempt


def test_few_clusters() -> None:
    said = found(Request("gcse ~ lrt", estimator="cluster", group="school"))
    assert "Standard errors by group" in said["few groups"].meaning
    assert found(Request("gcse ~ lrt", estimator="cluster", group="chance")) == {}
    two = found(Request("gcse ~ lrt", estimator="cluster", group="sector"))["few groups"]
    assert two.grave
    assert "With 2 groups and 2 coefficients they are worth nothing" in two.meaning


def test_counts_that_scatter() -> None:
    calm = found(Request("count ~ lrt + (1 | chance)", "count", "laplace"))
    assert "scattered counts" not in calm
    request = Request("scattered ~ lrt + (1 | chance)", "count", "laplace")
    said = found(request)["scattered counts"]
    # negative binomial with one success: variance over mean is 1 / .02
    times = float(said.happened.split(" times")[0].split()[-1])
    assert times == pytest.approx(50.0, rel=0.15)
    assert formulas(said)[:2] == ["scattered ~ lrt", "log(scattered + 1) ~ lrt + (1 | chance)"]


def test_rows_that_were_left_out() -> None:
    said = found(Request("gcse ~ some + (1 | chance)"))["rows left out"]
    missing = FAULTY.frame["some"].isna().sum()
    assert said.happened.startswith(f"{missing} of {len(FAULTY.frame):,} rows")
    assert formulas(said) == ["gcse ~ 1 + (1 | chance)"]


def test_a_search_that_did_not_end_is_grave() -> None:
    request = Request("gcse ~ lrt + (1 + lrt | school)")
    said = remarks(replace(fit(FAULTY, request), converged=False), FAULTY, request)
    assert said[0].kind == "not converged"
    assert said[0].grave
    assert formulas(said[0])[1] == "gcse ~ lrt + (1 | school)"


def test_a_likelihood_without_end_or_slope() -> None:
    request = Request("high ~ lrt + (1 + lrt | school)", "binary", "laplace")
    made = fit(FAULTY, request)
    e = made.effects["school"]
    wide = replace(made, effects={"school": replace(e, root=1e3 * e.root)})
    assert remarks(wide, FAULTY, request)[0].kind == "endless variance"
    level = replace(made, covariance=np.full_like(made.covariance, np.nan))
    said = remarks(level, FAULTY, request)[0]
    assert said.kind == "flat"
    assert formulas(said)[1] == "high ~ lrt + (1 | school)"


def test_counts_of_any_size_are_fitted_or_refused() -> None:
    rng = np.random.default_rng(1)
    for power in (3, 9, 15):
        y = np.floor(10.0**power * np.exp(rng.normal(size=len(FAULTY.frame))))
        large = replace(FAULTY, _rows=FAULTY.frame.assign(count=y))
        for by in ("laplace", "glm", "gee"):
            random = " + (1 | school)" if by == "laplace" else ""
            request = Request(f"count ~ lrt{random}", "count", by, "school")
            try:
                kinds = {each.kind for each in remarks(fit(large, request), large, request)}
            except MultilevelError as error:
                kinds = {refused(error, large, request).kind}
            assert kinds & {"scattered counts", "few groups", "not converged", "huge"}
            assert power < 9 or by == "gee" or kinds & {"scattered counts", "huge"}


def test_a_population_average_of_large_counts_converges() -> None:
    rng = np.random.default_rng(1)
    y = np.floor(1e6 * np.exp(rng.normal(size=len(FAULTY.frame))))
    large = replace(FAULTY, _rows=FAULTY.frame.assign(count=y))
    found = fit(large, Request("count ~ lrt", "count", "gee", "school"))
    assert found.converged
    scaled = fit(FAULTY, Request("count ~ lrt", "count", "gee", "school"))
    assert scaled.converged
