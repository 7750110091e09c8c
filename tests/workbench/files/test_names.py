"""Names of columns that formulas, R, Stata, SPSS and Python can hold, from any text."""

import keyword
import unicodedata

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mlcore import design, parse
from workbench.files import read
from workbench.files.names import safe_names

ANY = st.lists(st.text(max_size=50), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("original", "name"),
    [
        ("gcse", "gcse"),
        ("Cexpcon", "Cexpcon"),
        ("ward_", "ward_"),
        ("Größe", "Größe"),
        ("年齢", "年齢"),
        ("возраст", "возраст"),
        ("my ward (no.)", "my_ward_no"),
        ('say "x"', "say_x"),
        ("a\nb", "a_b"),
        ("2024", "x2024"),
        ("_hidden", "hidden"),
        ("ﬁnd", "find"),
        ("class", "class_"),
        ("if", "if_"),
        ("in", "in_"),
        ("NA", "NA_"),
        ("TRUE", "TRUE_"),
        ("C", "C_"),
        ("I", "I_"),
        ("log", "log_"),
        ("With", "With_"),
        ("str20", "str20_"),
        ("C(", "C_"),
        ("__import__('os')", "import_os"),
        ("`; rm -rf", "rm_rf"),
        ("😀", "column1"),
        ("", "column1"),
    ],
)
def test_examples(original: str, name: str) -> None:
    assert safe_names([original]) == [name]


def test_are_unique_where_capitals_do_not_count() -> None:
    assert safe_names(["age", "Age", "age", "age_2", "AGE!"]) == [
        "age",
        "Age_3",
        "age_4",
        "age_2",
        "AGE_5",
    ]


def test_good_names_stay() -> None:
    assert safe_names(["x!", "x"]) == ["x_2", "x"]


@given(ANY)
@example(["x" * 40, "x" * 41])
@example(["年" * 40, "年" * 40])
@example(["²", "①", "௰", "e\u0301", "ǰ" * 40])
def test_any_texts_give_names_that_are_safe_and_unique(originals: list[str]) -> None:
    names = safe_names(originals)
    assert len({name.casefold() for name in names}) == len(originals)
    for name in names:
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert not name.startswith("_")
        assert unicodedata.normalize("NFKC", name) == name  # Python reads names so
        assert len(name) <= 32  # Stata's limit
        assert len(name.encode()) <= 64  # SPSS's
    assert safe_names(names) == names


@given(ANY)
def test_any_names_can_stand_in_a_formula(originals: list[str]) -> None:
    names = safe_names(originals)
    formula = parse(f"y_ ~ {' + '.join(names)} + (1 | {names[0]})")
    assert [str(each) for each in formula.variables()][1:] == names


def test_a_file_with_the_worst_of_names_is_fitted() -> None:
    worst = ["C(", "__import__('os')", "class", "my ward", "log", "年齢", "😀", 'q"uote', "log"]
    frame = pd.DataFrame([[k + column * k**2 for column in range(9)] for k in range(20)])
    table = read("worst.csv", frame.set_axis(worst, axis=1).to_csv(index=False).encode())
    names = list(table.dataset.frame)
    assert [table.dataset.variable(name).label for name in names][:4] == worst[:4]
    assert "‘C(’ is C_, ‘__import__('os')’ is import_os" in table.notes[-1]
    assert design(f"{names[0]} ~ {names[3]}", table.dataset.frame).n == 20
