"""A workbook's archive, looked at before anything reads it.

A workbook is a zip archive of XML. A small archive may unpack to terabytes, and XML may define
names that stand for other files, or for a billion copies of themselves. What an archive declares is
all that `zipfile` unpacks, so declared sizes are a limit.
"""

import io
import zipfile
from xml.parsers import expat

from workbench.files.errors import FileError
from workbench.files.limits import MEGABYTE, check_unpacked

MOST_PARTS = 1000
OTHER_PARTS = 20 * MEGABYTE  # styles and the like, which are kept in memory whole
LARGE_PARTS = ("xl/worksheets/", "xl/sharedStrings")
DAMAGED = "The workbook is damaged or not complete. Open it in Excel and save it again."
ENTITIES = "The workbook defines entities, which no spreadsheet program writes. Save it as CSV."


def check_archive(content: bytes) -> None:
    """Refuse what is no workbook, what unpacks to too much, and XML that defines entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            check_parts(parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    check_start(archive, part)
    except FileError:
        raise
    except Exception as error:  # what zipfile, its decompressors and expat raise is of many types
        raise FileError(DAMAGED) from error


def check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise FileError("This is a binary workbook (.xlsb). Save it in Excel as .xlsx.")
    if "content.xml" in names:
        raise FileError("This is a spreadsheet of LibreOffice (.ods). Save it as .xlsx or CSV.")
    if "xl/workbook.xml" not in names:
        raise FileError("This is a zip archive, not a workbook. Unpack it and choose a file in it.")
    check_unpacked(sum(part.file_size for part in parts))
    others = sum(part.file_size for part in parts if not part.filename.startswith(LARGE_PARTS))
    if len(parts) > MOST_PARTS or others > OTHER_PARTS:
        raise FileError(
            "The workbook holds much besides its tables. Copy the table alone into a new workbook, "
            "or save it as CSV."
        )


def check_start(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part up to its first element: before it is the only place for definitions."""
    started = False

    def start(*_: object) -> None:
        nonlocal started
        started = True

    def refuse(*_: object) -> None:
        raise FileError(ENTITIES)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    with archive.open(part) as opened:
        while not started and (chunk := opened.read(4096)):
            parser.Parse(chunk)
