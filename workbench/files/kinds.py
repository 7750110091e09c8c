"""What a file is: told by its first bytes, since a name can be wrong."""

from pathlib import PurePath
from typing import Literal

from workbench.files.errors import FileError

Kind = Literal["text", "stata", "spss", "workbook", "parquet"]

WORDS: dict[Kind, str] = {
    "text": "a text file (CSV)",
    "stata": "a file of Stata",
    "spss": "a file of SPSS",
    "workbook": "an Excel workbook",
    "parquet": "a Parquet file",
}
ENDINGS: dict[str, Kind] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt", ".dat"), "text"),
    ".dta": "stata",
    ".sav": "spss",
    ".zsav": "spss",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".parquet": "parquet",
}
SIGNATURES: dict[bytes, Kind] = {
    b"PK\x03\x04": "workbook",
    b"PAR1": "parquet",
    b"$FL2": "spss",
    b"$FL3": "spss",
    b"<stata_dta>": "stata",
}
OTHERS = {
    b"\xd0\xcf\x11\xe0": "a workbook of an old Excel or one with a password: open it in Excel and "
    "save it as .xlsx without a password",
    b"%PDF": "a PDF: look for the data behind it, as CSV or .xlsx",
    b"\x1f\x8b": "a compressed file, or one of R: unpack it, or save it in R with write.csv",
    b"RDX": "a file of R: save it in R with write.csv",
    b"RDA": "a file of R: save it in R with write.csv",
    b"7z\xbc\xaf": "a compressed file: unpack it and choose the file inside",
    b"Rar!": "a compressed file: unpack it and choose the file inside",
    b"PK\x05\x06": "a zip archive without files",
    b"ASCII SPSS PORT FILE": "a portable file of SPSS: open it in SPSS and save it as .sav",
    b"HEADER RECORD***": "a transport file of SAS: save it as CSV",
    b"\0" * 12 + b"\xc2\xea\x81\x60": "a file of SAS: save it as CSV",
    b"SQLite format 3": "a database: save the table as CSV",
    b"<": "a web page or XML: save the table as CSV or .xlsx",
    b"[{": "JSON: save the table as CSV",
    b"{": "JSON: save the table as CSV",
}
OLD_STATA = range(102, 116)  # versions of the format whose first byte is the version


def kind_of(name: str, content: bytes) -> tuple[Kind, str]:
    """What the file is, and a note if its name says otherwise."""
    ending = PurePath(name).suffix.lower()
    said = ENDINGS.get(ending)
    found = recognised(content)
    if found is None:
        refuse_others(content)
        if said in (None, "text") or looks_like_text(content):
            found = "text"
        else:
            raise FileError(
                f"The name ends in {ending}, but this is not {WORDS[said]}, or a damaged one: it "
                f"does not begin like one. Save it again in the program that it is from."
            )
    if found == said:
        return found, ""
    if said is None:
        return found, f"The file was read as {WORDS[found]}: that is how it begins."
    return found, f"The name ends in {ending}, but the file is {WORDS[found]} and was read as such."


def recognised(content: bytes) -> Kind | None:
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            return kind
    if len(content) > 4 and content[0] in OLD_STATA and content[1] in (1, 2) and content[2] == 1:
        return "stata"
    return None


def refuse_others(content: bytes) -> None:
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    for signature, what in OTHERS.items():
        if start.startswith(signature) or content.startswith(signature):
            raise FileError(f"This is {what}.")


def looks_like_text(content: bytes) -> bool:
    """Whether the beginning holds no control characters but tabs and line ends."""
    allowed = {*range(32, 256), *b"\t\r\n"}
    return allowed.issuperset(content[:4096]) and is_mostly_ascii(content[:4096])


def is_mostly_ascii(content: bytes) -> bool:
    return sum(byte < 128 for byte in content) > 0.7 * len(content)
