"""The figures of the README: what the results of the benches say in short, word for word.

``python -m bench.headlines`` copies them there, at the end of ``make bench``; a test compares.
"""

import re

from tools.server import ROOT

README = ROOT / "README.md"
RESULTS = ROOT / "bench" / "results"
QUOTED = ("pages", "learners")
START, END = "<!-- from bench/results -->", "<!-- the end -->"


def headlines() -> str:
    """Join the list under "In short" of each results file."""
    texts = ((RESULTS / f"{name}.md").read_text(encoding="utf-8") for name in QUOTED)
    found = (re.search(r"In short:\n\n((?:- .+\n|  .+\n)+)", text) for text in texts)
    return "".join(each[1] for each in found if each)


def quoting(readme: str) -> str:
    """The README with the figures of the results between its two marks."""
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    return f"{before}{start}\n{headlines()}{end}{after}"


if __name__ == "__main__":
    README.write_text(quoting(README.read_text(encoding="utf-8")), encoding="utf-8")
