"""The page of a comparison: what it shows is what was found, and it is whole, safe and the same each time."""

from collections import Counter
from datetime import timedelta

import attrs
import pytest
from test_report_page import HOSTILE, Page, outside
from test_sweeping import COMPARED, EVENING, MINUTE, TWO

from ticketcore.engine import AgentFacts, LongestIdle
from ticketcore.model import WorkShift
from ticketcore.report.laboratory import render_comparison
from ticketcore.sim.arrivals import Poisson, Trace
from ticketcore.sim.comparing import Compared, Lost, compare, told
from ticketcore.sim.extents import SteadyState
from ticketcore.sim.journeys import Bot, Touches
from ticketcore.sim.laws import Exponential
from ticketcore.sim.scenario import Group, Scenario, TicketClass
from ticketcore.sim.sweeping import Candidate

PAGE = render_comparison(COMPARED)


def test_the_page_shows_what_was_found():
    text = Page(PAGE).text
    for figure in ("service_level", "abandonment", "wait", "p95_wait", "evenness"):
        for estimate in COMPARED.estimates(figure).values():
            assert told(estimate) in text, figure
    for words in ("3 policies, 5 replications", "seed 3", "C last first", "1 chat", "2 mail", "chats", "at 95%"):
        assert words in text, words
    headings = (
        "Differences",
        "Queue over time",
        "Wait over time",
        "Who waited long",
        "By class",
        "How busy agents were",
    )
    for heading in (*headings, "What is not beaten", "Warm-up", "Who was given what"):
        assert heading in text, heading


def test_service_levels_stand_by_definition_and_what_came_again_apart():
    chats, mails = TWO.classes
    touched = attrs.evolve(mails, touches=Touches(Exponential(MINUTE), again=0.5))
    bot = attrs.evolve(chats, bot=Bot(0.5, Exponential(MINUTE)))
    compared = compare(attrs.evolve(TWO, classes=[bot, touched]), EVENING, [LongestIdle()], 2)
    text = Page(render_comparison(compared)).text
    for words in ("By definition of the service level", "Of what came again", "mail.later.wait", "by bot"):
        assert (words in text, words in Page(PAGE).text) == (True, "definition" in words), words
    for figure in ("service_level_of_served", "service_level_ended", "mail.later.wait"):
        assert told(compared.estimates(figure)["longest_idle"]) in text, figure


def test_what_was_lost_is_said_and_is_text():
    script = HOSTILE["a script"]
    lost = tuple(Lost(script, number, f"RuntimeError: {script}") for number in range(12))
    page = render_comparison(attrs.evolve(COMPARED, lost=lost))
    assert "12 paths were lost." in page
    assert "and 2 more" in page
    assert len(Page(page).all("script")) == 0
    assert outside(page) == []
    assert "lost" not in Page(PAGE).text


def test_what_is_best_is_bold():
    page = PAGE.replace(" ", "")
    for figure in ("wait", "abandonment"):
        for name, estimate in COMPARED.estimates(figure).items():
            shown = told(estimate).replace(" ", "")
            assert (f"<b>{shown}</b>" in page) == (name in COMPARED.best(figure))


def test_the_page_is_whole_and_loads_nothing():
    page = Page(PAGE)
    assert not page.unbalanced
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert set(ids.values()) == {1}
    assert len(page.all("svg")) == 16
    assert outside(PAGE) == []
    assert render_comparison(COMPARED) == PAGE
    assert len(PAGE) < 1_000_000


def renamed(words):
    """The comparison with every name that a person gave replaced."""
    outcomes = {
        f"{words} {name}": tuple(
            attrs.evolve(
                outcome, taken=tuple((f"{words} {group}", f"{words} {item}", n) for group, item, n in outcome.taken)
            )
            for outcome in some
        )
        for name, some in list(COMPARED.outcomes.items())[:2]
    }
    return Compared(words, 3, outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["an attribute", "a template", "mathematics"])
def test_names_are_text(kind):
    html = render_comparison(renamed(HOSTILE[kind]))
    page = Page(html)
    assert outside(html) == []
    assert not page.unbalanced
    assert "$x^2$" not in "".join(part.split("</svg>")[0] for part in html.split("<svg")[1:])


@pytest.mark.parametrize(
    "case", ["one policy", "nobody served", "steady state", pytest.param("many policies", marks=pytest.mark.slow)]
)
def test_a_page_of_little_or_much(case):
    calls = TicketClass("calls", Poisson(60), Exponential(MINUTE))
    if case == "one policy":
        compared = compare(TWO, EVENING, [LongestIdle()], 1)
        absent = ("Differences", "What is not beaten")
    elif case == "nobody served":
        calls = TicketClass("calls", Trace([timedelta(minutes=119.9)]), Exponential(MINUTE))
        compared = compare(
            Scenario([calls], [Group(AgentFacts("a"), shifts=[WorkShift("night", "22:00", "23:00", "UTC")])]),
            attrs.evolve(EVENING, finish=False),
            [LongestIdle()],
            2,
        )
        absent = ("Who waited long",)
    elif case == "steady state":
        compared = compare(
            Scenario([calls], [Group(AgentFacts("a", capacity=2))]), SteadyState(80, 20), [LongestIdle()], 2
        )
        absent = ("By class",)
    else:
        many = [Candidate(f"p{number}", LongestIdle()) for number in range(30)]
        compared = compare(Scenario([calls], [Group(AgentFacts("a", capacity=2))]), SteadyState(30), many, 2)
        absent = ("By class",)
    page = Page(render_comparison(compared))
    assert not page.unbalanced
    assert not [words for words in absent if words in page.text]
