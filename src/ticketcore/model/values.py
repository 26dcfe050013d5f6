"""What makes values fast, and the next one from the last.

Values are immutable.  attrs writes each field of a frozen one by a call of ``object.__setattr__``, which costs more
than all else about it; here a value is a draft until it is whole: of a subclass that adds nothing, and can be written.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, ParamSpec, TypeVar

import attrs

_P = ParamSpec("_P")
_V = TypeVar("_V", bound=attrs.AttrsInstance)
_FACTORY: Any = attrs.Factory  # a class, which its annotation does not say
_DRAFTS: dict[object, Any] = {}


def quick(kind: type[_V]) -> type[_V]:
    """A class decorator above ``attrs.frozen``: the same class, but its values are made in less time.

    In 0.7 times that of three fields, 0.5 of eight, and 0.3 of twenty.

    >>> Point = quick(attrs.make_class("Point", {"x": attrs.field(), "y": attrs.field(default=0)}, frozen=True))
    >>> Point(1)
    Point(x=1, y=0)
    """
    writable = {name: vars(object)[name] for name in ("__init__", "__setattr__", "__delattr__")}
    draft = _DRAFTS[kind] = type(kind.__name__, (kind,), {"__slots__": (), **writable})
    usual = vars(kind)["__init__"]
    fields = attrs.fields(kind)
    assert all(field.init for field in fields), f"{kind.__name__} has a field that is not an argument"
    passed_on = ", ".join(f"{field.name}={field.name}" for field in fields)
    known = {"_become": object.__setattr__, "_draft": draft, "_usual": usual, "_type": type}
    head = f"def __init__({', '.join(['self', *_arguments(kind, known)])}):"
    start = [
        f"if _type(self) is not _kind: return _usual(self, {passed_on})",  # a class that was derived from it
        "_become(self, '__class__', _draft)",
    ]
    exec("\n ".join([head, *start, *_filled(kind, known)]), known)
    for name in ("__annotations__", "__doc__", "__module__", "__qualname__"):
        setattr(known["__init__"], name, getattr(usual, name))
    kind.__init__ = known["__init__"]  # type: ignore[method-assign]  # that is what this is for
    return kind


def making(kind: Callable[_P, _V], *, checked: bool = True) -> Callable[_P, _V]:
    """What makes values of a ``quick`` class in half the time still, for what runs at every event.

    One that is not ``checked`` takes what was converted and checked elsewhere as it is.

    >>> from ticketcore.model import Actor, ActorKind
    >>> make = making(Actor)
    >>> make(ActorKind.AGENT, "ana") == Actor.agent("ana")
    True
    """
    known = {"_draft": _DRAFTS[kind]}
    make: Callable[_P, _V] = _maker(_arguments(kind, known), _filled(kind, known, checked=checked), known)
    return make


def replaced(value: _V, /, **changes: Any) -> _V:
    """The value with some fields changed: a cheaper ``attrs.evolve``.

    Every field must be an argument of the class, in the order of its declaration, as in a plain frozen class.

    >>> from ticketcore.model import SkillLevel
    >>> replaced(SkillLevel("gold", 1), level=3)
    SkillLevel(skill='gold', level=3)
    """
    following: _V = _replacing(type(value), tuple(changes))(value, *changes.values())
    return following


def replacing(kind: type[_V], *names: str) -> Callable[..., _V]:
    """What makes the next value from one and from its new fields, which are ``names``, in this order.

    For the folds that run at every event: it costs less than a call of the class.

    >>> from ticketcore.model import SkillLevel
    >>> at_level = replacing(SkillLevel, "level")
    >>> at_level(SkillLevel("gold", 1), 3)
    SkillLevel(skill='gold', level=3)
    """
    made: Callable[..., _V] = _replacing(kind, names)
    return made


@cache
def _replacing(kind: type[_V], names: tuple[str, ...]) -> Callable[..., _V]:
    fields = [field.name for field in attrs.fields(kind)]
    if unknown := set(names) - set(fields):
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    values = {name: name if name in names else f"_last.{name}" for name in fields}
    known: dict[str, Any] = {"_draft": _DRAFTS.get(kind), "_kind": kind}
    if kind in _DRAFTS:
        return _maker(["_last", *names], _filled(kind, known, values), known)
    usual: Callable[..., _V] = eval(f"lambda _last, {', '.join(names)}: _kind({', '.join(values.values())})", known)
    return usual


def _maker(arguments: Iterable[str], lines: Iterable[str], known: dict[str, Any]) -> Callable[..., Any]:
    """A function that begins a draft, and gives the value that the lines make of it."""
    exec("\n ".join([f"def make({', '.join(arguments)}):", "self = _draft()", *lines, "return self"]), known)
    make: Callable[..., Any] = known["make"]
    return make


def _filled(
    kind: Any, known: dict[str, Any], values: Mapping[str, str] | None = None, *, checked: bool = True
) -> list[str]:
    """The lines that make a value of the draft ``self``, from the arguments or other ``values``.

    What they use is added to what is ``known``.
    """
    lines, checks = [], []
    for field in attrs.fields(kind):
        name = field.name
        value = values[name] if values else _given(field)
        if checked and field.converter is not None:
            known[f"_convert_{name}"] = field.converter
            value = f"_convert_{name}({value})"
        lines.append(f"self.{name} = {value}")
        if checked and field.validator is not None:
            known[f"_field_{name}"], known[f"_check_{name}"] = field, field.validator
            checks.append(_checked(field, known))
    known["_kind"] = kind
    completed = ["self.__attrs_post_init__()"] if hasattr(kind, "__attrs_post_init__") else []
    return [*lines, "self.__class__ = _kind", *checks, *completed]


def _checked(field: "attrs.Attribute[Any]", known: dict[str, Any]) -> str:
    """The call of the validator, which its default is spared: that is right, or the class is wrong."""
    call = f"_check_{field.name}(self, _field_{field.name}, self.{field.name})"
    if field.default is attrs.NOTHING or isinstance(field.default, _FACTORY):
        return call
    known[f"_usual_{field.name}"] = field.default
    return f"if self.{field.name} is not _usual_{field.name}: {call}"


def _arguments(kind: Any, known: dict[str, Any]) -> list[str]:
    """Those of the class, with their defaults, which are added to what is ``known``."""
    arguments: list[str] = []
    keywords: list[str] = []
    for field in attrs.fields(kind):
        argument = field.name
        if isinstance(field.default, _FACTORY):
            known["_missing"], known[f"_make_{field.name}"] = attrs.NOTHING, field.default.factory
            argument += "=_missing"
        elif field.default is not attrs.NOTHING:
            known[f"_usual_{field.name}"] = field.default
            argument += f"=_usual_{field.name}"
        (keywords if field.kw_only else arguments).append(argument)
    return [*arguments, "*", *keywords] if keywords else arguments


def _given(field: "attrs.Attribute[Any]") -> str:
    """The argument for the field, or what is made where there is none."""
    if isinstance(field.default, _FACTORY):
        return f"_make_{field.name}() if {field.name} is _missing else {field.name}"
    return field.name
