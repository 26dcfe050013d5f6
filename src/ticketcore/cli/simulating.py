"""``ticketcore simulate``: policies compared on the same made-up tickets."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ticketcore.cli.common import REJECTED, fail, json_option, read_text
from ticketcore.errors import InvalidInput

if TYPE_CHECKING:
    from ticketcore.sim.comparing import Compared


@click.command()
@click.argument("scenario_file", metavar="SCENARIO.toml", type=click.Path(path_type=Path))
@click.option(
    "--policy",
    "policies",
    metavar="POLICY[/DISCIPLINE]",
    multiple=True,
    default=("default",),
    show_default=True,
    help="What is tried; may be given again. MODULE:NAME is your own, in a file MODULE.py here.",
)
@click.option("--seeds", default=20, show_default=True, type=click.IntRange(1), help="How many replications of each.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="What all chance comes from.")
@click.option(
    "--out", "folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Write all of it here."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="How many processes.")
@json_option
def simulate(
    scenario_file: Path,
    policies: tuple[str, ...],
    seeds: int,
    seed: int,
    folder: Path | None,
    workers: int,
    as_json: bool,
) -> None:
    """Compare policies on the same made-up tickets.

    Each policy is simulated so many times, with the engine that a desk assigns by. DIR gets a page with pictures
    (report.html), the table (table.txt), a record for each replication (records.csv), and all of it as JSON
    (comparison.json). What is finished is kept there (results.jsonl): the same command again goes on where it was.
    Ends with 1 if paths were lost; their replications are left out of all policies.

    Example: ticketcore simulate desk.toml --policy longest_idle --policy least_active --seeds 20 --out study
    """
    try:
        from ticketcore.config.scenarios import read_scenario
        from ticketcore.sim.comparing import compare
        from ticketcore.sim.naming import candidate_of
    except ImportError as error:
        fail(f"to simulate needs the extra 'sim' ({error})")
    try:
        file = read_scenario(read_text(scenario_file))
    except InvalidInput as error:
        fail(f"{scenario_file}: {error}")
    if file.extent is None:
        fail(f"{scenario_file}: does not say for how long it goes on")
    try:
        candidates = [candidate_of(text, Path.cwd()) for text in policies]
    except InvalidInput as error:
        fail(f"--policy: {error.reason}")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    executor: Callable[[], Executor] | None = partial(ProcessPoolExecutor, workers) if workers > 1 else None
    try:
        with _progress() as told:
            compared = compare(
                file.scenario,
                file.extent,
                candidates,
                seeds,
                seed=seed,
                named=scenario_file.stem,
                executor=executor,
                results=None if folder is None else folder / "results.jsonl",
                progress=told,
            )
    except InvalidInput as error:
        fail(f"{scenario_file}: {error}")
    if as_json:
        click.echo(compared.json().decode())
    else:
        click.echo(compared.table(), nl=False)
    if folder is not None:
        _write(compared, folder, as_json)
    if compared.lost:
        sys.exit(REJECTED)


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
