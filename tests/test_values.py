"""Values that are quick to make are those that attrs would make."""

import inspect
import pickle

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketcore import InvalidInput
from ticketcore.checks import is_name
from ticketcore.model.values import making, quick, replaced, replacing


def checked(owner, attribute, value):
    if not isinstance(value, int):
        raise InvalidInput(f"{type(owner).__name__}.{attribute.name}", "is no number")


@attrs.frozen
class Usual:
    """Every kind of field that there is."""

    name: str = attrs.field(validator=is_name)
    parts: tuple[int, ...] = attrs.field(converter=tuple)
    kind: int = attrs.field(default=3, validator=checked)
    known: list[int] = attrs.field(factory=list)
    draft: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self):
        if self.kind == 7:
            raise InvalidInput("kind", "is seven")


@quick
@attrs.frozen
class Quick(Usual):
    """The same."""


def outcome(make, arguments, keywords):
    try:
        return attrs.astuple(make(*arguments, **keywords))
    except (InvalidInput, TypeError) as error:
        return type(error), str(error).replace("Quick", "Usual")


anything = st.one_of(st.text(max_size=3), st.integers(0, 9), st.lists(st.integers(0, 3), max_size=3), st.none())


@given(
    st.lists(anything, max_size=5),
    st.dictionaries(st.sampled_from(["name", "parts", "kind", "known", "draft", "other"]), anything, max_size=3),
)
def test_a_quick_class_takes_and_refuses_what_the_usual_one_does(arguments, keywords):
    expected = outcome(Usual, arguments, keywords)
    assert outcome(Quick, arguments, keywords) == expected
    made = outcome(making(Quick), arguments, keywords)
    assert made == expected or made[0] is expected[0] is TypeError  # what makes it is a function, and has no self


def test_a_quick_value_is_frozen_and_of_its_class():
    for one in (Quick("a", [1]), making(Quick)("a", [1])):
        assert type(one) is Quick
        for change in (lambda one=one: setattr(one, "kind", 4), lambda one=one: delattr(one, "kind")):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                change()
        assert one == Quick("a", [1]) != Quick("a", [2])
        assert repr(one) == "Quick(name='a', parts=(1,), kind=3, known=[], draft='')"
        assert pickle.loads(pickle.dumps(one)) == one
        assert attrs.evolve(one, kind=5).kind == 5
    assert inspect.signature(Quick) == inspect.signature(Usual)
    assert Quick("a", [1]).known is not Quick("a", [1]).known


def test_a_class_derived_from_a_quick_one_has_values_of_its_own():
    class Plain(Quick):
        pass

    @attrs.frozen
    class More(Quick):
        more: int = 0

    assert type(Plain("a", [1], draft="d")) is Plain
    assert Plain("a", [1], draft="d").draft == "d"
    assert (type(More("a", [], more=2)), More("a", [], more=2).more) == (More, 2)


def test_the_next_value_has_what_changed_and_the_rest():
    one = attrs.make_class("Point", ["x", "y"], frozen=True)(1, 2)
    assert replaced(one, y=5) == replacing(type(one), "y")(one, 5) == attrs.evolve(one, y=5)
    assert replaced(one) == one
    with pytest.raises(TypeError, match="Point has no z"):
        replaced(one, z=1)
