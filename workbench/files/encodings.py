"""From bytes to text, when nobody says in which encoding they are."""

import re

from workbench.files.errors import FileError

ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows (Western Europe)",
    "mac_roman": "Mac (Western Europe)",
    "cp1250": "Windows (Central Europe)",
    "cp1251": "Windows (Cyrillic)",
    "cp1253": "Windows (Greek)",
    "cp1254": "Windows (Turkish)",
    "gb18030": "Chinese",
    "shift_jis": "Japanese",
    "euc_kr": "Korean",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (little end first)",
    "utf-16-be": "UTF-16 (big end first)",
    "utf-32": "UTF-32",
}
MARKS = {  # the longest first: UTF-32's begins as UTF-16's does
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
# Bytes that are letters in one of the two and signs in the other, found inside a word. Apostrophes
# are found there too.
INSIDE = {
    "cp1252": re.compile(rb"(?<=[A-Za-z])[\xc0-\xd4\xd6-\xff](?=[A-Za-z])"),
    "mac_roman": re.compile(rb"(?<=[A-Za-z])[\x80-\x91\x93-\x9f](?=[A-Za-z])"),
}


def decoded(content: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and its encoding: what is asked for, else a mark, UTF-8, or a guess."""
    if encoding and encoding not in ENCODINGS:
        raise FileError(f"No encoding is called {encoding}. There are {', '.join(ENCODINGS)}.")
    used = encoding or marked(content)
    if not used:
        try:
            return checked(content.decode("utf-8")), "utf-8"
        except UnicodeDecodeError:
            used = single_byte(content)
    try:
        text = content.decode(used, "replace" if used in INSIDE else "strict")
    except UnicodeDecodeError as error:
        raise FileError(
            f"The text is not in {ENCODINGS.get(used, used)}: byte {error.start + 1:,} does not "
            "belong there. Choose another encoding, or save the file as UTF-8."
        ) from error
    return checked(text.removeprefix("\ufeff")), used


def marked(content: bytes) -> str:
    """The encoding that a mark at the start or zeros at every other byte give away."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return encoding
    start = content[:1000]
    zeros = [start[offset::2].count(0) * 4 > len(start) for offset in (0, 1)]
    return {(False, True): "utf-16-le", (True, False): "utf-16-be"}.get((zeros[0], zeros[1]), "")


def single_byte(content: bytes) -> str:
    """Windows or Mac: in which do more words have a letter where the other has a sign?"""
    counts = {encoding: len(inside.findall(content)) for encoding, inside in INSIDE.items()}
    return "mac_roman" if counts["mac_roman"] > counts["cp1252"] else "cp1252"


def checked(text: str) -> str:
    if "\0" in text:
        raise FileError(
            "This is not a text file: it holds bytes that no text has. If it is from another "
            "program, save it there as CSV, .xlsx, .dta, .sav or Parquet."
        )
    return text
