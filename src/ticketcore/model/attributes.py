"""Attributes: what a type of tickets asks for besides words, who sees it, and when it must be there."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import attrs

from ticketcore.checks import (
    as_member,
    as_pairs,
    as_tuple,
    check_name,
    check_words,
    is_name,
    meant,
    member,
    names,
    texts,
)
from ticketcore.errors import InvalidInput
from ticketcore.model.attribute_values import AttributeKind, Plain, plain_text
from ticketcore.model.message import Blob
from ticketcore.model.workflow import Labels, as_labels, is_labels, worded

Given = Plain | Iterable[str]
"""What can be given for an attribute; several texts for a list."""


class Stage(StrEnum):
    """What an attribute can be required for: to ``CREATE`` a ticket, to ``ASSIGN`` it, or to ``SOLVE`` it."""

    CREATE = "create"
    ASSIGN = "assign"
    SOLVE = "solve"


class Audience(StrEnum):
    """Who looks at a ticket: its ``CUSTOMER``, or an ``AGENT``; bots and rules are like agents."""

    CUSTOMER = "customer"
    AGENT = "agent"


class Visibility(StrEnum):
    """Who sees something: ``INTERNAL``, agents only; ``PUBLIC``, the customer too."""

    INTERNAL = "internal"
    PUBLIC = "public"


def _kind(value: AttributeKind | str) -> AttributeKind:
    return as_member(AttributeKind, value)


def _visibility(value: Visibility | str) -> Visibility:
    return as_member(Visibility, value)


def _stages(value: Iterable[Stage | str]) -> tuple[Stage, ...]:
    items = as_tuple(value)
    return tuple(as_member(Stage, item) for item in items) if isinstance(items, tuple) else items


def _are_stages(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    names(owner, attribute, value)
    for i, stage in enumerate(as_tuple(value)):  # type: ignore[arg-type]  # names has looked at it
        if not isinstance(stage, Stage):
            known = ", ".join(Stage)
            raise InvalidInput(
                f"{type(owner).__name__}.{attribute.name}[{i}]", f"must be one of {known}, not {stage!r}"
            )


def _when(value: Mapping[str, object] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Conditions as pairs; in a mapping a name may have several values."""
    if not isinstance(value, Mapping):
        return as_pairs(value)
    pairs: list[tuple[str, Any]] = []
    for name, wanted in value.items():
        pairs += [(name, item) for item in (wanted if isinstance(wanted, list | tuple) else (wanted,))]
    return as_pairs(pairs)


@attrs.frozen
class Attribute:
    """Something that tickets of a type can have, by its ``id``, of a ``kind``.

    ``labels`` are what agents call it and ``customer_labels`` what its customer reads, each by locale; ``visibility``
    says whether they see it at all.  ``options`` are what a list may hold; without them it holds free texts.
    ``required`` are the stages that a ticket does not reach without it by an agent, a bot, a rule or a timer;
    ``customer_required`` those that it does not reach by its customer.  What a customer writes is never refused: of a
    ticket that they open, what it lacks is data.

    ``when`` are pairs of another attribute of the type and a value of it, or a mapping of such: this one is shown
    while each attribute that is named has one of the values that are given for it, and what is hidden is not required.

    Raises ``InvalidInput`` naming the field.
    """

    id: str = attrs.field(validator=is_name)
    kind: AttributeKind = attrs.field(default=AttributeKind.STRING, converter=_kind, validator=member(AttributeKind))
    labels: Labels = attrs.field(default=(), converter=as_labels, validator=is_labels)
    customer_labels: Labels = attrs.field(default=(), converter=as_labels, validator=is_labels)
    visibility: Visibility = attrs.field(
        default=Visibility.INTERNAL, converter=_visibility, validator=member(Visibility)
    )
    options: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, validator=names)
    required: tuple[Stage, ...] = attrs.field(default=(), converter=_stages, validator=_are_stages)
    customer_required: tuple[Stage, ...] = attrs.field(default=(), converter=_stages, validator=_are_stages)
    when: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_when, validator=texts)

    def __attrs_post_init__(self) -> None:
        if self.options and self.kind is not AttributeKind.LIST:
            raise InvalidInput("Attribute.options", f"are for a list, not for {self.kind}")
        if self.visibility is Visibility.PUBLIC and not self.customer_labels:
            raise InvalidInput("Attribute.customer_labels", "must say what customers call what they see")
        if self.customer_required and self.visibility is not Visibility.PUBLIC:
            raise InvalidInput("Attribute.customer_required", "is demanded of customers, who do not see it")

    @property
    def value_kind(self) -> AttributeKind:
        """The kind of its single values: a list without options holds strings."""
        return AttributeKind.STRING if self.kind is AttributeKind.LIST and not self.options else self.kind

    @property
    def is_words(self) -> bool:
        """Whether its values are words, kept as Text records."""
        return self.value_kind is AttributeKind.STRING

    def label(self, locale: str = "en") -> str:
        """What agents call it."""
        return worded(self.labels, locale, self.id)

    def customer_label(self, locale: str = "en") -> str:
        """What the customer reads; the empty text of what they do not see."""
        return worded(self.customer_labels, locale, "")

    def sees(self, audience: Audience) -> bool:
        """Whether the audience may see it, when it is shown."""
        return audience is Audience.AGENT or self.visibility is Visibility.PUBLIC

    def demanded(self, stage: Stage, audience: Audience) -> bool:
        """Whether the audience does not reach the stage without it, while it is shown."""
        return stage in (self.required if audience is Audience.AGENT else self.customer_required)


