"""Rates in CPU time, taken in turn with the peer's, and the lines that report them.

CPU time of this process, since other work shares the machine; the candidates take turns, since the machine's speed
drifts; the median of the rounds.
"""

import gc
import json
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar, TypeVarTuple

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")


def rates(candidates: Mapping[str, Callable[[], Callable[[], int]]], rounds: int) -> dict[str, list[float]]:
    """Operations per CPU second of each candidate in each round.

    A candidate is called once a round, untimed, to set up; what it returns is timed, and returns how many
    operations it did.
    """
    measured: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, set_up in candidates.items():
            run = set_up()
            gc.collect()
            start = time.process_time()
            operations = run()
            measured[name].append(operations / (time.process_time() - start))
            del run
    return measured


def begun() -> float:
    """The CPU time of this process, from which on something is timed.

    What was left behind before is collected first, so that it is not counted for what is timed.
    """
    gc.collect()
    return time.process_time()


def apart(work: Callable[[*_Ts], _T], *arguments: *_Ts) -> _T:
    """What the work gives in a new process of its own, where it times itself."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


def report(area: str, metric: str, measured: Mapping[str, list[float]], peer: str) -> None:
    """A line for each candidate: the median of its rounds.  A name that begins with "peer" is the peer's."""
    for name, values in measured.items():
        line = {
            "area": area,
            "peer": peer if name.startswith("peer ") else "ticketcore",
            "metric": f"{metric}: {name.removeprefix('peer ')}",
            "value": float(f"{statistics.median(values):.4g}"),
            "unit": "1/cpu-s",
        }
        print(json.dumps(line), flush=True)


def goal(
    area: str, metric: str, ours: list[float], theirs: list[float], bound: float, *, at_most: bool = False
) -> None:
    """A line for a goal: the median, over the rounds, of one rate over the other in the same round, and its bound."""
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    line = {
        "area": area,
        "peer": "ticketcore",
        "metric": metric,
        "value": float(f"{ratio:.3g}"),
        "unit": "ratio",
        "goal": bound,
        "met": ratio <= bound if at_most else ratio >= bound,
    }
    print(json.dumps(line), flush=True)
