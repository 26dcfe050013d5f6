"""What a value is, as one text: equal values have equal texts in any process, so that finished work is found again.

What is told of an object is its class with its code, and what it would be pickled with.  So a policy of yours is
another one when you have changed one of its methods; what these call elsewhere is not looked at.
"""

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from enum import Enum
from functools import partial
from hashlib import sha256
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType

import numpy as np

from ticketcore.errors import InvalidInput

_PLAIN = (int, float, str, bytes, date, time, timedelta)
_DEEPEST = 100


def content_key(*values: object) -> str:
    """The SHA-256 of these values' contents, as 64 hexadecimal digits.

    Raises ``InvalidInput`` for what has no content of its own, such as an open file.
    """
    try:
        return sha256(_told(values, 0).encode()).hexdigest()
    except TypeError as error:
        raise InvalidInput("content", f"cannot be told: {error}") from error


def _told(value: object, depth: int) -> str:
    if depth > _DEEPEST:
        raise InvalidInput("content", "goes round in a circle")
    if value is None or isinstance(value, bool) or type(value) in _PLAIN:
        return repr(value)
    if isinstance(value, Enum):
        return f"{_name(type(value))}.{value.name}"
    if isinstance(value, np.ndarray):
        octets = sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return f"array({value.dtype.str},{value.shape},{octets})"
    if isinstance(value, ModuleType | BuiltinFunctionType):
        return f"{type(value).__name__}({value.__name__})"
    return f"{_kind(value)}({','.join(_parts(value, depth + 1))})"


def _kind(value: object) -> str:
    return _name(value) if isinstance(value, type | FunctionType) else _name(type(value))


def _parts(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, tuple | list):
        yield from (_told(item, depth) for item in value)
    elif isinstance(value, Mapping):
        yield from sorted(f"{_told(key, depth)}:{_told(item, depth)}" for key, item in value.items())
    elif isinstance(value, set | frozenset):
        yield from sorted(_told(item, depth) for item in value)
    elif isinstance(value, type):
        yield _code_of(value)
    elif isinstance(value, CodeType):
        yield from (value.co_code.hex(), _told(value.co_names, depth), _told(value.co_consts, depth))
    elif isinstance(value, FunctionType):
        closure = tuple(_without_code(cell.cell_contents) for cell in value.__closure__ or ())
        yield from (_told(part, depth) for part in (value.__code__, value.__defaults__, value.__kwdefaults__, closure))
    elif isinstance(value, MethodType | partial):
        yield from (_told(part, depth) for part in _bound(value))
    else:
        yield _code_of(type(value))
        yield from (_told(part, depth) for part in _state(value))


def _without_code(value: object) -> object:
    """A class by its name: what a method holds on to may be its own."""
    return _name(value) if isinstance(value, type) else value


def _bound(value: "MethodType | partial[object]") -> tuple[object, ...]:
    if isinstance(value, partial):
        return value.func, value.args, value.keywords
    return value.__func__, value.__self__


def _state(value: object) -> tuple[object, ...]:
    """What an object would be pickled with, without its class, of which the code is told."""
    made = value.__reduce_ex__(4)
    if isinstance(made, str):
        return (made,)
    _, given, *rest = made
    return tuple(part for part in given if part is not type(value)), *(_listed(part) for part in rest)


def _listed(part: object) -> object:
    return tuple(part) if isinstance(part, Iterator) else part


def _code_of(kind: type) -> str:
    """The code of a class and of its bases; of ours the version of ticketcore stands for it."""
    told = []
    for each in kind.__mro__:
        if each.__module__ != "builtins" and not each.__module__.startswith("ticketcore."):
            methods = (
                (name, getattr(member, "fget", None) or getattr(member, "__func__", member))
                for name, member in vars(each).items()
            )
            told += sorted(f"{name}:{_told(method, 1)}" for name, method in methods if isinstance(method, FunctionType))
    return sha256(";".join(told).encode()).hexdigest() if told else ""


def _name(kind: object) -> str:
    return f"{getattr(kind, '__module__', '')}.{getattr(kind, '__qualname__', '')}"