def texts_given(attribute: Attribute, given: object, field: str) -> tuple[str, ...]:
    """What is given for an attribute, as texts: the words of one of words, and else ``plain_text``.

    ``InvalidInput`` for ``field`` when it is no value of the attribute.

    >>> texts_given(Attribute("size", "list", options=["s", "m"]), ["m"], "size")
    ('m',)
    """
    several = attribute.kind is AttributeKind.LIST and not isinstance(given, str)
    if not several:
        return (_text_given(attribute, given, field),)
    if not isinstance(given, list | tuple | set | frozenset) or not given:
        raise InvalidInput(field, f"must be one or several texts, not {given!r}")
    items = sorted(given) if isinstance(given, set | frozenset) else list(given)
    found = [_text_given(attribute, item, f"{field}[{i}]") for i, item in enumerate(items)]
    if len(set(found)) < len(found):
        raise InvalidInput(field, "says the same twice")
    return tuple(found)


def _text_given(attribute: Attribute, given: object, field: str) -> str:
    if not attribute.is_words and attribute.kind is not AttributeKind.LIST:
        return plain_text(attribute.kind, given, field)
    check_name(given, field) if attribute.options else _check_words(given, field)
    assert isinstance(given, str)
    if attribute.options and given not in attribute.options:
        raise InvalidInput(field, f"is none of its options: {given!r}{meant(given, attribute.options)}")
    return given


def _check_words(given: object, field: str) -> None:
    if not isinstance(given, str) or not given.strip():
        raise InvalidInput(field, f"must be a text that says something, not {given!r}")
    check_words(given, field)


def check_attributes(attributes: tuple[Attribute, ...], path: str) -> None:
    """Refuse attributes of one type that do not fit together; ``InvalidInput`` names one under ``path``.

    No id stands twice.  A condition names an attribute that stands above, has plain values, and is seen by all who see
    what depends on it; and the values that it asks for are such as that attribute has.
    """
    known: dict[str, Attribute] = {}
    for i, attribute in enumerate(attributes):
        field = f"{path}[{i}]"
        if attribute.id in known:
            raise InvalidInput(f"{field}.id", f"{attribute.id!r} is declared twice")
        for name, value in attribute.when:
            _check_condition(attribute, known.get(name), name, value, f"{field}.when", known)
        known[attribute.id] = attribute


def _check_condition(
    shown: Attribute, asked: Attribute | None, name: str, value: str, field: str, above: Iterable[str]
) -> None:
    if asked is None:
        raise InvalidInput(field, f"no attribute {name!r} is declared above{meant(name, above)}")
    if asked.is_words:
        raise InvalidInput(field, f"asks for the words of {name!r}, which no rule looks at")
    if shown.visibility is Visibility.PUBLIC and asked.visibility is not Visibility.PUBLIC:
        raise InvalidInput(field, f"would tell the customer about {name!r}, which is internal")
    (text,) = texts_given(asked, value, field)
    if text != value:
        raise InvalidInput(field, f"must ask {name!r} for {text!r}, not {value!r}")


def as_given(value: Mapping[str, object] | Iterable[tuple[str, object]]) -> tuple[tuple[str, Any], ...]:
    """An attrs converter: what is given for attributes, by id, as sorted pairs; lists become tuples."""
    pairs = as_tuple(value.items() if isinstance(value, Mapping) else value)
    try:
        found = [(name, tuple(item) if isinstance(item, list) else item) for name, item in pairs]
        return tuple(sorted(found, key=lambda pair: pair[0]))
    except (TypeError, ValueError):
        return pairs


def are_given(owner: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    """An attrs validator: pairs of an id and what is given for it, each id once; None takes the values away.

    ``InvalidInput`` otherwise, naming the attribute.
    """
    path = f"{type(owner).__name__}.{attribute.name}"
    if not isinstance(value, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in value):
        raise InvalidInput(path, "must be a mapping of attributes to values")
    names(owner, attribute, tuple(pair[0] for pair in value))
    for name, given in value:
        if given is not None and not isinstance(given, str | int | Decimal | datetime | Blob | tuple | set | frozenset):
            raise InvalidInput(f"{path}[{name!r}]", f"is no value of an attribute: {type(given).__name__}")
