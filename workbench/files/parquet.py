"""A Parquet file -> columns, after its own account of how large it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from workbench.files import columns
from workbench.files.errors import FileError
from workbench.files.limits import check_shape, check_unpacked
from workbench.files.table import Column, Contents

DAMAGED = "The Parquet file is damaged or not complete. Write it again."


def contents(content: bytes) -> Contents:
    """The plain columns: numbers, truth values, dates, texts. Lists and records are left out."""
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(pa.BufferReader(content))
        groups = [file.metadata.row_group(k) for k in range(file.metadata.num_row_groups)]
        check_shape(file.metadata.num_rows, file.metadata.num_columns)
        check_unpacked(sum(group.total_byte_size for group in groups))
        usable = [field for field in file.schema_arrow if is_plain(field.type)]
        names = [field.name for field in usable if not field.name.startswith("__index_level_")]
        texts = [field.name for field in usable if is_text(field.type)]
        packed = pyarrow.parquet.ParquetFile(pa.BufferReader(content), read_dictionary=texts)
        table = packed.read(columns=names, use_threads=False)
        table.validate(full=True)
        found = tuple(column(name, table[name]) for name in table.column_names)
    except FileError:
        raise
    except Exception as error:  # Arrow's errors of damaged files are of many types
        raise FileError(DAMAGED) from error
    left = [field.name for field in file.schema_arrow if not is_plain(field.type)]
    note = f"Left out, since they hold lists, records or bytes: {', '.join(left)}."
    return Contents(found, (note,) if left else ())


def is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return is_plain(kind.value_type)
    tests: tuple[Callable[[pa.DataType], bool], ...] = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_boolean,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
        is_text,
    )
    return any(test(kind) for test in tests)


def column(name: str, values: pa.ChunkedArray) -> Column:
    kind = values.type
    if pa.types.is_dictionary(kind):
        whole = values.unify_dictionaries().combine_chunks()
        whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
        if is_text(kind):
            distinct = columns.texts(name, pc.cast(whole.dictionary, pa.string()))
            cells = pa.array(distinct.values, from_pandas=True).take(whole.indices)
            return columns.texts(name, cells, remark="; ".join(distinct.remarks))
        return column(name, pa.chunked_array([whole.dictionary_decode()]))
    if is_text(kind):
        return columns.texts(name, pc.cast(values.combine_chunks(), pa.string()))
    if pa.types.is_boolean(kind):
        return columns.truths(name, values.to_pandas())
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return columns.dates(name, dates(values))
    if pa.types.is_decimal(kind) or pa.types.is_null(kind):
        values = values.cast(pa.float64())
    return columns.numbers(name, values.to_pandas())


def dates(values: pa.ChunkedArray) -> pd.Series[Any]:
    """Dates without a time zone, to the microsecond."""
    unit = pa.timestamp("us", tz=getattr(values.type, "tz", None))
    found = values.cast(unit, safe=False).cast(pa.timestamp("us")).to_pandas()
    return pd.Series(found)
