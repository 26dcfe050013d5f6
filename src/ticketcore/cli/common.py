"""What the commands share: opening a desk, printing JSON, and ending with a word and a code."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import attrs
import click
from rich.console import Console, RenderableType

from ticketcore.checks import check_name
from ticketcore.codec import Value
from ticketcore.config import DeskFile, read_desk
from ticketcore.desk import Desk
from ticketcore.errors import InvalidInput, StoreFailure
from ticketcore.feeds.files import open_file, why
from ticketcore.lifecycle import HOUSE_RULES, HouseRules
from ticketcore.matching import Keyring
from ticketcore.ports import MAX_PAGE, BlobStore, Query, Store
from ticketcore.shell import Parts, content_id
from ticketcore.stores import MemoryBlobs, MemoryStore, SqliteBlobs, SqliteStore

REJECTED = 1
"""The exit code when some of the input was rejected, or two things differ."""

UNUSABLE = 2
"""The exit code when the arguments cannot be used."""

UNSERVED = 3
"""The exit code when the database cannot serve."""

WIDE = 200
"""Columns, where nobody looks at a terminal."""

TENANT = "desk"
"""Whose desk it is where no file says so."""


def _name(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """A name as it can be one."""
    if value is not None:
        try:
            check_name(value, "--tenant")
        except InvalidInput as error:
            fail(str(error))
    return value


desk_option = click.option(
    "--desk",
    "desk_file",
    metavar="DESK.toml",
    type=click.Path(path_type=Path),
    help="The desk, described in a file.",
)
"""``--desk``, for commands that can do without."""

store_option = click.option(
    "--store",
    "store_file",
    metavar="DESK.db",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the desk's tickets.",
)
"""``--store``, for commands that need one."""

tenant_option = click.option("--tenant", callback=_name, help="Whose desk it is, whatever the file says.")
"""``--tenant``, for commands that may have a file which says it."""

kept_tenant_option = click.option("--tenant", callback=_name, help="Whose desk it is, if the store keeps several.")
"""``--tenant``, for commands that have a store alone."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value, for programs.")
"""``--json``."""


def fail(words: str, code: int = UNUSABLE) -> NoReturn:
    """End with one clear line on standard error."""
    click.echo(f"ticketcore: {words}", err=True)
    sys.exit(code)


def print_rich(*renderables: RenderableType) -> None:
    """Print one below the other: as wide as the terminal, and wide enough for most lines where there is none."""
    terminal = sys.stdout.isatty()
    console = Console(highlight=False, force_terminal=terminal, width=None if terminal else WIDE)
    with console.capture() as printed:
        for each in renderables:
            console.print(each, markup=False)
    for line in printed.get().splitlines():
        click.echo(line.rstrip())


def harmless(words: str) -> str:
    """The words without characters that would command a terminal, or turn what stands beside them around."""
    return "".join(" " if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp") else each for each in words)


def print_json(value: object) -> None:
    """Print the value as JSON on one line, escaped as JSON does it where the output may lack a character."""
    ascii_only = not sys.stdout.encoding.lower().startswith("utf")
    click.echo(json.dumps(value, ensure_ascii=ascii_only, default=str))


def read_text(path: Path) -> str:
    """The text of a file in UTF-8."""
    try:
        with open_file(path) as file:
            return file.read().decode()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{path}: {why(error)}")


def read_file(path: Path | None, tenant: str | None = None) -> DeskFile:
    """The desk that the file describes; without a file, one with nothing but its usual parts."""
    if path is None:
        return DeskFile(tenant or TENANT)
    try:
        file = read_desk(read_text(path))
    except InvalidInput as error:
        fail(f"{path}: {error}")
    return file if tenant is None else attrs.evolve(file, tenant=tenant)


@contextmanager
def opened(
    file: DeskFile, path: Path | None, house: HouseRules = HOUSE_RULES, keys: Keyring | None = None
) -> Iterator[Desk]:
    """The desk, on the database in this file, or in memory without one.  Ids are made from content."""
    with _served(), _stores(path) as (store, blobs):
        parts = Parts(blobs=blobs, house=house, keys=keys)
        try:
            desk = Desk(store, tenant=file.tenant, config=file.configuration, ids=content_id, parts=parts)
        except InvalidInput as error:
            fail(f"{error}; a desk with guards of its own is run by the program that defines them")
        yield desk


def kept(path: Path, tenant: str | None, *, may_be_new: bool = False) -> DeskFile:
    """Whose desk the database keeps: the tenant's, which ``may_be_new`` there, or the only one."""
    with _served(), SqliteStore(path, durability="normal") as store:
        known = store.tenants()
    if tenant is None and len(known) > 1:
        fail(f"{path} keeps several desks; say which with --tenant: {', '.join(known)}")
    if tenant is not None and known and tenant not in known and not may_be_new:
        fail(f"--tenant: {path} keeps no desk of {tenant!r}, but of {', '.join(known)}")
    return DeskFile(tenant or next(iter(known), TENANT))


@contextmanager
def _served() -> Iterator[None]:
    """End with one clear line where the database cannot serve."""
    try:
        yield
    except StoreFailure as error:
        fail(str(error), UNSERVED)


@contextmanager
def _stores(path: Path | None) -> Iterator[tuple[Store, BlobStore]]:
    if path is None:
        yield MemoryStore(), MemoryBlobs()
        return
    with SqliteStore(path, durability="normal") as store, SqliteBlobs(path, durability="normal") as blobs:
        yield store, blobs


def plain(value: object) -> Any:
    """A value of ours as JSON would have it: instants as text, attrs classes as objects."""
    if not attrs.has(type(value)):
        return value
    return attrs.asdict(value, value_serializer=_serialised)  # type: ignore[arg-type]  # what was asked just above


def _serialised(_: object, __: object, value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def everything(desk: Desk, query: Query) -> Iterator[Value]:
    """The values of all records that the query finds, page after page."""
    rest: Query | None = attrs.evolve(query, limit=MAX_PAGE)
    while rest is not None:
        page = desk.find(rest)
        yield from page.values
        rest = None if page.next is None else attrs.evolve(rest, after=page.next)
