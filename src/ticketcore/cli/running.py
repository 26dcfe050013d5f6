"""``ticketcore run``: feeds in, tickets and a report out."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, tzinfo
from pathlib import Path

import attrs
import click
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from ticketcore.cli.common import (
    REJECTED,
    desk_option,
    fail,
    json_option,
    kept,
    opened,
    plain,
    print_json,
    read_file,
    tenant_option,
)
from ticketcore.config import DeskFile, load_keys
from ticketcore.desk import Desk
from ticketcore.errors import InvalidInput
from ticketcore.feeds import Remark, expected, merge
from ticketcore.feeds import opened as opened_feed
from ticketcore.importing import Import, Summary
from ticketcore.matching import Keyring
from ticketcore.shell import utc_now

NOBODYS = "inbox@localhost"
"""The address of ours that mail counts for when nobody says which addresses are ours."""


@click.command()
@click.argument("feeds", nargs=-1, required=True, metavar="FEED...", type=click.Path(path_type=Path, readable=False))
@desk_option
@tenant_option
@click.option(
    "--store", "store_file", metavar="DESK.db", type=click.Path(dir_okay=False, path_type=Path), help="Keep it here."
)
@click.option(
    "--report",
    "report_file",
    metavar="OUT.html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Report here.",
)
@click.option("--history", is_flag=True, help="It all happened long ago: nobody is given a ticket, nor is one timed.")
@json_option
def run(
    feeds: tuple[Path, ...],
    desk_file: Path | None,
    tenant: str | None,
    store_file: Path | None,
    report_file: Path | None,
    history: bool,
    as_json: bool,
) -> None:
    """Take feeds of messages in, merged by time.

    A FEED is an mbox, a Maildir, a mail (.eml) or a folder of them, a WhatsApp chat (.txt), or JSON lines of facts.
    What was taken in before is not taken in again.

    Example: ticketcore run mail.mbox chat.txt --desk desk.toml --store desk.db --report report.html
    """
    _spare(report_file, [*feeds, *filter(None, (desk_file, store_file))])
    file = _desk_of(desk_file, store_file, tenant)
    settings = file.feeds if file.feeds.addresses else attrs.evolve(file.feeds, addresses=(NOBODYS,))
    with opened(file, store_file, keys=_keys(file, desk_file)) as desk:
        imported = Import(desk, history=history)
        with _progress(imported.summary, feeds) as shown:
            for item in merge([opened_feed(feed, settings) for feed in feeds]):
                imported.take(item)
                shown()
        _print(imported.summary, as_json)
        if report_file is not None:
            _report(desk, imported, file.feeds.zone or UTC, report_file, as_json)
    if imported.summary.rejected:
        sys.exit(REJECTED)


def _spare(report_file: Path | None, needed: Iterable[Path]) -> None:
    """Refuse to write the report over a file that is read or kept."""
    if report_file is not None and report_file.exists():
        for path in needed:
            if path.exists() and path.samefile(report_file):
                fail(f"--report: {report_file} would be written over, and is needed")


def _desk_of(desk_file: Path | None, store_file: Path | None, tenant: str | None) -> DeskFile:
    """The desk that the file describes; without one, the one that the store keeps."""
    if desk_file is None and store_file is not None and store_file.exists():
        return kept(store_file, tenant, may_be_new=True)
    return read_file(desk_file, tenant)


def _keys(file: DeskFile, desk_file: Path | None) -> Keyring | None:
    """The keys that the file names, looked for beside it."""
    if file.keys is None or desk_file is None:
        return None
    try:
        return load_keys(file.keys, desk_file.parent)
    except InvalidInput as error:
        fail(f"{desk_file}: {error}")


class _Rate(ProgressColumn):
    """How many facts a second, of late."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f}/s", style="progress.data.speed")


@contextmanager
def _progress(summary: Summary, feeds: Sequence[Path]) -> Iterator[Callable[[], None]]:
    """A line that moves, with the rate and about the time left, on a terminal; nothing in a pipe."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda: None
        return
    told = [expected(feed) for feed in feeds]
    total = None if None in told else sum(count or 0 for count in told)
    columns = (TextColumn("{task.completed:,} read"), BarColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.update(task, completed=summary.read)


def _print(summary: Summary, as_json: bool) -> None:
    for item in summary.rejected:
        where = item.source if item.line is None else f"{item.source}:{item.line}"
        click.echo(f"{where}: {item.field}: {item.reason}", err=True)
    alike: dict[tuple[str, str, str], list[Remark]] = {}
    for remark in summary.remarks:
        one = remark.source if remark.field == "file" else ""  # Each file that is skipped is named.
        alike.setdefault((one, remark.field, remark.reason), []).append(remark)
    for (_, field, reason), remarks in alike.items():
        first, times = remarks[0], sum(remark.count for remark in remarks)
        where = first.source if first.line is None else f"{first.source}:{first.line}"
        click.echo(f"{where}: {field}: {reason}{f' ({times} times)' if times > 1 else ''}", err=True)
    if as_json:
        print_json(
            {
                "read": summary.read,
                "stored": summary.stored,
                "duplicates": summary.duplicates,
                "tickets": summary.tickets,
                "kept": dict(sorted(summary.kept.items())),
                "rejected": [plain(item) for item in summary.rejected],
            }
        )
        return
    kept = ", ".join(f"{count} {verdict}" for verdict, count in sorted(summary.kept.items()))
    click.echo(
        f"read {summary.read}: {summary.stored} stored, {summary.duplicates} here before, "
        f"{len(summary.rejected)} rejected; {summary.tickets} new ticket{'' if summary.tickets == 1 else 's'}"
        + (f"; kept without one: {kept}" if kept else "")
    )


def _report(desk: Desk, imported: Import, zone: tzinfo, path: Path, quiet: bool) -> None:
    """Write the report of the instant of the last fact; of now, when the feeds told nothing."""
    try:
        from ticketcore.report import gather, highlights
        from ticketcore.report.page import render
    except ImportError as error:
        fail(f"a report needs the extra 'report' ({error})")
    rejected = [attrs.astuple(item) for item in imported.summary.rejected]
    at = utc_now() if imported.until is None else imported.until
    figures = gather(desk.store, desk.tenant, at.astimezone(zone), rejected)
    try:
        path.write_text(render(figures), encoding="utf-8")
    except OSError as error:
        fail(f"{path}: {error}")
    if not quiet:
        click.echo(f"report: {path}")
        for words in highlights(figures):
            click.echo(f"  - {words}")
