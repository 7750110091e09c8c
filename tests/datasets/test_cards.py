"""Every dataset matches its card, in both directions."""

import pytest

import datasets


@pytest.fixture(params=datasets.names())
def dataset(request):
    return datasets.load(request.param)


def test_the_card_names_the_columns_and_only_these(dataset):
    assert list(dataset.variables) == list(dataset.frame)


def test_codes_and_their_labels_match_both_ways(dataset):
    for column, variable in dataset.variables.items():
        if variable.values:
            assert set(dataset.frame[column].dropna()) == set(variable.values), column


def test_every_variable_has_a_unit_or_codes_and_not_both(dataset):
    for column, variable in dataset.variables.items():
        assert bool(variable.unit) != bool(variable.values), column


def test_a_variable_is_constant_within_the_units_of_its_level(dataset):
    frame = dataset.frame
    for column, variable in dataset.variables.items():
        unit = dataset.level(variable.level)
        if unit is not dataset.levels[0]:
            assert frame.groupby(unit.column)[column].nunique().max() == 1, column


def test_a_variable_varies_within_the_units_above_its_level(dataset):
    frame = dataset.frame
    for column, variable in dataset.variables.items():
        for above in map(dataset.level, dataset.level(variable.level).within):
            assert frame.groupby(above.column)[column].nunique().max() > 1, column


def test_levels_nest_as_the_card_says(dataset):
    frame = dataset.frame
    for level in dataset.levels[1:]:
        for above in map(dataset.level, level.within):
            assert frame.groupby(level.column)[above.column].nunique().eq(1).all(), level


def test_crossed_levels_do_cross(dataset):
    frame = dataset.frame
    for level in dataset.levels:
        above = [dataset.level(name).column for name in level.within]
        for one in above:
            for other in set(above) - {one}:
                assert frame.groupby(one)[other].nunique().max() > 1, level


def test_the_smallest_units_are_told_apart(dataset):
    smallest = dataset.levels[0]
    if smallest.column:
        key = [smallest.column, *(dataset.level(name).column for name in smallest.within)]
        assert not dataset.frame.duplicated(key).any()


def test_every_level_but_the_smallest_has_an_identifier(dataset):
    assert all(level.column in dataset.variables for level in dataset.levels[1:])
    assert dataset.levels[0].count in {"", *dataset.variables}


def test_what_is_missing_has_a_reason_and_a_reason_has_missing_values(dataset):
    reasons = {column for column, variable in dataset.variables.items() if variable.missing}
    assert set(datasets.missing(dataset.frame).index) == reasons


def test_story_is_two_sentences_without_an_em_dash(dataset):
    assert dataset.story.count(". ") == 1
    assert dataset.story.endswith(".")
    assert "—" not in dataset.card


def test_source_citation_and_terms_are_sentences(dataset):
    for text in (dataset.source, dataset.citation, dataset.terms, dataset.note):
        assert len(text) > len("Public domain.")
    assert dataset.terms.endswith(".")


def test_the_source_says_simulated_exactly_when_the_mark_does(dataset):
    assert dataset.source.startswith("Simulated") == dataset.synthetic


CALIBRATED = {"ghq_households", "ghq_panel", "london_nurses", "qualifications"}


def test_the_textbooks_three_datasets_and_our_own_are_marked_as_simulated():
    synthetic = {name for name in datasets.names() if datasets.load(name).synthetic}
    assert synthetic == {"nurses", "popularity", "pupils"} | CALIBRATED


@pytest.mark.parametrize("name", sorted(CALIBRATED))
def test_what_is_calibrated_says_to_what_and_that_it_is_not_the_surveys(name):
    source = datasets.load(name).source
    assert "Synthetic, calibrated to " in source
    assert source.endswith("; not the survey's records.")


def test_only_calibrated_data_have_figures_to_meet(dataset):
    assert not dataset.unmet or dataset.name in CALIBRATED


def test_columns_are_64_bit_numbers_or_text(dataset):
    assert {str(kind) for kind in dataset.frame.dtypes} <= {"int64", "float64", "str"}


SIZES = {
    "school": {"pupil": 4059, "school": 65},
    "hsb": {"pupil": 7185, "school": 160},
    "nurses": {"nurse": 1000, "ward": 100, "hospital": 25},
    "popularity": {"pupil": 2000, "class": 100},
    "pupils": {"pupil": 1000, "primary school": 50, "secondary school": 30},
    "sleepstudy": {"day": 180, "person": 18},
    "states": {"person": 98_723_047, "state": 49, "division": 9},
    "issp": {"person": 50_954, "country": 36},
    "ghq_households": {"person": 13_790, "household": 7893},
    "ghq_panel": {"interview": 103_306, "person": 21_000},
    "london_nurses": {"nurse": 1389, "hospital": 18},
    "qualifications": {"person": 22_682, "qualification": 17},
    "census": {"person": 63_388, "occupation": 9, "industry": 13},
}


def test_every_dataset_has_its_published_size():
    assert set(SIZES) == set(datasets.names())


@pytest.mark.parametrize(("name", "sizes"), list(SIZES.items()))
def test_sizes_are_the_published_ones(name, sizes):
    dataset = datasets.load(name)
    smallest = dataset.levels[0]
    units = dataset.frame[smallest.count].sum() if smallest.count else len(dataset.frame)
    groups = {level.name: dataset.frame[level.column].nunique() for level in dataset.levels[1:]}
    assert {smallest.name: units, **groups} == sizes
