"""How TOML writes keys and values, and how a person writes where in a file something stands."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Path = tuple[str | int, ...]
"""The keys that lead from the whole file to a value; a number is a place in a list, from 0."""

Plain: TypeAlias = str | bool | int | Sequence["Plain"] | Mapping[str, "Plain"]
"""A value as TOML has it; of those that it has, what a desk needs.  The order of a tuple counts, that of a list not."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
_ESCAPES = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"}


def written(path: Path) -> str:
    """The path as a person writes it.

    >>> written(("rules", 2, "then", "skills", "C++"))
    'rules[2].then.skills."C++"'
    """
    parts = [f"[{part}]" if isinstance(part, int) else f".{key(part)}" for part in path]
    return "".join(parts).removeprefix(".")


def key(name: str) -> str:
    """The name as it stands on the left of an equals sign: bare where TOML lets it, else quoted."""
    return name if _BARE_KEY.fullmatch(name) else string(name)


def string(text: str) -> str:
    r"""The text as a basic string of TOML, on one line.

    >>> print(string('say "hi"\n'))
    "say \"hi\"\n"
    """
    return f'"{_ESCAPED.sub(_escape, text)}"'


def inline(value: Plain) -> str:
    """The value on one line.

    >>> inline({"tags": ["vip"], "skills": {"gold": 2}, "open": True})
    '{tags = ["vip"], skills = {gold = 2}, open = true}'
    """
    if isinstance(value, str):
        return string(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key(name)} = {inline(item)}' for name, item in value.items())}}}"
    return str(value).lower()


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}"
