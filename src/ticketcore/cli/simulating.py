"""``ticketcore simulate``: policies compared on the same tickets, made-up or recorded."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ticketcore.cli.common import REJECTED, fail, json_option, kept_tenant_option, read_text
from ticketcore.cli.replaying import Recorded, check_decisions, export, length, tell_unsaid, with_unsaid
from ticketcore.errors import InvalidInput

if TYPE_CHECKING:
    from ticketcore.sim.comparing import Compared
    from ticketcore.sim.eventlogs import LogScenario
    from ticketcore.sim.extents import Extent
    from ticketcore.sim.scenario import Scenario


@click.command()
@click.argument("scenario_file", metavar="[SCENARIO.toml]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--replay",
    "replay_file",
    metavar="DESK.db",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take what a desk has recorded, in place of a scenario.",
)
@click.option(
    "--policy",
    "policies",
    metavar="POLICY[/DISCIPLINE]",
    multiple=True,
    default=("default",),
    show_default=True,
    help="What is tried; may be given again. MODULE:NAME is your own, in a file MODULE.py here.",
)
@click.option("--seeds", type=click.IntRange(1), help="How many replications of each: 20, and of what is recorded 1.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="What all chance comes from.")
@click.option(
    "--out", "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Write all of it here."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="How many processes.")
@kept_tenant_option
@click.option(
    "--work",
    type=click.Choice(["focus", "slot"]),
    default="focus",
    show_default=True,
    help="What recorded work is: for how long agents had a ticket open, or for how long it was theirs.",
)
@click.option("--handling", metavar="LENGTH", callback=length, help="How long a ticket takes of which that is unknown.")
@click.option("--answer-within", metavar="LENGTH", callback=length, help="The service level of what is recorded.")
@click.option(
    "--staff",
    "staff_file",
    metavar="SCENARIO.toml",
    type=click.Path(path_type=Path),
    help="The agents of this file in place of those recorded.",
)
@click.option("--check", "checks", is_flag=True, help="Only ask again for each recorded decision; 1 if one differs.")
@click.option(
    "--export",
    "export_file",
    metavar="LOAD.toml",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Only write what is recorded as a scenario without any names.",
)
@click.option("--keep-dates", is_flag=True, help="Export it with the date on which it begins.")
@json_option
def simulate(
    scenario_file: Path | None,
    replay_file: Path | None,
    policies: tuple[str, ...],
    seeds: int | None,
    seed: int,
    folder: Path | None,
    workers: int,
    tenant: str | None,
    work: str,
    handling: timedelta | None,
    answer_within: timedelta | None,
    staff_file: Path | None,
    checks: bool,
    export_file: Path | None,
    keep_dates: bool,
    as_json: bool,
) -> None:
    """Compare policies on the same tickets, made-up or recorded.

    Each policy is simulated so many times, with the engine that a desk assigns by. DIR gets a page with pictures
    (report.html), the table (table.txt), a record for each replication (records.csv), and all of it as JSON
    (comparison.json). What is finished is kept there (results.jsonl): the same command again goes on where it was.
    Ends with 1 if paths were lost; their replications are left out of all policies.

    With --replay the tickets are those of a desk that `ticketcore run` or a program keeps in a file, with its agents as
    they were there; what the history cannot say is listed.

    Example: ticketcore simulate desk.toml --policy longest_idle --policy least_active --seeds 20 --out study
    """
    if (scenario_file is None) is (replay_file is None):
        fail("simulate needs a scenario, or --replay and a recorded desk; not both")
    asked = (tenant, handling, answer_within, staff_file, export_file, checks or None, keep_dates or None)
    if replay_file is None and any(one is not None for one in asked):
        fail("what is for a recorded desk needs --replay")
    try:
        from ticketcore.sim.comparing import compare
        from ticketcore.sim.naming import candidate_of
    except ImportError as error:
        fail(f"to simulate needs the extra 'sim' ({error})")
    try:
        candidates = [candidate_of(text, Path.cwd()) for text in policies]
    except InvalidInput as error:
        fail(f"--policy: {error.reason}")
    found: LogScenario | None = None
    if replay_file is not None:
        recorded = Recorded(replay_file, tenant, work, handling, answer_within, staff_file)
        if checks:
            check_decisions(recorded, candidates, as_json)
            return
        found = recorded.scenario()
        if export_file is not None:
            export(found, export_file, keep_dates, as_json)
            return
    scenario, extent = _of_file(scenario_file) if found is None else (found.scenario, found.extent)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    executor: Callable[[], Executor] | None = partial(ProcessPoolExecutor, workers) if workers > 1 else None
    try:
        with _progress() as told:
            compared = compare(
                scenario,
                extent,
                candidates,
                seeds or (20 if found is None else 1),
                seed=seed,
                named=(scenario_file or replay_file or Path()).stem,
                executor=executor,
                results=None if folder is None else folder / "results.jsonl",
                progress=told,
            )
    except InvalidInput as error:
        fail(f"{scenario_file or replay_file}: {error}")
    if as_json:
        click.echo(compared.json().decode() if found is None else with_unsaid(found, compared.json()))
    else:
        click.echo(compared.table(), nl=False)
        click.echo("" if found is None else f"\nnot as it was:\n{tell_unsaid(found)}", nl=False)
    if folder is not None:
        if found is not None:
            (folder / "unsaid.txt").write_text(tell_unsaid(found), encoding="utf-8")
        _write(compared, folder, as_json)
    if compared.lost:
        sys.exit(REJECTED)


def _of_file(path: "Path | None") -> "tuple[Scenario, Extent]":
    """What the file describes, and for how long it goes on."""
    from ticketcore.config.scenarios import read_scenario

    assert path is not None, "one of two was given"
    try:
        file = read_scenario(read_text(path))
    except InvalidInput as error:
        fail(f"{path}: {error}")
    if file.extent is None:
        fail(f"{path}: does not say for how long it goes on")
    return file.scenario, file.extent


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A line that moves, with about the time left, on a terminal; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _, __: None
        return
    columns = (TextColumn("simulated"), MofNCompleteColumn(), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _write(compared: "Compared", folder: Path, quiet: bool) -> None:
    (folder / "table.txt").write_text(compared.table(), encoding="utf-8")
    (folder / "records.csv").write_text(compared.csv(), encoding="utf-8")
    (folder / "comparison.json").write_bytes(compared.json())
    try:
        from ticketcore.report.laboratory import render_comparison
    except ImportError as error:
        fail(f"a report needs the extra 'report' ({error}); all else is in {folder}")
    (folder / "report.html").write_text(render_comparison(compared), encoding="utf-8")
    if not quiet:
        click.echo(f"\nreport: {folder / 'report.html'}")
