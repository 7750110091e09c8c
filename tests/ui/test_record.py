"""A record survives the way to the browser and back, and nothing else is taken for one."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.record import SURE, Prediction, Puzzle, Record, RecordError, parse

names = st.text(max_size=20)
values = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.floats(allow_nan=False, allow_infinity=False),
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
            st.one_of(st.none(), st.text(max_size=10)),
        ),
        max_size=4,
    ),
    st.dictionaries(names, st.integers(0, 9), max_size=4),
    st.dictionaries(names, st.builds(Puzzle, st.integers(0, 3), st.booleans()), max_size=4),
)


@given(records)
def test_a_record_comes_back_as_it_was(record):
    assert parse(json.dumps(record.dump())) == record
    assert parse(json.loads(json.dumps(record.dump()))) == record


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
            {"version": st.just(1)},
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
        ('{"version": 2}', "version 2"),
        ('{"version": 1, "checks": []}', "'checks'"),
        ('{"version": 1, "checks": {"pooling.two": true}}', "'pooling.two'"),
        ('{"version": 1, "predictions": {"a.b": {"value": NaN}}}', "'a.b'"),
        ('{"version": 1, "predictions": {"a.b": {"value": 1, "sure": "very"}}}', "'a.b'"),
        ('{"version": 1, "puzzles": {"a.b": {"hints": -1, "solved": false}}}', "'a.b'"),
        ("x" * 1_000_001, "larger"),
    ],
)
def test_errors_name_what_is_wrong(saved, said):
    with pytest.raises(RecordError, match=said):
        parse(saved)


def test_merging_keeps_what_was_answered_here():
    here = Record({"a.x": Prediction("here")}, {"a.c": 1})
    there = Record({"a.x": Prediction("there"), "a.y": Prediction(2.0)}, {"a.c": 0, "a.d": 3})
    merged = here.merged(there)
    assert merged.predictions == {"a.x": Prediction("here"), "a.y": Prediction(2.0)}
    assert merged.checks == {"a.c": 1, "a.d": 3}


def test_done_counts_each_task_of_the_lesson_once():
    record = Record(
        {
            "pooling.moves": Prediction(None),
            "pooling.hidden-hsb": Prediction("pooled"),
            "pooling.hidden-school": Prediction("pooled"),
            "icc.pairs": Prediction(0.2),
        },
        {"pooling.two": 0},
        {"pooling.equal": Puzzle(3, False), "pooling.half": Puzzle(0, True)},
    )
    assert record.done("pooling") == 4
    assert record.done("icc") == 1
