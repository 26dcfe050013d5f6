"""``ticketcore config``: check a desk.toml, and compare it with what a store follows."""

import sys
from pathlib import Path

import click

from ticketcore.cli.common import (
    REJECTED,
    everything,
    json_option,
    opened,
    plain,
    print_json,
    read_file,
    store_option,
    tenant_option,
)
from ticketcore.config import differences
from ticketcore.lifecycle import Attempt, HouseRules
from ticketcore.model import Agent, Configuration, Kind, Migration
from ticketcore.ports import Query


@click.group()
def config() -> None:
    """Check a desk.toml, or see where it differs from what a store follows.

    Example: ticketcore config check desk.toml
    """


@config.command()
@click.argument("desk_file", metavar="DESK.toml", type=click.Path(path_type=Path))
@json_option
def check(desk_file: Path, as_json: bool) -> None:
    """Say whether the file describes a desk, and if not, where and why.

    Example: ticketcore config check desk.toml
    """
    file = read_file(desk_file)
    made = file.configuration
    parts = {
        "agents": made.agents,
        "teams": made.teams,
        "queues": made.queues,
        "skills": made.known_skills,
        "rules": made.rules,
    }
    counts = {name: len(part) for name, part in parts.items()}
    if as_json:
        print_json({"tenant": file.tenant, **counts})
    else:
        told = (f"{count} {name if count != 1 else name[:-1]}" for name, count in counts.items())
        click.echo(f"{desk_file}: {file.tenant}: {', '.join(told)}")


def _any_guard(configuration: Configuration) -> HouseRules:
    """A house that defines whatever guards a desk names, for one that only reads."""
    named = {name for workflow in configuration.workflows for name in workflow.rules}
    named |= {name for workflow in configuration.workflows for way in workflow.transitions for name in way.guards}
    return HouseRules(dict.fromkeys(named, _allow))


def _allow(_: Attempt) -> None:
    return None


def _moved(migration: Migration) -> str:
    several = "ticket is" if migration.tickets == 1 else "tickets are"
    where = f"{migration.tickets} {migration.type} {several} in {migration.source!r}"
    return f"{where}, and would go to {migration.target!r}" if migration.target else f"{where}, which the file has not"


@config.command()
@click.argument("desk_file", metavar="DESK.toml", type=click.Path(path_type=Path))
@store_option
@tenant_option
@json_option
def diff(desk_file: Path, store_file: Path, tenant: str | None, as_json: bool) -> None:
    """Show where the file differs from what the store follows.  The store wins; ends with 1 when they differ.

    Tickets that the file would move, or that keep it from being followed, are counted.

    Example: ticketcore config diff desk.toml --store desk.db
    """
    file = read_file(desk_file, tenant)
    with opened(file, store_file, _any_guard(file.configuration)) as desk:
        agents = [value for value in everything(desk, Query(Kind.AGENT)) if isinstance(value, Agent)]
        found = differences(file.configuration, desk.configuration(), agents)
        migrations = desk.migrations(file.configuration)
    if as_json:
        print_json([plain(difference) for difference in found])
    else:
        for item in found:
            click.echo(
                f"{item.path}: {item.file_value or 'nothing'} in the file, {item.stored_value or 'nothing'} stored"
            )
        for migration in migrations:
            click.echo(_moved(migration))
    if found:
        sys.exit(REJECTED)
