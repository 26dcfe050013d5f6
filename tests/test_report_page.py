"""The page of a report: whole, safe, self-contained, bounded, the same each time, and fit to be read by anybody."""

import re
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import matplotlib
import pytest
from desks import AT, desk, opened
from report_desks import busy, wide

from ticketcore import Actor, AgentProfile
from ticketcore.commands import AddAgent, LinkAlias, Note, Reply
from ticketcore.model import Filter, MessageKind, Queue, Verdict
from ticketcore.report import OpenTickets, gather
from ticketcore.report.charts import open_chart
from ticketcore.report.page import render
from ticketcore.report.svg import SIZES
from ticketcore.report.wording import _KEPT_FROM, MAX_SHOWN, in_words
from ticketcore.stores import MemoryStore

MAX_SIZE = 1_000_000
ROOT = Path(__file__).parents[1]
VOID = {"meta", "br", "hr", "img", "link", "input"}
HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "an attribute": "\" onmouseover='alert(1)' x=\"",
    "an end of the style": "</style></title><img src=x onerror=alert(1)>",
    "a template": "{{ 7 * 7 }}{% raw %}",
    "an entity": "&lt;b&gt; &amp; &#x3c;",
    "Chinese": "退款 · 戒指壞了",
    "Arabic": "استفسار عن الطلب",
    "emoji": "👩🏽‍🔧🇩🇪🐢",
    "marks of direction": "abc\u202edcba\u2066",
    "mathematics": "$x^2$ \\alpha",
}


