"""A record survives the way to the browser and back, and nothing else is taken for one."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.record import LONGEST, SURE, Check, Prediction, Puzzle, Record, short
from ui.saved import RecordError, parse

names = st.text(max_size=20)
words = st.text(max_size=LONGEST)
rights = st.sampled_from([None, True, False])
maybe = st.one_of(st.none(), st.text(max_size=10))
values = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.floats(-1e299, 1e299),
    st.lists(st.text(max_size=5), max_size=5),
)
records = st.builds(
    Record,
    st.dictionaries(
        names,
        st.builds(
            Prediction,
            values,
            st.sampled_from([None, *SURE]),
            maybe,
            words,
            words,
            words,
            words,
            rights,
            words,
        ),
        max_size=4,
    ),
    st.dictionaries(
        names,
        st.builds(Check, st.integers(0, 9), words, words, rights, words, words, maybe),
        max_size=4,
    ),
    st.dictionaries(
        names, st.builds(Puzzle, st.integers(0, 3), st.booleans(), words, words), max_size=4
    ),
)


@given(records)
def test_a_record_comes_back_as_it_was(record):
    assert parse(json.dumps(record.dump())) == record
    assert parse(json.loads(json.dumps(record.dump()))) == record


FIRST = {
    "version": 1,
    "predictions": {
        "pooling.moves": {"value": ["59", "48"], "sure": "certain", "misconception": "half-way"},
        "pooling.slope": {"value": -3, "sure": None, "misconception": None},
        "pooling.hidden-hsb": {"value": None},
    },
    "checks": {"pooling.two": 2},
    "puzzles": {"pooling.half": {"hints": 2, "solved": True}},
}


def test_the_first_version_is_read_and_nothing_is_lost():
    assert parse(FIRST) == Record(
        {
            "pooling.moves": Prediction(["59", "48"], "certain", "half-way"),
            "pooling.slope": Prediction(-3.0),
            "pooling.hidden-hsb": Prediction(None),
        },
        {"pooling.two": Check(2)},
        {"pooling.half": Puzzle(2, solved=True)},
    )
    assert parse(FIRST).dump()["version"] == 2
    assert parse(FIRST).done("pooling") == 5


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=12), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(
    st.one_of(
        anything,
        st.text(max_size=40),
        st.fixed_dictionaries(
            {"version": st.sampled_from([1, 2])},
            optional={"predictions": anything, "checks": anything, "puzzles": anything},
        ),
    )
)
def test_anything_else_is_a_record_or_an_error_of_ours(saved):
    with contextlib.suppress(RecordError):
        record = parse(saved)
        assert parse(json.dumps(record.dump())) == record


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        ("{", "not valid JSON"),
        ("[]", "no version"),
        ('{"version": 3}', "version 3; this app reads versions 1 to 2"),
        ('{"version": true}', "version True"),
        ("[" * 100_000, "not valid JSON"),
        ('{"version": 1, "checks": []}', "'checks'"),
        ('{"version": 1, "checks": {"pooling.two": true}}', "'pooling.two'"),
        ('{"version": 1, "predictions": {"a.b": {"value": NaN}}}', "'a.b'"),
        ('{"version": 1, "predictions": {"a.b": {"value": 1, "sure": "very"}}}', "'a.b'"),
        ('{"version": 1, "puzzles": {"a.b": {"hints": -1, "solved": false}}}', "'a.b'"),
        ('{"version": 1, "predictions": {"a.b": {"value": 1' + 400 * "0" + "}}}", "'a.b'"),
        ('{"version": 2, "checks": {"a.b": 1}}', "'a.b'"),
        ('{"version": 2, "checks": {"a.b": {"option": -1}}}', "'a.b'"),
        ('{"version": 2, "puzzles": {"a.b": {"goal": ["<b>"]}}}', "'a.b'"),
        ('{"version": 2, "predictions": {"a.b": {"value": null, "right": 1}}}', "'a.b'"),
        ('{"version": 2, "predictions": {"a.b": {"value": "\\ud800"}}}', "'a.b'"),
        (json.dumps({"version": 2, "checks": {"a.b": {"option": 0, "said": 401 * "x"}}}), "'a.b'"),
        ("x" * 1_000_001, "larger"),
    ],
)
def test_errors_name_what_is_wrong(saved, said):
    with pytest.raises(RecordError, match=said):
        parse(saved)


def test_merging_keeps_what_was_answered_here():
    here = Record({"a.x": Prediction("here")}, {"a.c": Check(1)})
    there = Record(
        {"a.x": Prediction("there"), "a.y": Prediction(2.0)}, {"a.c": Check(0), "a.d": Check(3)}
    )
    merged = here.merged(there)
    assert merged.predictions == {"a.x": Prediction("here"), "a.y": Prediction(2.0)}
    assert merged.checks == {"a.c": Check(1), "a.d": Check(3)}


def test_done_counts_each_task_of_the_lesson_once():
    record = Record(
        {
            "pooling.moves": Prediction(None),
            "pooling.hidden-hsb": Prediction("pooled"),
            "pooling.hidden-school": Prediction("pooled"),
            "icc.pairs": Prediction(0.2),
        },
        {"pooling.two": Check(0)},
        {"pooling.equal": Puzzle(3, False), "pooling.half": Puzzle(0, True)},
    )
    assert record.done("pooling") == 4
    assert record.done("icc") == 1


def test_a_code_has_a_sheet_of_its_own():
    record = Record(
        {"pooling.moves": Prediction(["48"]), "pooling.moves@abc": Prediction(["59"])},
        {"pooling.two@abc": Check(1)},
        {"pooling.half@xyz": Puzzle(solved=True)},
    )
    assert record.codes == ["", "abc", "xyz"]
    assert record.sheet("") == Record({"pooling.moves": Prediction(["48"])})
    assert record.sheet("abc") == Record(
        {"pooling.moves": Prediction(["59"])}, {"pooling.two": Check(1)}
    )
    assert [record.sheet(code).done("pooling") for code in ("", "abc", "xyz", "new")] == [
        1,
        2,
        1,
        0,
    ]
    assert record.lessons == {"pooling"}


@given(st.text(max_size=3 * LONGEST))
def test_a_long_text_is_cut_and_a_short_one_is_not(text):
    assert len(short(text)) <= LONGEST
    assert short(text) == text or (len(text) > LONGEST and short(text).endswith("…"))
