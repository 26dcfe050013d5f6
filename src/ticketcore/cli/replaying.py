"""What ``ticketcore simulate --replay`` does beside simulating: reading, checking and exporting what is recorded."""

import json
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from ticketcore.cli.common import REJECTED, fail, kept, opened, plain, print_json, read_text
from ticketcore.config.durations import read_duration
from ticketcore.errors import InvalidInput
from ticketcore.replaying.checking import Checked, check
from ticketcore.replaying.past import Past

if TYPE_CHECKING:
    from ticketcore.sim.eventlogs import LogScenario
    from ticketcore.sim.sweeping import Candidate

SHOWN = 20
"""How many differences are shown to people."""


@attrs.frozen
class Recorded:
    """What is asked of a recorded desk: in which file it is (``path``), and whose (``tenant``).

    ``work``, ``handling`` and ``answer_within`` are the options of that name, ``staff`` is a file with other agents.
    """

    path: Path
    tenant: str | None
    work: str
    handling: timedelta | None
    answer_within: timedelta | None
    staff: Path | None

    @contextmanager
    def past(self) -> Iterator[Past]:
        """Its history."""
        with opened(kept(self.path, self.tenant), self.path) as desk:
            yield Past(desk.store, desk.tenant)

    def scenario(self) -> "LogScenario":
        """What it says as a scenario."""
        from ticketcore.config.scenarios import read_staff
        from ticketcore.replaying.scenarios import Handling, scenario_of

        with self.past() as past:
            try:
                found = scenario_of(past, Handling(self.work), self.handling, self.answer_within)
            except InvalidInput as error:
                if error.field == "otherwise":
                    fail(f"--handling: {error.reason}; or use --work slot")
                fail(f"{self.path}: {error}")
        if self.staff is None:
            return found
        try:
            groups = read_staff(read_text(self.staff))
            return attrs.evolve(found, scenario=attrs.evolve(found.scenario, groups=groups))
        except InvalidInput as error:
            fail(f"{self.staff}: {error}")


def length(_: click.Context, parameter: click.Parameter, value: str | None) -> timedelta | None:
    """The length of time that an option names."""
    if value is None:
        return None
    try:
        return read_duration(value, f"--{parameter.name}".replace("_", "-"))
    except InvalidInput as error:
        fail(str(error))


def check_decisions(recorded: Recorded, candidates: "Sequence[Candidate]", as_json: bool) -> None:
    """Ask again for each decision, and end with 1 if one is another now."""
    if len(candidates) > 1:
        fail("--check: a desk decides by one policy, so give one --policy")
    (candidate,) = candidates
    policy = None if candidate.name.partition("/")[0] == "default" else candidate.policy
    discipline = candidate.discipline if "/" in candidate.name else None
    with recorded.past() as past:
        checked = check(past, policy, discipline)
    if as_json:
        print_json(plain(checked))
    else:
        _show(checked)
    if checked.differences:
        sys.exit(REJECTED)


def _show(checked: Checked) -> None:
    click.echo(
        f"{checked.decisions} decisions, {checked.pulled} of them of which ticket goes first, "
        f"and {checked.by_hand} tickets given by hand: {len(checked.differences)} differences"
    )
    for one in checked.differences[:SHOWN]:
        click.echo(
            f"  {one.at.isoformat()} ticket {one.ticket}: {one.recorded or 'nobody'} is recorded, "
            f"{one.replayed or 'nobody'} is replayed: {one.why}"
        )
    if len(checked.differences) > SHOWN:
        click.echo(f"  and {len(checked.differences) - SHOWN} more")


def export(found: "LogScenario", path: Path, keep_dates: bool, quiet: bool) -> None:
    """Write the scenario without names into a file."""
    from ticketcore.config.scenario_writing import write_scenario
    from ticketcore.config.scenarios import ScenarioFile
    from ticketcore.replaying.anonymous import anonymous

    nameless = anonymous(found.scenario, secrets.token_bytes(32), keep_dates=keep_dates)
    try:
        path.write_text(write_scenario(ScenarioFile(nameless, found.extent)), encoding="utf-8")
    except (OSError, InvalidInput) as error:
        fail(f"{path}: {error}")
    if not quiet:
        click.echo(f"export: {path}")


def tell_unsaid(found: "LogScenario") -> str:
    """What the history cannot say, in lines."""
    return "".join(f"{what}: {words}\n" for what, words in found.unsaid)


def with_unsaid(found: "LogScenario", comparison: bytes) -> str:
    """The comparison as JSON, with what the history cannot say."""
    unsaid = [{"of": what, "words": words} for what, words in found.unsaid]
    return json.dumps({"unsaid": unsaid, **json.loads(comparison)}, indent=2)