class Page(HTMLParser):
    """A page as a browser reads it: its elements with what they carry, and the words that are shown."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.words, self.unbalanced, self.path = [], [], [], []
        self.feed(html)
        self.close()
        self.unbalanced += self.path

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.path.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if self.path and self.path[-1] == tag:
            self.path.pop()
        else:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        if "style" not in self.path:
            self.words.append(data)

    @property
    def text(self):
        """All that is shown, with the white space of a line."""
        return " ".join("".join(self.words).split())

    def all(self, tag):
        """What the elements of a tag carry."""
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(store, at=AT, tenant="acme", rejected=()):
    return render(gather(store, tenant, at, rejected))


@pytest.fixture(scope="module")
def ordinary():
    store = MemoryStore()
    _, at = busy(store)
    return page_of(store, at, rejected=[("a.mbox", 3, "from", "is missing")] * 60)


def test_a_page_says_what_the_figures_say(ordinary):
    text = Page(ordinary).text
    for words in ("tickets 24", "Front desk", "and 10 more", "a.mbox, line 3", "Jain", "pending or on hold", "UTC"):
        assert words in text, words


def test_a_page_is_well_formed(ordinary):
    page = Page(ordinary)
    assert not page.unbalanced
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert set(ids.values()) == {1}
    named = [id for _, attributes in page.elements for id in attributes.get("aria-labelledby", "").split()]
    named += re.findall(r"url\(#([^)]*)\)", ordinary)
    named += [attributes["href"][1:] for _, attributes in page.elements if "href" in attributes]
    assert set(named) <= set(ids)


@pytest.mark.parametrize("figure", ["empty", "one", "ordinary", "wide"])
def test_a_page_loads_and_runs_nothing(figure, ordinary):
    html = {"ordinary": lambda: ordinary, "empty": empty, "one": one, "wide": lambda: wide_page(40)}[figure]()
    assert outside(html) == []


def outside(html):
    """What a page would load, run or open."""
    page = Page(html)
    found = [
        tag for tag, _ in page.elements if tag in ("script", "link", "img", "iframe", "object", "embed", "a", "form")
    ]
    for tag, attributes in page.elements:
        found += [f"{tag} {name}" for name in attributes if name.startswith("on") or name in ("src", "srcset", "xmlns")]
        found += [
            f"{tag} {value}" for name, value in attributes.items() if "href" in name and not value.startswith("#")
        ]
    found += re.findall(r"url\((?!#)[^)]*\)|@import[^;]*|@font-face", html)
    return found + re.findall(r"https?:[^\s\"<]*", html)


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        "<p onclick=f()>",
        "<img src=data:,>",
        "<a href=//elsewhere>",
        "<use href='x.svg#a'/>",
        "<style>@import 'x.css';</style>",
        "<style>p{background:url(x.png)}</style>",
        "<svg xmlns='http://elsewhere'/>",
    ],
)
def test_what_loads_or_runs_would_be_seen(html):
    assert outside(html)


def empty():
    return page_of(MemoryStore())


def one():
    made = desk("ana")
    opened(made)
    return page_of(made.store)


def test_a_page_of_nothing():
    text = Page(empty()).text
    assert "Nothing has happened yet" in text
    assert "There are no tickets" in text
    assert "nan" not in text.lower()


def test_a_page_of_one_ticket():
    text = Page(one()).text
    assert "ticket 1 customer 1 open now 1" in text
    assert "No ticket waits for an agent" in text


def named(name):
    """A page on which everything that a person can name is called ``name``."""
    made = desk(AgentProfile("ana", name, skills={name: 1}), tenant=name, queues=[Queue("support", name=name)])
    opened(made, channel=name, tags=[name])
    made.handle(AddAgent(AgentProfile(name), Actor.rule("manager")), AT)
    return page_of(made.store, tenant=name, rejected=[(name, 1, name, name)])


@pytest.fixture(scope="module")
def harmless():
    return Page(named("xyzzy"))


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_name_is_shown_as_it_is_and_does_nothing(name, harmless):
    html = named(name)
    page = Page(html)
    assert outside(html) == []
    assert not page.unbalanced
    assert page.text.count(" ".join(name.split())) == harmless.text.count("xyzzy") >= 9
    assert [(tag, list(held)) for tag, held in page.elements] == [(tag, list(held)) for tag, held in harmless.elements]


def test_what_a_page_cannot_hold_is_replaced():
    rejected = [("a\udcff\x00\x1b.mbox", 1, "text", "is\ud800\r\n" + "long" * 500)]
    html = page_of(MemoryStore(), rejected=rejected)
    assert "a\ufffd\ufffd\ufffd.mbox" in Page(html.encode().decode()).text
    assert "long" * 500 not in html
    assert "…" in html


def wide_page(number, name="{kind} {number}"):
    store = MemoryStore()
    wide(store, tickets=number, tags=number, name=name)
    return page_of(store, rejected=[("s" * 5000, 1, "f" * 5000, "r" * 5000)] * 1000)


@pytest.mark.parametrize("pad", ["x", "<", "\U0001f422"], ids=["letters", "escaped", "four bytes"])
def test_a_page_is_bounded_whatever_the_names(pad):
    html = wide_page(100, pad * 900 + "{kind} {number}")
    assert len(html.encode()) < MAX_SIZE
    assert pad * (MAX_SHOWN + 1) not in html.replace("&lt;", "<")


@pytest.mark.slow
def test_a_page_of_ten_thousand_tags_is_as_small():
    html = wide_page(10_000)
    assert len(html.encode()) < MAX_SIZE
    assert "and 9,988 more tags" in Page(html).text


def test_the_same_figures_give_the_same_page_whatever_the_host_has_set(ordinary):
    store = MemoryStore()
    _, at = busy(store)
    figures = gather(store, "acme", at, [("a.mbox", 3, "from", "is missing")] * 60)
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "path", "axes.grid": False}):
        assert render(figures) == ordinary
        assert matplotlib.rcParams["font.size"] == 30


@pytest.mark.slow
def test_the_same_figures_give_the_same_page_in_any_process(ordinary):
    code = (
        "import sys; sys.path.insert(0, 'tests'); from report_desks import busy\n"
        "from ticketcore.report import gather; from ticketcore.report.page import render\n"
        "from ticketcore.stores import MemoryStore; store = MemoryStore(); _, at = busy(store)\n"
        "figures = gather(store, 'acme', at, [('a.mbox', 3, 'from', 'is missing')] * 60)\n"
        "sys.stdout.buffer.write(render(figures).encode())"
    )
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "PATH": ""}
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=environment)
        assert run.stdout.decode() == ordinary


def test_no_words_and_no_address_of_a_customer_are_in_a_page():
    made = desk("ana")
    secret = {"text": "Zyxw the words", "subject": "Zyxw the subject", "sender_name": "Zyxw the name"}
    ticket = opened(made, sender="zyxw@example.org", attributes={"order": "Zyxw 7"}, **secret)
    made.handle(Reply(ticket.id, Actor.agent("ana"), "Zyxw the answer"), AT)
    made.handle(Note(ticket.id, Actor.agent("ana"), "Zyxw the note"), AT)
    made.handle(LinkAlias(ticket.contact, "email", "zyxw@example.com", Actor.agent("ana")), AT)
    assert "zyxw" not in page_of(made.store).lower()


def test_pictures_can_be_searched_and_read_out(ordinary):
    page = Page(ordinary)
    pictures = page.all("svg")
    assert len(pictures) == 4
    assert all(picture["role"] == "img" and picture["aria-labelledby"] for picture in pictures)
    for words in ("Open tickets over time", "no agent yet", "first answer", "90%"):
        assert words in page.text
    assert len(page.all("desc")) == len(pictures)


def test_tables_name_their_rows_and_columns(ordinary):
    page = Page(ordinary)
    assert all(attributes.get("scope") in ("row", "col") for attributes in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))


def test_the_colours_of_text_can_be_told_from_the_paper():
    sheet = (files("ticketcore.report") / "page.css").read_text(encoding="utf-8")
    themes = re.findall(r":root \{([^}]*)\}", sheet)
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--([\w-]+): (#\w{6})", theme))
        for paper in ("paper", "card"):
            assert contrast(colours["ink"], colours[paper]) >= 7
            assert contrast(colours["soft"], colours[paper]) >= 4.5
        for mark in ("bar", "band-0", "band-1", "band-2"):
            assert contrast(colours["ink"], colours[mark]) >= 2.5  # what outlines and hatches it


def contrast(one, other):
    """The ratio of WCAG 2.2 (success criterion 1.4.3)."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_everything_that_can_be_counted_has_words():
    assert set(_KEPT_FROM) == set(Filter)
    assert all(in_words(value) for value in (*MessageKind, *Verdict))


