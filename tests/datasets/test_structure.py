"""Sizes of groups and missing values; and that the rows say what was published about them."""

import numpy as np
import pandas as pd
import pytest

import datasets


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("school", "4,059 pupils in 65 schools"),
        ("nurses", "1,000 nurses in 100 wards in 25 hospitals"),
        ("pupils", "1,000 pupils in 50 primary schools and 30 secondary schools"),
        ("states", "98,723,047 people in 49 states in 9 divisions"),
    ],
)
def test_the_summary_counts_every_level(name, sentence):
    assert datasets.summary(datasets.load(name)) == sentence


def test_schools_enter_between_2_and_198_pupils():
    sizes = datasets.group_sizes(datasets.load("school"), "school")
    assert (len(sizes), sizes.iloc[0], sizes.median(), sizes.iloc[-1]) == (65, 2, 60, 198)
    assert sizes.index[0] == 48
    assert sizes.is_monotonic_increasing


def test_states_are_as_large_as_their_people():
    sizes = datasets.group_sizes(datasets.load("states"), "state")
    assert sizes.idxmax() == "New York"
    assert sizes.sum() == datasets.load("states").frame["pop"].sum()


def test_people_without_an_occupation_are_in_no_group():
    dataset = datasets.load("census")
    sizes = datasets.group_sizes(dataset, "occupation")
    assert sizes.sum() == dataset.frame["occupat1t"].notna().sum() == 48_953


def test_groups_are_named_by_label_name_or_number():
    named = {
        name: list(datasets.groups(datasets.load(name))["group"])
        for name in ("census", "states", "school")
    }
    assert "construction" in named["census"]
    assert "Mountain" in named["states"]
    assert named["school"][0] == "school 48"


def test_groups_list_the_highest_level_first_and_count_in_the_smallest_units():
    groups = datasets.groups(datasets.load("nurses"))
    assert list(groups) == ["level", "group", "nurses"]
    assert list(groups["level"].unique()) == ["hospitals", "wards"]
    assert groups.groupby("level")["nurses"].sum().eq(1000).all()


def test_the_preview_turns_the_first_rows_and_names_them_by_label():
    preview = datasets.preview(datasets.load("school")).set_index("Variable")
    assert list(preview) == ["row 1", "row 2", "row 3"]
    assert list(preview.loc["Exam score at 16"]) == ["2.6132", "1.3407", "−17.239"]
    assert list(preview.loc["Girl"]) == ["1", "1", "0"]


def test_the_preview_says_none_for_what_is_missing():
    preview = datasets.preview(datasets.load("census"), rows=8).set_index("Variable")
    assert list(preview.loc["Economic activity"]) == ["1"] * 7 + ["none"]


def test_missing_counts_and_shares():
    frame = pd.DataFrame({"x": [1.0, np.nan, 3.0, np.nan], "name": ["a", None, "c", "d"], "n": 1})
    table = datasets.missing(frame)
    assert table["missing"].to_dict() == {"x": 2, "name": 1}
    assert table["share"].to_dict() == {"x": 0.5, "name": 0.25}


def test_nothing_is_missing_from_an_empty_frame():
    assert datasets.missing(pd.DataFrame({"x": []})).empty


def test_states_reproduce_robinsons_correlations():
    """Robinson (1950): .203 for people, .946 for the nine divisions, Black and illiterate."""
    frame = datasets.load("states").frame
    white, white_il = (
        frame[[f"{group}{suffix}" for group in ("nwhite", "fpwhite", "fbwhite")]].sum(axis=1)
        for suffix in ("", "_il")
    )
    black, black_il = frame["black"], frame["black_il"]
    people, illiterate = (white + black).sum(), (white_il + black_il).sum()
    share_black, share_illiterate = black.sum() / people, illiterate / people
    covariance = black_il.sum() / people - share_black * share_illiterate
    spread = share_black * (1 - share_black) * share_illiterate * (1 - share_illiterate)
    assert covariance / np.sqrt(spread) == pytest.approx(0.203, abs=5e-4)  # printed digits

    sums = pd.DataFrame({"n": white + black, "black": black, "il": white_il + black_il})
    sums = sums.groupby(frame["division"]).sum()
    shares = sums[["black", "il"]].div(sums["n"], axis=0)
    deviations = shares - np.average(shares, axis=0, weights=sums["n"])
    cross = deviations.mul(sums["n"], axis=0).T @ deviations
    correlation = cross.loc["black", "il"] / np.sqrt(
        cross.loc["black", "black"] * cross.loc["il", "il"]
    )
    assert correlation == pytest.approx(0.946, abs=5e-4)


def test_country_moments_reproduce_the_lectures_complete_pooling():
    """Efficacy on education and urban residence, 48,120 people: 2.315, 0.047, 0.083, R² .066."""
    frame = datasets.load("issp").frame.dropna()
    names = ["poleff", "educ", "urban"]
    n = frame["n"].to_numpy()
    means = frame[[f"mean_{name}" for name in names]].to_numpy()
    grand = n @ means / n.sum()
    total = (means - grand).T @ ((means - grand) * n[:, None])
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            pair = "_".join(sorted([one, other], key=names.index))
            total[i, j] += frame[f"css_{pair}"].sum()
    slopes = np.linalg.solve(total[1:, 1:], total[1:, 0])
    assert grand[0] - grand[1:] @ slopes == pytest.approx(2.315, abs=5e-4)  # printed digits
    assert slopes == pytest.approx([0.047, 0.083], abs=5e-4)
    assert slopes @ total[1:, 0] / total[0, 0] == pytest.approx(0.066, abs=5e-4)
