"""Hausman's and Mundlak's tests of the lessons' cases, and where the first has no value."""

import pytest

from datasets import case
from mlcore import DataError, hausman, mundlak, panel
from ui.suspicion import chance, said, suspicion, table

CASES = ("school", "ghq_households", "hsb", "nurses")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("alone", [False, True])
def test_both_tests_are_the_cores_on_what_varies_within(name, alone):
    it, found = case(name), suspicion(name, alone=alone)
    rows, group = it.frame, it.model.group
    for term in found.terms:
        assert (rows.groupby(group)[term].nunique() > 1).any()
    formula = f"{it.model.outcome} ~ {' + '.join(found.terms)}"
    fits = [panel(formula, rows, entity=group, estimator=e) for e in ("within", "random")]
    assert found.hausman.statistic == hausman(*fits).statistic
    assert found.mundlak.statistic == mundlak(formula, rows, entity=group).statistic
    assert found.terms[0] == it.compared or not alone


def test_popularity_has_no_value_for_hausman():
    it, found = case("popularity"), suspicion("popularity")
    assert found.hausman is None
    formula = f"{it.model.outcome} ~ {' + '.join(found.terms)}"
    fits = [panel(formula, it.frame, entity="class", estimator=e) for e in ("within", "random")]
    with pytest.raises(DataError, match="not positive definite"):
        hausman(*fits)
    assert table(["popularity"])["Hausman"].item() == "not computable here, use Mundlak"


def test_a_test_is_written_with_its_p():
    found = suspicion("school", alone=True).hausman
    assert said(found) == f"{found.statistic:.1f} (1), p = .001"
    assert [chance(p) for p in (0.0004, 0.0005, 0.05, 0.906)] == [
        "p < .001",
        "p = .001",
        "p = .050",
        "p = .906",
    ]
