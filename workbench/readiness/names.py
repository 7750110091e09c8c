"""What the name of a column suggests: a kind of group, a time, a measurement.

Names are the weakest evidence there is, and often the only one.
"""

from __future__ import annotations

import re

GROUPS = set(
    "id code school class classroom hospital ward clinic country region district state county city "
    "person people subject patient household family firm company site centre center cluster group "
    "team teacher doctor village area neighbourhood neighborhood community station mother "
    "litter batch plot division university college department unit respondent participant "
    "interviewer panel study trial lab plant store branch practice provider occupation industry "
    "qualification".split()
)
LONG = tuple(name for name in GROUPS if len(name) >= 6)  # said inside a longer word too
TIMES = set("year month week day date time wave round period occasion visit quarter days".split())
MEASURES = set(
    "age size income score mean median sum total count number rate percent pct share index grade "
    "weight height price wage hours years min max sd var dummy z log test sex gender".split()
)
NO_IDS = set("paid valid avoid covid said grid kid mid acid solid bid aid raid fluid".split())
MEASURED = re.compile(r"(size|score|mean)$|^\w{0,2}age$")  # hospsize, dvage, not village
PARTS = re.compile(r"[A-Z]?[a-zà-ÿ]+|[A-Z]+(?![a-z])")


def words(name: str) -> list[str]:
    """`classSize_2` -> class, size."""
    return [part.lower() for part in PARTS.findall(name)]


def says_time(name: str) -> bool:
    return any(word in TIMES or word.removesuffix("s") in TIMES for word in words(name))


def says_measure(name: str) -> bool:
    return any(word in MEASURES or MEASURED.search(word) for word in words(name))


def says_group(name: str) -> bool:
    if says_measure(name) or says_time(name):
        return False
    return any(
        word in GROUPS
        or word.removesuffix("s") in GROUPS
        or (word.endswith("id") and word not in NO_IDS)
        or any(noun in word for noun in LONG)
        for word in words(name)
    )