@pytest.mark.parametrize("days", [15, 33, 50])
@pytest.mark.parametrize("size", SIZES)
def test_the_dates_below_some_weeks_are_a_few_mondays_evenly_apart(days, size):
    start = datetime(2026, 3, 11, 7, tzinfo=ZoneInfo("Europe/Berlin"))
    svg = open_chart(OpenTickets(start, timedelta(days=1), ((0, 0, 0), *[(1, 2, 3)] * days)), size)
    shown = [date.fromisoformat(f"2026-{found}") for found in re.findall(r">(\d\d-\d\d)<", svg)]
    assert 1 <= len(shown) <= {"wide": 8, "narrow": 4}[size]
    assert {day.weekday() for day in shown} == {0}
    assert len({after - before for before, after in pairwise(shown)}) <= 1


MINUTES = (
    2,
    35,
    90,
    118,
    119,
    24 * 60,
    37 * 60,
    47 * 60,
    48 * 60,
    15 * 1440,
    61 * 1440,
    600 * 1440,
    729 * 1440,
    9000 * 1440,
)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("minutes", MINUTES)
def test_a_course_of_any_length_is_drawn_with_a_few_dates_and_no_warning(minutes, size):
    step = timedelta(minutes=minutes) / 2
    drawn = open_chart(OpenTickets(AT, step, ((0, 0, 0), (1, 0, 0), (0, 1, 0))), size)
    below = drawn[drawn.index("matplotlib.axis_1") : drawn.index("matplotlib.axis_2")]
    assert 2 <= len(re.findall(r"<text", below)) <= 10
