"""Where the keys of a desk are, and what stands there: a file or a variable of the environment, never desk.toml itself.

The text is TOML: each key by its id, the newest first, with its ``secret`` in base64 (RFC 4648, 4), and ``until`` when
it counts, if not for ever.
"""

import os
import tomllib
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import attrs

from ticketcore.checks import is_words
from ticketcore.config.durations import written_duration
from ticketcore.config.notation import Path as Place
from ticketcore.config.notation import Plain
from ticketcore.config.tables import Reader, made, span, table, text, under
from ticketcore.errors import InvalidInput
from ticketcore.matching import Key, Keyring

YEAR = timedelta(days=365)
"""How long a reply token counts where nothing else is said."""


@attrs.frozen
class KeySource:
    """Where the keys of a desk are: in the ``file``, or in the ``variable`` of the environment; one of them.

    ``lifetime`` is how long a reply token counts.  Raises ``InvalidInput`` naming the field.
    """

    file: str = attrs.field(default="", validator=is_words)
    variable: str = attrs.field(default="", validator=is_words)
    lifetime: timedelta = YEAR

    def __attrs_post_init__(self) -> None:
        if bool(self.file) is bool(self.variable):
            raise InvalidInput("KeySource.file", "or variable must say where the keys are, and only one of them")
        if not timedelta(days=1) <= self.lifetime <= 50 * YEAR:
            raise InvalidInput("KeySource.lifetime", "must be from a day to 50 years")


KEYS_TABLE: Mapping[str, Reader] = {"file": text, "variable": text, "lifetime": span}
"""The keys of the table."""


def read_source(value: object, path: Place) -> KeySource:
    """The table ``[keys]`` of a desk.toml.  ``Fault`` for what cannot be used."""
    given = table(KEYS_TABLE)(value, path)
    return made(lambda: KeySource(**given), under(path, {}))


def source_table(source: KeySource | None) -> dict[str, Plain]:
    """The table, without what has its default; empty where there are no keys."""
    if source is None:
        return {}
    said: dict[str, Plain] = {"file": source.file} if source.file else {"variable": source.variable}
    return said if source.lifetime == YEAR else {**said, "lifetime": written_duration(source.lifetime)}


def load_keys(source: KeySource, folder: str | os.PathLike[str] = ".") -> Keyring:
    """The keys that are where the source says; a file is looked for from the ``folder`` on, that of the desk.toml.

    ``InvalidInput`` names what is at fault, and never what stands in a secret.
    """
    if source.variable:
        found = os.environ.get(source.variable)
        if found is None:
            raise InvalidInput("keys.variable", f"there is no {source.variable} in the environment")
        return read_keys(found, source.lifetime)
    try:
        return read_keys(Path(folder, source.file).read_text(encoding="utf-8"), source.lifetime)
    except OSError as error:
        raise InvalidInput("keys.file", f"{source.file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInput("keys.file", f"{source.file}: is not UTF-8") from None


def read_keys(toml: str, lifetime: timedelta = YEAR) -> Keyring:
    """The keys in a text.  ``InvalidInput`` names the key at fault, and never what stands in it.

    >>> read_keys("b.secret = 'bm9ib2R5IGtub3dzIHRoaXMgc2VjcmV0IG9mIG1pbmU='")
    Keyring(keys=(Key(id='b', until=None),), lifetime=datetime.timedelta(days=365))
    """
    try:
        tables = tomllib.loads(toml)
    except (ValueError, RecursionError):
        raise InvalidInput("keys", "are not TOML") from None
    return Keyring([_key(id, said) for id, said in tables.items()], lifetime)


def _key(id: str, said: object) -> Key:
    if not isinstance(said, dict) or not said.keys() <= {"secret", "until"}:
        raise InvalidInput(f"keys.{id}", "must be a table of secret and until")
    until = said.get("until")
    if until is not None and not isinstance(until, datetime):
        raise InvalidInput(f"keys.{id}.until", "must be a date and a time with a zone")
    try:
        secret = b64decode(str(said.get("secret", "")), validate=True)
    except ValueError:
        raise InvalidInput(f"keys.{id}.secret", "must be base64") from None
    try:
        return Key(id, secret, until)
    except InvalidInput as error:
        raise InvalidInput(error.field.replace("Key.", f"keys.{id}."), error.reason) from None
