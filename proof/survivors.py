"""The mutants that no test notices, kept with their reasons in ``survivors.toml``, against those that survived now."""

import tomllib
from collections.abc import Collection, Iterator, Mapping

import attrs

from proof.mutants import Key, Mutant


@attrs.frozen
class _Entry:
    reason: str = attrs.field(
        validator=attrs.validators.and_(attrs.validators.instance_of(str), attrs.validators.min_len(1))
    )
    module: str = attrs.field(validator=attrs.validators.instance_of(str))
    function: str = attrs.field(validator=attrs.validators.instance_of(str))
    line: str = attrs.field(validator=attrs.validators.instance_of(str))
    becomes: str = attrs.field(validator=attrs.validators.instance_of(str))
    nth: int = attrs.field(default=1, validator=attrs.validators.instance_of(int))


def reasons(text: str) -> dict[Key, str]:
    """Why each survivor that is known is no fault of the tests; raises when an entry is not whole or comes twice."""
    found = [_Entry(**entry) for entry in tomllib.loads(text)["survivor"]]
    known = {Key(one.module, one.function, one.line, one.becomes, one.nth): one.reason for one in found}
    if len(known) < len(found):
        raise ValueError("a survivor is listed twice")
    return known


def faults(made: Collection[Mutant], survived: Collection[Mutant], known: Mapping[Key, str]) -> Iterator[str]:
    """What the list does not say, or says and is not so."""
    for mutant in survived:
        if mutant.key not in known:
            yield f"survived, and is not listed:\n{shown(mutant)}"
    exist, are = {mutant.key for mutant in made}, {mutant.key for mutant in survived}
    for key in known:
        if key not in exist:
            yield f"listed, but there is no such mutant: {key}"
        elif key not in are:
            yield f"listed, but it was killed: {key}"


def shown(mutant: Mutant) -> str:
    """The mutant as a person reads it.

    >>> print(shown(Mutant(Key("routing", "route", "if a:", "if not (a):"), 7, b"")))
    routing:7 in route
        - if a:
        + if not (a):
    """
    key = mutant.key
    nth = f", nth = {key.nth}" if key.nth > 1 else ""
    return f"{key.module}:{mutant.number} in {key.function}{nth}\n    - {key.line}\n    + {key.becomes}"
