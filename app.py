"""Multilevel Lab: the table of contents. Titles, order and parts of the course are this list."""

from ui import frame
from ui.frame import Entry

CONTENTS = {
    "": [Entry("start/welcome", "Welcome")],
    "Pooling and variance": [
        Entry("pooling/pooling", "Pooling", tasks=10),
        Entry("pooling/icc", "ICC", tasks=9),
        Entry("pooling/slopes", "Random slopes", tasks=10),
        Entry("pooling/shrinkage", "Shrinkage", tasks=9),
    ],
    "Fixed, random, robust": [
        Entry("comparing/five", "Same data, five questions", tasks=9),
        Entry("comparing/mundlak", "Mundlak", tasks=10),
        Entry("comparing/panel", "Panel data", tasks=9),
    ],
    "Scores from residuals": [Entry("scores/esres", "ESRES", tasks=11)],
    "Look it up": [
        Entry("reference/glossary", "Glossary"),
        Entry("reference/data", "Data"),
        Entry("reference/work", "Your work"),
    ],
}

if __name__ == "__main__":
    frame.around(CONTENTS)
