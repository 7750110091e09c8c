"""Forty simulated learners: they join at once, then each moves a control at once, again and again.

The learners live in this process and the server in its own, on the same machine, so that the
times include the work of forty browsers' worth of protocol on the same cores. ``make bench``
writes the table to ``bench/results/learners.md``.
"""

import asyncio
import os
import platform
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tools.learner import Learner
from tools.server import ROOT, Server, running

PAGE = "pooling"
LEARNERS = 40
ROUNDS = 10
RUNS = 50
SEED = 20_260_101
RESULTS = ROOT / "bench" / "results" / "learners.md"


@dataclass(frozen=True)
class Measured:
    """Seconds of each run, and megabytes of the server's process."""

    first_page: float
    alone: Sequence[float]
    join: Sequence[float]
    together: Sequence[float]
    memory_before: float
    memory_after: float
    statsmodels_on_the_way: bool


async def measure(server: Server) -> Measured:
    rng = np.random.default_rng(SEED)
    async with Learner(server.url) as first:
        first_page = await first.run()
    on_the_way = "/statsmodels/" in Path(f"/proc/{server.pid}/maps").read_text()
    async with Learner(server.url, PAGE) as one:
        await one.run()
        alone = [await moved(one, rng) for _ in range(RUNS)]
    before = resident(server)
    async with AsyncExitStack() as room:
        learners = [
            await room.enter_async_context(Learner(server.url, PAGE)) for _ in range(LEARNERS)
        ]
        join = await asyncio.gather(*(learner.run() for learner in learners))
        together = [
            seconds
            for _ in range(ROUNDS)
            for seconds in await asyncio.gather(*(moved(learner, rng) for learner in learners))
        ]
        after = resident(server)
    return Measured(first_page, alone, join, together, before, after, on_the_way)


async def moved(learner: Learner, rng: np.random.Generator) -> float:
    """Move σ_u to a random place and wait for the page's answer."""
    learner.query = f"sigma_u={rng.integers(1, 80) / 10}"
    return await learner.run()


def resident(server: Server) -> float:
    """Memory of the server's process that is in use, in megabytes."""
    (line,) = [
        line
        for line in Path(f"/proc/{server.pid}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]
    return int(line.split()[1]) / 1024


def percentiles(seconds: Sequence[float]) -> str:
    median, late = np.percentile(seconds, [50, 95]) * 1000
    return f"{median:.0f} | {late:.0f}"


def table(measured: Measured) -> str:
    per_learner = (measured.memory_after - measured.memory_before) / LEARNERS
    loaded = "yes" if measured.statsmodels_on_the_way else "no"
    return f"""\
# Forty learners on one process

{os.cpu_count()} cores, the simulated learners among them. Python {platform.python_version()},
Streamlit {version("streamlit")}. Milliseconds from request to the last message of the run.

| what | median | 95 % within |
|---|---|---|
| one learner alone, a rerun of the Pooling page | {percentiles(measured.alone)} |
| {LEARNERS} learners join the Pooling page at once | {percentiles(measured.join)} |
| {LEARNERS} learners move a control at once, {ROUNDS} times | {percentiles(measured.together)} |

The first page of a fresh server took {measured.first_page * 1000:.0f} ms; statsmodels loaded by
then: {loaded}. Memory of the server: {measured.memory_before:.0f} MB, and {per_learner:.2f} MB
for each learner.
"""


def main() -> None:
    with running() as server:
        text = table(asyncio.run(measure(server)))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
