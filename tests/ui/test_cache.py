"""What all learners share: fits and rows of cases, each as the core gives it."""

import datasets
import mlcore
from ui import cache


def test_a_case_has_rows_and_fits_of_its_own():
    case = datasets.case("nurses-hospitals")
    fit = cache.fit(case.null, case.name)
    assert fit.n_groups == {"hospital": 25}
    assert fit.loglik == mlcore.lmm(case.null, case.frame).loglik
    assert len(cache.shrinkage(case.null, case.name)) == 25
    assert len(cache.families(case.name).separate) == 25
    assert cache.points(case.name)["group"].nunique() == 25
    assert cache.model(case.name) is case.model


def test_a_dataset_without_a_case_has_its_derived_columns():
    assert cache.rows("census")["cell"].nunique() == 117


def test_five_estimators_of_a_case():
    found = cache.five("school")
    assert found is cache.five("school")
    frame = datasets.load("school").frame
    again = mlcore.five("gcse ~ lrt + girl + C(schgend)", frame, "school")
    assert found.table.equals(again.table)


def test_league_tables_are_those_of_their_seed():
    drawn = cache.rank_draws("gcse ~ lrt + (1 | school)", "school", 100, 7)
    fit = cache.fit("gcse ~ lrt + (1 | school)", "school")
    assert (drawn.values == mlcore.rank_draws(fit, 100, seed=7).values).all()
