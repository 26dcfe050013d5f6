"""What a tick costs when clocks are due, against how many wait.

Open tickets in a file, each with three running targets; a hundred of them are due at each tick, with all three missed,
and the others wait for days.  The time of a tick is that of a hundred due timers, whatever waits.  Each size is
measured in a process of its own, with a file of its own.

Beside it: what a message costs that opens a ticket, with three targets and without any policy.
"""

import gc
import time
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

from bench.measure import apart, goal, report
from ticketcore import Configuration, Desk, Inbound
from ticketcore.calendar import BusinessCalendar
from ticketcore.model import Calendar, Coverage, Goal, SlaPolicy
from ticketcore.stores import SqliteStore

AREA = "clocks"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday
METRICS = ("first_response", "requester_wait", "total_resolution")
SIZES = (10_000, 100_000)
ROUNDS, DUE = 7, 100
MESSAGES = 2_000


def configuration() -> Configuration:
    """Policies whose targets come due in one round after the other, and one of those that wait."""
    hours = BusinessCalendar("Europe/Berlin", [(day, "09:00", "17:00") for day in range(5)])
    policies = [promise(f"round{one}", timedelta(hours=one + 1), [f"round{one}"]) for one in range(ROUNDS)]
    return Configuration(
        calendars=[Calendar("office", hours)], policies=[*policies, promise("later", timedelta(days=30), [])]
    )


def promise(id: str, span: timedelta, channels: list[str]) -> SlaPolicy:
    return SlaPolicy(id, [Goal(metric, span, "office") for metric in METRICS], Coverage(channels))


def main() -> None:
    ticks = {size: apart(ticking, size) for size in SIZES}
    for size, values in ticks.items():
        report(AREA, "due timers that a tick wakes", {f"{size} tickets wait": values}, "")
    few, many = (ticks[size] for size in SIZES)
    goal(AREA, f"time of a tick, {SIZES[1]} waiting over {SIZES[0]}", few, many, 1.5, at_most=True)
    report(AREA, "messages that open a ticket", apart(opening), "")


def ticking(size: int) -> list[float]:
    """Timers that were woken in a CPU second of each tick, where so many tickets wait."""
    with TemporaryDirectory() as folder, SqliteStore(f"{folder}/desk.db", durability="normal") as store:
        desk = Desk(store, tenant="shop", config=configuration())
        for i in range(size):
            channel = f"round{i % ROUNDS}" if i < ROUNDS * DUE else "chat"
            desk.receive(Inbound(channel, "shop", f"c{i}", "Where is it?", external_id=str(i)), START)
        found = []
        for one in range(ROUNDS):
            at = START + timedelta(hours=one + 1, minutes=1)
            gc.collect()
            begun = time.process_time()
            woken = desk.tick(at, limit=DUE).woken
            found.append(DUE / (time.process_time() - begun))
            missed = [item.event for wake in woken for item in wake.handled.events]
            assert len(woken) == DUE
            assert [type(event).__name__ for event in missed] == ["ClockBreached"] * DUE * len(METRICS)
    return found


def opening() -> dict[str, list[float]]:
    """Messages in a CPU second, each of which opens a ticket, with clocks and without."""
    measured: dict[str, list[float]] = {"three targets": [], "no policy": []}
    for _ in range(ROUNDS):
        for name, values in measured.items():
            config = configuration() if name == "three targets" else Configuration()
            with TemporaryDirectory() as folder, SqliteStore(f"{folder}/desk.db", durability="normal") as store:
                desk = Desk(store, tenant="shop", config=config)
                gc.collect()
                begun = time.process_time()
                for i in range(MESSAGES):
                    desk.receive(Inbound("chat", "shop", f"c{i}", "Where is it?", external_id=str(i)), START)
                values.append(MESSAGES / (time.process_time() - begun))
    return measured
