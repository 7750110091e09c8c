"""A class of simulated learners: they join at once, then all move a control at once.

Then each moves a control that refits, at a pace of their own, in one process and in two
(``bench.paced``). The learners live in this process and the servers in their own, on the same
machine, so that the times include the work of as many browsers' worth of protocol on the same
cores. ``make bench`` writes the tables to ``bench/results/learners.md``.
"""

import asyncio
import json
import os
import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import machine, promises
from bench.paced import PACE, Paced, refitting, resident
from tools.learner import Learner
from tools.server import ROOT, Server, running
from ui.record import Prediction, Record

PAGE = "pooling"
LEARNERS = 60
ROUNDS = 10
RUNS = 100
SEED = 20_260_101
LESSON = ROOT / "pages" / "pooling" / "pooling.py"
PREDICTIONS = re.findall(r'predict\.\w+\(\s*"([\w.]+)"', LESSON.read_text(encoding="utf-8"))
REVEALED = json.dumps(Record({name: Prediction(None) for name in PREDICTIONS}).dump())
RESULTS = ROOT / "bench" / "results" / "learners.md"


@dataclass(frozen=True)
class Measured:
    """Seconds of each run, processor seconds of one run, megabytes of the server's process."""

    first_page: float
    alone: Sequence[float]
    server_time: float
    join: Sequence[float]
    again: Sequence[float]
    together: Sequence[float]
    memory_before: float
    memory_after: float
    statsmodels_on_the_way: bool

    @property
    def memory(self) -> float:
        """Megabytes for each learner."""
        return (self.memory_after - self.memory_before) / LEARNERS


async def measure(server: Server, join: Sequence[float]) -> Measured:
    rng = np.random.default_rng(SEED)
    async with Learner(server.url) as first:
        first_page = await first.run()
    on_the_way = "/statsmodels/" in Path(f"/proc/{server.pid}/maps").read_text()
    async with Learner(server.url, PAGE, record=REVEALED) as one:
        await one.run()
        used = processor_time(server)
        alone = [await moved(one, rng) for _ in range(RUNS)]
        server_time = (processor_time(server) - used) / RUNS
    before = resident(server)
    async with AsyncExitStack() as room:
        learners = await seated(room, server, REVEALED)
        again = await asyncio.gather(*(learner.run() for learner in learners))
        together = [
            seconds
            for _ in range(ROUNDS)
            for seconds in await asyncio.gather(*(moved(learner, rng) for learner in learners))
        ]
        after = resident(server)
    return Measured(
        first_page, alone, server_time, join, again, together, before, after, on_the_way
    )


async def joining(server: Server) -> list[float]:
    """Seconds until each of a class has a lesson that none of them has seen before."""
    async with Learner(server.url) as first:
        await first.run()
    async with AsyncExitStack() as room:
        return await asyncio.gather(*(learner.run() for learner in await seated(room, server)))


async def seated(room: AsyncExitStack, server: Server, record: str = "") -> list[Learner]:
    """A class with the lesson's address before it; with a record, one that was here before."""
    return [
        await room.enter_async_context(Learner(server.url, PAGE, record=record))
        for _ in range(LEARNERS)
    ]


async def moved(learner: Learner, rng: np.random.Generator) -> float:
    """Draw σ_u to a random place, let go, and wait for the page's answer."""
    values = {"sigma_u": rng.integers(1, 300) / 100, "sigma_e": 9.0, "focus": "48", "n": {}}
    learner.move("springs", json_value=json.dumps({"values": values}))
    seconds = await learner.run()
    if f"sigma_u={values['sigma_u']:g}" not in learner.query:
        raise RuntimeError("the control was moved and the page did not follow")
    return seconds


def processor_time(server: Server) -> float:
    """Seconds that the server's process has spent computing, in all its threads."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentiles(seconds: Sequence[float]) -> str:
    median, late = np.percentile(seconds, [50, 95]) * 1000
    return f"{median:.0f} | {late:.0f}"


def table(measured: Measured, paced: Sequence[Paced]) -> str:
    loaded = "loaded by then" if measured.statsmodels_on_the_way else "not loaded for it"
    rows = "\n".join(
        f"| {each.learners} in {each.processes} | {percentiles(each.moves)} | {each.memory:.2f} |"
        for each in paced
    )
    return f"""\
# A class at once

{machine.described()}; the simulated learners share the cores with the
server. Milliseconds from the request to the last message of the run.

In short:

{short(measured, paced)}
{promises.told(broken_promises(measured, paced))}
## The lesson Pooling

One process. A rerun is σ_u drawn to another place, all predictions revealed.

| what | median | 95 % within |
|---|---|---|
| one learner alone, a rerun | {percentiles(measured.alone)} |
| {LEARNERS} learners join the lesson at once | {percentiles(measured.join)} |
| {LEARNERS} who were here before join at once | {percentiles(measured.again)} |
| {LEARNERS} learners move a control at once, {ROUNDS} times | {percentiles(measured.together)} |

- A rerun costs {measured.server_time * 1000:.1f} ms of the server's processor time.
- The first page of a fresh server takes {measured.first_page * 1000:.0f} ms; statsmodels is
  {loaded}.
- The server takes {measured.memory_before:.0f} MB, and {measured.memory:.2f} MB for each learner.

## A control that refits

Each learner moves the origin of a random-slope model every {PACE:.0f} seconds: 4,059 pupils, fitted
anew each time. Several processes stand behind the proxy of `deploy/`.

| learners in processes | median | 95 % within | MB for each learner |
|---|---|---|---|
{rows}
"""


def short(measured: Measured, paced: Sequence[Paced]) -> str:
    lines = [
        f"- {LEARNERS} learners join a lesson at once: "
        f"all have it after {max(measured.join):.1f} s. "
        f"Each takes {measured.memory:.1f} MB.",
    ]
    for each in paced:
        late = np.percentile(each.moves, 95) * 1000
        where = "one process" if each.processes == 1 else f"{each.processes} processes"
        lines += [
            f"- {each.learners} learners in {where}, each with a control that refits "
            f"every {PACE:.0f} seconds:",
            f"  95 % of the answers within {late:.0f} ms.",
        ]
    return "\n".join(lines) + "\n"


def broken_promises(measured: Measured, paced: Sequence[Paced]) -> list[str]:
    """What is promised for two cores and does not hold."""
    kept = {
        f"{LEARNERS} learners join within 1 s": max(measured.join) < 1,
        "a learner takes less than 0.6 MB": max(measured.memory, *(each.memory for each in paced))
        < 0.6,
        "statsmodels is not loaded for a first page": not measured.statsmodels_on_the_way,
        **{
            f"{each.learners} learners in {each.processes}: 95 % within 500 ms": bool(
                np.percentile(each.moves, 95) < 0.5
            )
            for each in paced
        },
    }
    return [promise for promise, holds in kept.items() if not holds]


def main() -> None:
    with running() as server:
        join = asyncio.run(joining(server))
    with running() as server:
        lesson = asyncio.run(measure(server, join))
    paced = [refitting(LEARNERS, 1), refitting(2 * LEARNERS, 2)]
    text = table(lesson, paced)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
