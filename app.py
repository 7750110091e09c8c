"""Multilevel Lab: the table of contents. Titles, order and parts of the course are this list."""

from ui import frame
from ui.frame import Entry

CONTENTS = {
    "": [Entry("start/welcome", "Welcome")],
    "Pooling and variance": [
        Entry("pooling/pooling", "Pooling", 10, "How far should you trust a group’s own mean?"),
        Entry("pooling/icc", "ICC", 9, "How alike are two pupils of one school?"),
        Entry(
            "pooling/slopes", "Random slopes", 10, "Is the correlation a fact about the schools?"
        ),
        Entry("pooling/shrinkage", "Shrinkage", 9, "Where does a school of two belong?"),
    ],
    "Fixed, random, robust": [
        Entry("comparing/five", "Same data, five questions", 9, "Which of five answers is yours?"),
        Entry("comparing/mundlak", "Mundlak", 10, "When is random fixed?"),
        Entry("comparing/panel", "Panel data", 9, "Trend or noise?"),
    ],
    "Scores from residuals": [
        Entry("scores/esres", "ESRES", 11, "Which score predicts the people you did not see?")
    ],
    "Do it yourself": [
        Entry("yours/workbench", "Your data", private=True),
        Entry("yours/labs", "Labs", private=True),
    ],
    "Look it up": [
        Entry("reference/glossary", "Glossary"),
        Entry("reference/data", "Data"),
        Entry("reference/work", "Your work", private=True),
    ],
}

if __name__ == "__main__":
    frame.around(CONTENTS)
