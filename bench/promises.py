"""What was promised for two cores and does not hold on the machine of a bench, in its results."""

from collections.abc import Sequence


def told(broken: Sequence[str]) -> str:
    """A sentence, or a list of the promises that were not kept."""
    if not broken:
        return "All that is promised holds here.\n"
    return "\n".join(["Promised, and not kept here:", "", *(f"- {each}." for each in broken), ""])
