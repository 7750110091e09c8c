"""The page "Data" tells everything that a card says, and offers both files."""

import pytest
from streamlit.testing.v1 import AppTest

import datasets
from figures import levels
from tests.pages.opened import opened, pictures


def data(name: str) -> AppTest:
    return opened("reference/data", **({"data": name} if name else {}))


@pytest.fixture(params=datasets.names())
def dataset(request: pytest.FixtureRequest) -> datasets.Dataset:
    return datasets.load(request.param)


def texts(page: AppTest) -> list[str]:
    return [element.value for element in page.markdown]


def test_a_link_opens_the_dataset_that_it_names(dataset):
    page = data(dataset.name)
    assert not page.exception
    assert [heading.value for heading in page.header] == [dataset.title]
    assert dataset.story in texts(page)


def test_without_a_name_the_schools_are_shown():
    assert data("").header[0].value == datasets.load("school").title


def test_an_unknown_name_shows_the_schools_and_is_said():
    page = data("skool")
    assert not page.exception
    assert page.header[0].value == datasets.load("school").title
    assert "`skool`" in page.info[0].value


def test_choosing_another_dataset_shows_it():
    page = data("")
    page.selectbox[0].set_value("nurses").run()
    assert page.header[0].value == datasets.load("nurses").title


def test_simulated_data_say_so_above_everything_else(dataset):
    said = any(text.startswith("**Simulated") for text in texts(data(dataset.name))[:2])
    assert said == dataset.synthetic


def test_source_citation_and_terms_are_shown(dataset):
    page = "\n".join(texts(data(dataset.name)))
    for text in (dataset.source, dataset.citation, dataset.terms, dataset.note):
        assert text in page
    for figure, instead in dataset.unmet.items():
        assert f"- `{figure}`: {instead}" in page


def test_every_variable_has_its_label_name_level_and_scale_in_the_table(dataset):
    (table,) = (text for text in texts(data(dataset.name)) if "| Variable | Le" in text)
    for column, variable in dataset.variables.items():
        assert f"| {variable.label} `{column}` | {variable.level} | {variable.scale} |" in table


def test_the_picture_says_what_it_shows(dataset):
    page = data(dataset.name)
    (chart,) = (given for given in pictures(page) if "figure" in given)
    assert chart["alt"] == levels.alt(datasets.groups(dataset))


def test_what_is_missing_is_listed_with_its_reason():
    table = texts(data("census"))
    assert any("| Occupation | 14,435, 23 % | aged under 16, or never worked |" in t for t in table)
    assert "### Missing values\n\nNo values are missing." in texts(data("school"))


def test_both_files_can_be_downloaded():
    labels = [button.proto.label for button in data("school").get("download_button")]
    assert labels == ["Download the rows (CSV)", "Download the card (text)"]
