"""A class at its own pace: each learner moves a control that refits every two seconds.

In one process, then twice as many in two behind the proxy of ``deploy/``. ``bench.learners`` writes
what comes out.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.learner import Learner
from tools.replicas import replicated
from tools.server import ROOT, Server, house_around, running
from ui.prose import fixed

PACE = 2.0  # seconds between two moves of a learner
MOVES = 10
SEED = 20_260_102
PAGE = ROOT / "bench" / "refit.py"


@dataclass(frozen=True)
class Paced:
    """How many learners in how many processes; seconds of each move; megabytes for each learner."""

    learners: int
    processes: int
    moves: list[float]
    memory: float


@contextmanager
def served(processes: int) -> Iterator[tuple[str, tuple[Server, ...]]]:
    """Serve the page that refits, by itself or behind the proxy."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        house = house_around(PAGE, Path(folder))
        if processes == 1:
            server = stack.enter_context(running(folder=house))
            yield server.url, (server,)
        else:
            room = stack.enter_context(replicated(processes, folder=house))
            yield room.proxy.url, room.replicas


async def play(url: str, servers: tuple[Server, ...], learners: int) -> Paced:
    rng = np.random.default_rng(SEED)
    async with Learner(url) as first:
        await first.run()
    before = sum(map(resident, servers))
    async with AsyncExitStack() as room:
        arrived = [await room.enter_async_context(Learner(url)) for _ in range(learners)]
        await asyncio.gather(*(learner.run() for learner in arrived))
        begun = time.perf_counter()
        moves = await asyncio.gather(
            *(
                _moves(learner, begun + rng.uniform(0, PACE), rng.uniform(-3, 3, MOVES))
                for learner in arrived
            )
        )
        memory = (sum(map(resident, servers)) - before) / learners
    return Paced(learners, len(servers), [each for own in moves for each in own], memory)


async def _moves(learner: Learner, begin: float, places: np.ndarray) -> list[float]:
    """Move the origin every two seconds, and not before the last answer."""
    found = []
    for number, place in enumerate(np.round(places, 2)):
        await asyncio.sleep(max(0.0, begin + number * PACE - time.perf_counter()))
        learner.move("origin", double_array_value={"data": [float(place)]})
        found.append(await learner.run())
        if not learner.said[-1].startswith(f"At {fixed(place)} "):
            raise RuntimeError("the control was moved and the page did not follow")
    return found


def resident(server: Server) -> float:
    """Memory of the server's process that is in use, in megabytes."""
    (line,) = [
        line
        for line in Path(f"/proc/{server.pid}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]
    return int(line.split()[1]) / 1024


def refitting(learners: int, processes: int) -> Paced:
    with served(processes) as (url, servers):
        return asyncio.run(play(url, servers, learners))
