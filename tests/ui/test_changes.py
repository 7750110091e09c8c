"""Old links: what they name is found under its name of today, or the learner is told."""

import pytest

from ui.changes import CHANGES, VERSION, Change, translated

RENAMED = Change(2, "pooling", "school", "focus")
RECODED = Change(3, None, "data", "data", values={"exams": "school"})
DROPPED = Change(3, "pooling", "origin", None, said="The origin is no longer a control.")
DEFAULT = Change(4, "pooling", "data", "data", unsaid="school", values={"uk": "school"})
ALL = (DEFAULT, RECODED, DROPPED, RENAMED)


@pytest.mark.parametrize(
    ("page", "query", "found", "said"),
    [
        ("pooling", {}, {}, 0),
        ("pooling", {"school": "48"}, {"focus": "48"}, 0),
        ("pooling", {"school": "48", "v": "1"}, {"focus": "48", "data": "school"}, 0),
        ("data", {"school": "48", "v": "1"}, {"school": "48"}, 0),
        ("data", {"data": "exams"}, {"data": "school"}, 0),
        ("data", {"data": "hsb"}, {"data": "hsb"}, 0),
        ("pooling", {"origin": "3", "n": "2"}, {"n": "2"}, 1),
        ("pooling", {"v": "3"}, {"data": "school"}, 0),
        ("pooling", {"v": "4"}, {}, 0),
        ("pooling", {"v": "5", "school": "48"}, {"school": "48"}, 1),
        ("pooling", {"v": "²"}, {}, 0),
        ("pooling", {"v": "-1"}, {}, 0),
        ("pooling", {"v": "9" * 5000}, {}, 1),
    ],
)
def test_a_link_of_any_version_is_read_in_the_names_of_today(page, query, found, said):
    before = dict(query)
    translation, notices = translated(page, query, ALL, newest=4)
    assert translation == found
    assert len(notices) == said
    assert query == before


def test_renamed_twice_is_found_at_the_end():
    twice = (Change(3, None, "b", "c"), Change(2, None, "a", "b"))
    assert translated("pooling", {"a": "1"}, twice, newest=3) == ({"c": "1"}, [])
    assert translated("pooling", {"b": "1", "v": "2"}, twice, newest=3) == ({"c": "1"}, [])


def test_the_table_is_no_newer_than_the_version_and_gives_no_name_away():
    assert all(1 < change.version <= VERSION for change in CHANGES)
    given_up = [(c.page, c.name) for c in CHANGES if c.now != c.name]
    assert len(given_up) == len(set(given_up))
