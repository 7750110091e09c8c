"""How large a file may be, so that a class can open theirs at once on one small machine."""

from threading import BoundedSemaphore

from workbench.files.errors import FileError

MEGABYTE = 2**20
BYTES = 20 * MEGABYTE
ROWS = 200_000
COLUMNS = 200
CELLS = 10_000_000  # 80 MB as numbers: compressed files may hold more than their size tells
WORKBOOK_CELLS = 4_000_000  # a workbook's are read one by one, 200,000 in a second
UNPACKED = 400 * MEGABYTE  # of a compressed file
AT_ONCE = BoundedSemaphore(2)  # files being read: 20 MB of text take 160 MB while they are
CHARACTERS = 200  # of a text, a label or a title


def check_size(content: bytes) -> None:
    if not content:
        raise FileError("The file is empty: it holds no bytes. Save it again, then choose it anew.")
    if len(content) > BYTES:
        raise FileError(
            f"The file has {len(content) / MEGABYTE:.0f} MB; at most {BYTES // MEGABYTE} MB can be "
            "opened. Keep the columns that you need, or save it as Parquet, which is smaller."
        )


def check_columns(columns: int) -> None:
    if columns > COLUMNS:
        raise FileError(
            f"The table has {columns:,} columns; at most {COLUMNS} can be opened. Keep the "
            "outcome, the predictors and the groups that you need, and save it again."
        )


def check_some(number: int) -> None:
    """A table without rows or columns."""
    if number == 0:
        raise FileError("The table is empty: no row follows below the names of the columns.")


def check_shape(rows: int, columns: int) -> None:
    """A table that is too long, too wide or too large altogether; or an empty one."""
    check_columns(columns)
    check_some(min(rows, columns))
    if rows > ROWS:
        raise FileError(
            f"The table has more than {ROWS:,} rows. Keep some of the groups, all rows of each, "
            "and save it again."
        )
    if rows * columns > CELLS:
        raise FileError(
            f"The table has {rows * columns:,} cells; at most {CELLS:,} can be opened. Keep the "
            "columns that you need, and save it again."
        )


def check_unpacked(size: int) -> None:
    """A compressed file whose content is much larger than the file."""
    if size > UNPACKED:
        raise FileError(
            f"The file is compressed and holds {size / MEGABYTE:,.0f} MB; at most "
            f"{UNPACKED // MEGABYTE} MB are unpacked. Keep the columns that you need, or save it "
            "as CSV."
        )
