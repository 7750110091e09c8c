"""Printed tables are kept as printed, and the data give them, but for what is said to miss."""

import json
from collections import Counter

import pandas as pd
import pytest
from numpy.testing import assert_allclose

import datasets
from tests.mlcore.oracle import REFERENCE
from ui.reproduced import reproduced

CHECKS = pd.read_csv(REFERENCE / "published_checks.csv", dtype={"printed": str})
PRIVATE = json.loads((REFERENCE / "published_not_public.json").read_text(encoding="utf-8"))
TABLES = datasets.printed_names()
CALIBRATED = ("ghq_households", "ghq_panel", "london_nurses", "qualifications")
STATA_STOPPED_SHORT = 1e-4

# By table: how many figures it prints, and how many of them the data give to every digit.
AGREE = {
    "ghq_households": (38, 36),
    "ghq_panel": (57, 55),
    "hsb-crosslevel": (19, 19),
    "hsb-means": (7, 7),
    "hsb-null": (12, 12),
    "hsb-slope": (14, 14),
    "issp-multilevel": (12, 12),
    "issp-null": (7, 7),
    "issp-pooled": (11, 11),
    "london_nurses": (19, 15),
    "qualifications-logit": (46, 36),
    "qualifications-parsimony": (26, 24),
    "qualifications-scores": (72, 70),
    "school-intercept": (26, 26),
    "school-ols": (36, 36),
    "school-robust": (28, 28),
    "school-slope": (49, 18),
}


def test_every_table_is_counted() -> None:
    assert set(AGREE) == set(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_the_badge_counts_what_agrees_to_every_digit(name: str) -> None:
    found = reproduced(name)
    total, right = AGREE[name]
    assert (len(found.figures), total - len(found.missed)) == (total, right), found.missed
    whole = "agrees with the lecture to every printed digit"
    assert found.badge.startswith(whole) == (total == right)
    assert bool(found.why) == (total != right)


@pytest.mark.parametrize("dataset", CALIBRATED)
def test_calibrated_data_give_their_tables_but_for_what_their_cards_list(dataset: str) -> None:
    missed = {
        figure.name
        for name in datasets.printed_names(dataset)
        for figure in reproduced(name).figures.values()
        if not figure.met
    }
    assert missed == set(datasets.load(dataset).unmet)


def test_stata_stopped_short_of_the_maximum() -> None:
    """R and the core agree with each other where Stata's last digits differ."""
    rows = CHECKS[CHECKS["source"] == "000 talk4 mixed ML"]
    assert len(reproduced("school-slope").missed) == (~rows["match"]).sum()
    for figure in reproduced("school-slope").missed:
        assert_allclose(figure.computed, float(figure.printed), rtol=STATA_STOPPED_SHORT)


# Where the reference has what a table holds: some figures serve two tables.
SOURCES = {
    "school-ols": ["000 talk4 regress"],
    "school-robust": ["000 talk4 regress,cluster"],
    "school-slope": ["000 talk4 mixed ML"],
    "school-intercept": ["001 talk3 table (1) OLS", "001 talk3 table (2) RI REML"],
    "hsb-null": ["003 Barron HSB null"],
    "hsb-means": ["003 Barron HSB meanses"],
    "hsb-slope": ["003 Barron HSB random slope"],
    "hsb-crosslevel": ["003 Barron HSB cross-level"],
}


@pytest.mark.parametrize("name", SOURCES)
def test_no_printed_digit_was_lost_on_the_way(name: str) -> None:
    known = Counter(CHECKS[CHECKS["source"].isin(SOURCES[name])]["printed"])
    if name == "hsb-means":
        null = CHECKS[CHECKS["source"] == "003 Barron HSB null"].set_index("item")["printed"]
        known.update(null[["tau00", "sigma2", "ICC"]])
    assert Counter(figure.printed for figure in reproduced(name).figures.values()) == known


def test_no_digit_of_the_surveys_tables_was_lost() -> None:
    of = {
        "ghq_households": "bhps_household_ghq_rewb",
        "ghq_panel": "bhps_panel_ghq",
        "qualifications-logit": "ukhls_gambling_logit",
    }
    for name, key in of.items():
        table, given = datasets.printed(name), PRIVATE[key]
        assert list(table.columns) == given["columns"]
        kept = {row: list(line.printed) for row, line in table.rows.items()}
        for row, texts in given["rows"].items():
            wanted = ["" if text is None else str(text) for text in texts]
            if row.startswith("lns"):  # stars mean nothing there
                wanted = [text.rstrip("*") for text in wanted]
            assert kept[row] == wanted


@pytest.mark.parametrize(
    ("value", "text", "agrees", "written"),
    [
        (0.55442, ".5544", True, ".5544"),
        (0.55446, ".5544", False, ".5545"),
        (-1664.6, "−1,665", True, "-1665"),
        (1.65, "1.6", True, "1.6"),
        (12.0, ".5", False, "12.0"),
        (-0.298, "-.3", True, "-.3"),
    ],
)
def test_a_number_agrees_when_it_rounds_to_the_printed_one(value, text, agrees, written) -> None:
    assert datasets.agrees(value, text) == agrees
    assert datasets.Figure("", text, value).text == written


def test_stars_have_to_be_as_many() -> None:
    assert datasets.agrees(0.5, ".5**", 0.009)
    assert not datasets.agrees(0.5, ".5**", 0.02)
    assert datasets.Figure("", ".5**", 0.5, 0.02).text == ".5*"


def test_the_frame_has_what_is_printed_beside_what_is_computed() -> None:
    frame = reproduced("ghq_panel").frame()
    assert frame["fe2: fixed effects"].loc["fem"].tolist() == ["0", ""]
    assert frame["lin2: least squares"].loc["lninc"].tolist() == ["−.2985***", "−.2985***"]


def test_an_unknown_table_is_answered_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="There are ghq_households, ghq_panel"):
        datasets.printed("gcse")
