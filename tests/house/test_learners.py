"""A small class on one process: all move a control at once, nobody fails, each gets their own."""

import asyncio
import json
from contextlib import AsyncExitStack

from mlcore import pooling_weight
from tools.learner import Learner
from tools.server import Server, running
from ui import cache
from ui.prose import fixed
from ui.record import Prediction, Record

LEARNERS = 12
ROUNDS = 3
SEEN = Record(predictions={"pooling.moves": Prediction(None)})
SIGMA_E = 9.0


async def draw(learner: Learner, sigma_u: float) -> None:
    """Let go of the handle of σ_u there, and wait for what the page makes of it."""
    values = {"sigma_u": sigma_u, "sigma_e": SIGMA_E, "focus": "48", "n": {}}
    learner.move("springs", json_value=json.dumps({"values": values}))
    await learner.run()


def distance(school: str, sigma_u: float) -> str:
    """How far the model moves a school: λ keeps its share, 1 - λ is given up."""
    row = cache.shrinkage("gcse ~ 1 + (1 | school)", "school").loc[school]
    return fixed((1 - pooling_weight(row["n"], sigma_u, SIGMA_E)) * abs(row["mean"]))


async def play(server: Server) -> None:
    async with AsyncExitStack() as room:
        learners = [
            await room.enter_async_context(Learner(server.url, "pooling")) for _ in range(LEARNERS)
        ]
        await asyncio.gather(*(learner.run() for learner in learners))
        for learner in learners:
            learner.move("storage", json_value=json.dumps({"saved": SEEN.dump()}))
        await asyncio.gather(*(learner.run() for learner in learners))
        for turn in range(ROUNDS):
            places = [2 + 0.3 * number + turn / 10 for number in range(LEARNERS)]
            await asyncio.gather(*map(draw, learners, places))
            for learner, sigma_u in zip(learners, places, strict=True):
                assert f"sigma_u={sigma_u:g}" in learner.query
                told = f"school 54 moves {distance('54', sigma_u)} points, school 59 "
                assert any(told + distance("59", sigma_u) in text for text in learner.said)


def test_a_class_moves_a_control_at_once_and_each_gets_their_own_numbers() -> None:
    with running() as server:
        asyncio.run(play(server))
        assert "Traceback" not in server.log.read_text()
