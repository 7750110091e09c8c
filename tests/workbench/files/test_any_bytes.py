"""Whatever the bytes: a table, or a `FileError`; no other error, and no code is run."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.workbench.files.test_refusals import SAVED
from workbench.files import FileError, Options, read
from workbench.files.kinds import ENDINGS, SIGNATURES

pytestmark = pytest.mark.usefixtures("here")
TEXT = st.text(st.sampled_from("ab1290.,;|\t\"'\n\r -+=eé年\0/:"), max_size=60)
house = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def read_or_refuse(name: str, content: bytes, options: Options = Options()) -> None:  # noqa: B008
    try:
        table = read(name, content, options)
    except FileError:
        return
    frame = table.dataset.frame
    assert len(frame) > 0
    assert all(str(kind) in ("int64", "float64", "str") for kind in frame.dtypes)
    assert frame.notna().any().all()
    assert not any("\n" in note or "\0" in note for note in table.notes)
    pd.testing.assert_frame_equal(read(name, content, table.options).dataset.frame, frame)


@house
@given(st.sampled_from([*ENDINGS, "", ".x"]), st.binary(max_size=300))
def test_any_bytes(ending: str, content: bytes) -> None:
    read_or_refuse(f"a{ending}", content)


@house
@given(st.sampled_from([*SIGNATURES]), st.binary(max_size=300))
def test_any_bytes_after_a_promising_start(start: bytes, content: bytes) -> None:
    read_or_refuse("a", start + content)


@house
@given(TEXT, st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_any_text(content: str, encoding: str) -> None:
    read_or_refuse("a.csv", content.encode(encoding))


@house
@given(TEXT, st.text(max_size=2), st.sampled_from(["", "cp1252", "utf-16", "gb18030"]))
def test_any_options(content: str, delimiter: str, encoding: str) -> None:
    read_or_refuse("a.csv", content.encode(), Options(delimiter, ",", encoding))


@house
@given(
    st.sampled_from([".xlsx", ".parquet", ".dta", ".csv"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1),
)
def test_bytes_that_were_changed(ending: str, changes: list[tuple[float, int]]) -> None:
    # not of SPSS: its library may end the process, which test_apart.py is about
    content = bytearray(SAVED[ending])
    for place, byte in changes:
        content[int(place * len(content))] = byte
    assume(content != SAVED[ending])
    read_or_refuse(f"a{ending}", bytes(content))


@given(st.text(max_size=60))
def test_any_name_of_a_file(name: str) -> None:
    dataset = read(name, b"a,b\n1,2\n").dataset
    assert dataset.name.isidentifier()
    assert dataset.title
