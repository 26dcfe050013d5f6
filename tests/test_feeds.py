"""Feeds of every kind: found out from the file, merged in the order of time, and never an exception."""

import gzip
import json
import os
import tracemalloc
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import OURS, mail

from bench import streams_to_facts
from ticketcore import InvalidInput
from ticketcore.feeds import (
    AnsweredMessage,
    FeedSettings,
    JsonLines,
    Maildir,
    MailFiles,
    Mbox,
    MessageFact,
    NoteFact,
    PresenceFact,
    Rejection,
    Remark,
    ReplyFact,
    ThreadOf,
    TicketNumber,
    Unreadable,
    WhatsAppChat,
    expected,
    merge,
    opened,
)
from ticketcore.feeds.chats import MAX_FILE
from ticketcore.feeds.observed import Observed
from ticketcore.feeds.whatsapp import DateOrder
from ticketcore.model.message import File

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
ROW = {"at": "2026-03-02T09:00:00+01:00", "fact": "presence", "agent": "ana", "presence": "away"}
MAIL = mail(Date="Mon, 2 Mar 2026 08:00:00 +0000")
BERLIN = ZoneInfo("Europe/Berlin")
SETTINGS = FeedSettings([OURS], OURS, BERLIN, "Blender Shop")
CHAT = """\
25.11.24, 09:02 - Messages and calls are end-to-end encrypted. Only people in this chat can read them.
25.11.24, 09:02 - Blender Shop: Good morning
25.11.24, 09:03 - Kim: Hello,
the blender does not start
25.11.24, 09:04 - Kim: IMG-1.jpg (file attached)
this is the plug
25.11.24, 09:05 - Kim: This message was deleted
25.11.24, 09:10 - Blender Shop: Which one is it?
"""


class Told:
    """A feed of these items."""

    def __init__(self, *items):
        self.name = "told"
        self.items = items

    def facts(self):
        return iter(self.items)


def note(second, source="a", line=None):
    return NoteFact(source, line, AT + timedelta(seconds=second), TicketNumber(1), "x")


def items(feed):
    return list(feed.facts())


# Merging.


@st.composite
def feeds(draw):
    told = []
    for number in range(draw(st.integers(0, 4))):
        seconds = sorted(draw(st.lists(st.integers(0, 5), max_size=6)))
        row = [note(second, f"feed {number}", line) for line, second in enumerate(seconds)]
        for place in draw(st.lists(st.integers(0, 6), max_size=2)):
            row.insert(place, draw(st.sampled_from([Rejection, Remark]))(f"feed {number}", place, "x", "y"))
        told.append(Told(*row))
    return told


@given(feeds())
def test_merged_facts_are_all_and_in_order_and_those_of_a_feed_stay_in_theirs(given):
    merged = list(merge(given))
    facts = [item for item in merged if isinstance(item, Observed)]
    everything = [(item, number) for number, feed in enumerate(given) for item in feed.items]
    expected = sorted(
        (pair for pair in everything if isinstance(pair[0], Observed)), key=lambda pair: (pair[0].at, pair[1])
    )
    assert facts == [fact for fact, _ in expected]
    for feed in given:
        assert [item for item in merged if item in feed.items] == list(feed.items), "also what is no fact"
    assert len(merged) == len(everything)
    assert list(merge(given)) == merged


def test_what_is_no_fact_is_told_before_the_fact_that_follows_it():
    rejection = Rejection("b", 1, "line", "x")
    assert list(merge([Told(note(1)), Told(rejection, note(0, "b"))])) == [rejection, note(0, "b"), note(1)]
    late = Told(note(0, "b"), rejection)
    assert list(merge([Told(note(1), note(2)), late])) == [note(0, "b"), rejection, note(1), note(2)]


def test_merging_holds_one_fact_of_each_feed():
    class Endless:
        name = "endless"
        told = 0

        def facts(self):
            for self.told in range(1, 10**9):
                yield note(self.told)

    one, two = Endless(), Endless()
    merged = merge([one, two])
    for _ in range(10):
        next(merged)
    assert one.told + two.told <= 12


# Finding out what a file is.


def packed(content):
    return gzip.compress(content if isinstance(content, bytes) else content.encode(), mtime=0)


FROM_LINE = b"From kim@x.example Mon Mar  2 08:00:00 2026\n"
LINE = json.dumps(ROW).encode() + b"\n"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.jsonl", LINE, JsonLines),
        ("a.NDJSON", b"", JsonLines),
        ("a", b"\xef\xbb\xbf\n \r\n" + LINE, JsonLines),
        ("a.jsonl.gz", packed(LINE), JsonLines),
        ("a", packed(LINE), JsonLines),
        ("a.mbox", b"", Mbox),
        ("inbox", FROM_LINE + MAIL, Mbox),
        ("inbox.gz", packed(FROM_LINE + MAIL), Mbox),
        ("a.eml", MAIL, MailFiles),
        ("a.eml", FROM_LINE + MAIL, MailFiles),
        ("a.eml", b"{}", MailFiles),
        ("WhatsApp Chat with Kim.txt", CHAT.encode(), WhatsAppChat),
        ("_chat.txt", "\ufeff\u200e[25.11.24, 09:02:11] Kim: Hello\n".encode(), WhatsAppChat),
        ("a.txt", b"From me to you\n", Mbox),
    ],
)
def test_what_a_file_is(tmp_path, name, content, kind):
    (tmp_path / name).write_bytes(content)
    feed = opened(tmp_path / name, SETTINGS)
    assert isinstance(feed, kind)
    assert feed.name == str(tmp_path / name)
    assert items(feed) == items(feed)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"Dear diary,\n", "is not JSON lines, an mbox, a mail that ends in .eml, or a WhatsApp chat"),
        ("a", b"Dear diary,\n", "is not JSON lines"),
        ("a", b"", "is empty"),
        ("a.gz", b"\x1f\x8b" + b"x" * 30, ""),
        ("a.gz", packed("x" * 50_000)[:40], "is not JSON lines"),
        ("a.eml.gz", packed(MAIL), "is not JSON lines"),
        ("a.txt.gz", packed(CHAT), "is not JSON lines"),
    ],
)
def test_what_no_feed_is(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    [rejection] = items(opened(tmp_path / name, SETTINGS))
    assert (rejection.source, rejection.line, rejection.field) == (str(tmp_path / name), None, "file")
    assert reason in rejection.reason


def test_what_a_folder_is(tmp_path):
    for name in ("cur", "new", "tmp"):
        assert isinstance(opened(tmp_path, SETTINGS), MailFiles)
        (tmp_path / name).mkdir()
    assert isinstance(opened(str(tmp_path), SETTINGS), Maildir)


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("a.mbox", FROM_LINE, "addresses"),
        ("a.eml", MAIL, "addresses"),
        ("folder", None, "addresses"),
        ("a.txt", CHAT.encode(), "zone"),
    ],
)
def test_a_setting_that_is_missing_is_named(tmp_path, name, content, field):
    path = tmp_path / name
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    [rejection] = items(opened(path, FeedSettings()))
    assert (rejection.source, rejection.field) == (str(path), field)
    assert isinstance(opened(path, FeedSettings()), Unreadable)


def test_settings_are_checked():
    with pytest.raises(InvalidInput, match=r"^FeedSettings.addresses\[0\]: must be an address"):
        FeedSettings(["nobody"])
    with pytest.raises(InvalidInput, match=r"^FeedSettings.zone: must be"):
        FeedSettings(zone="Europe/Berlin")
    assert FeedSettings([OURS, "b@shop.example"], "b@shop.example").channel.account == "b@shop.example"
    assert FeedSettings([OURS], "Blender Shop").channel.account == OURS


# Files that cannot be read.


OPENERS = {
    "opened": lambda path: opened(path, SETTINGS),
    "lines": JsonLines,
    "mbox": lambda path: Mbox(path, SETTINGS.channel),
    "maildir": lambda path: Maildir(path, SETTINGS.channel),
    "mail": lambda path: MailFiles(path, SETTINGS.channel),
    "chat": lambda path: WhatsAppChat(path, BERLIN, "Blender Shop", "shop"),
}
by_each_opener = pytest.mark.parametrize("opener", OPENERS.values(), ids=OPENERS)


@by_each_opener
def test_a_file_that_is_not_there_is_one_rejection(tmp_path, opener):
    gone = tmp_path / "gone.eml"
    [rejection] = items(opener(gone))
    assert rejection == Rejection(str(gone), None, "file", "No such file or directory")


@by_each_opener
def test_a_pipe_is_not_waited_for(tmp_path, opener):
    os.mkfifo(tmp_path / "pipe")
    [rejection] = items(opener(tmp_path / "pipe"))
    assert (rejection.source, rejection.line, rejection.field) == (str(tmp_path / "pipe"), None, "file")


@by_each_opener
def test_a_file_that_may_not_be_read_is_one_rejection(tmp_path, opener):
    path = tmp_path / "secret"
    path.write_bytes(b"x")
    path.chmod(0)
    ourselves = os.geteuid()
    if ourselves == 0:  # who may read everything
        os.seteuid(65_534)
    try:
        [rejection] = items(opener(path))
    finally:
        os.seteuid(ourselves)
    assert (rejection.source, rejection.field, rejection.reason) == (str(path), "file", "Permission denied")


@by_each_opener
@pytest.mark.parametrize("path", ["a\0b", "\ud800", "x" * 5000, ""], ids=["nul", "half a pair", "long", "empty"])
def test_a_path_that_cannot_be_is_one_rejection(opener, path):
    [rejection] = items(opener(path))
    assert (rejection.line, rejection.field) == (None, "file")
    assert rejection.reason


@by_each_opener
def test_any_path_is_named_in_text_that_can_be_written(tmp_path, opener):
    path = os.fsencode(tmp_path) + b"/\xff\xfe"
    for told in items(opener(os.fsdecode(path))):
        assert told.source == f"{tmp_path}/??"


@pytest.mark.parametrize("opener", [OPENERS["lines"], OPENERS["mbox"], OPENERS["chat"]])
def test_a_folder_is_no_file(tmp_path, opener):
    [rejection] = items(opener(tmp_path))
    assert rejection == Rejection(str(tmp_path), None, "file", "is not a file")


def test_a_folder_that_vanishes_is_one_rejection(tmp_path):
    (tmp_path / "box").mkdir()
    feed = opened(tmp_path / "box", SETTINGS)
    (tmp_path / "box").rmdir()
    [rejection] = items(feed)
    assert (rejection.source, rejection.field) == (str(tmp_path / "box"), "file")


@pytest.mark.parametrize(("count", "cut"), [(2000, 4000), (200, 400)])
def test_lines_whose_packing_ends_too_early_are_told_up_to_there(tmp_path, count, cut):
    rows = [json.dumps({**ROW, "agent": os.urandom(40).hex()}) for _ in range(count)]
    (tmp_path / "a.gz").write_bytes(packed("\n".join(rows))[:-cut])
    *facts, last = items(opened(tmp_path / "a.gz", SETTINGS))
    assert 0 < len(facts) < count
    assert all(isinstance(fact, PresenceFact) for fact in facts[:-1])
    assert (last.field, last.line) == ("file", len(facts) + 1)
    assert "end-of-stream" in last.reason


def test_a_file_of_lines_is_never_held_whole(tmp_path):
    with open(tmp_path / "a.jsonl", "wb") as file:
        for second in range(20_000):
            at = (AT + timedelta(seconds=second)).isoformat()
            file.write(json.dumps({**ROW, "at": at, "agent": f"{second:0200}"}).encode() + b"\n")
    reading = JsonLines(tmp_path / "a.jsonl").facts()
    next(reading)
    tracemalloc.start()
    for _ in reading:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < (tmp_path / "a.jsonl").stat().st_size / 10


# Recorded streams as a feed.


def test_recorded_streams_become_facts_in_the_order_of_time(tmp_path):
    def said(hour, role, text, **more):
        return {"t": (AT + timedelta(hours=hour)).isoformat(), "channel": "sms", "role": role, "text": text, **more}

    one = {
        "id": "s1",
        "messages": [said(0, "customer", "a"), said(2, "agent", "b", reply_to=0), said(27, "customer", "c")],
    }
    two = {"id": "s2", "messages": [said(1, "customer", "d"), said(25, "customer", "e", reply_to=0)]}
    rows = list(streams_to_facts.all_facts([one, two]))
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    facts = items(JsonLines(tmp_path / "a.jsonl"))
    assert [(fact.KIND, (fact.at - AT) // timedelta(hours=1)) for fact in facts] == [
        *(("message", 0), ("message", 1), ("reply", 2), ("message", 25), ("resolve", 26), ("message", 27)),
        *(("resolve", 49), ("resolve", 51)),
    ]
    assert facts[2].about == AnsweredMessage("sms", "shop", "s1/0")
    assert (facts[3].inbound.external_id, facts[3].inbound.reply_to) == ("s2/1", ("s2/0",))
    assert (facts[4].about, facts[4].agent) == (ThreadOf("sms", "shop", "s1"), None)


# WhatsApp.


def chat(path, text=CHAT, own_name="Blender Shop", dates=None):
    path.write_text(text, encoding="utf-8")
    return WhatsAppChat(path, BERLIN, own_name, "shop", dates)


def test_a_chat(tmp_path):
    (tmp_path / "IMG-1.jpg").write_bytes(b"JPEG")
    told = items(chat(tmp_path / "chat.txt"))
    source = str(tmp_path / "chat.txt")
    assert told[:2] == [
        Remark(source, 1, "system", "is a notice of WhatsApp's own"),
        Remark(source, 7, "deleted", "is a message that was taken back"),
    ]
    greeting, hello, plug, question = told[2:]
    assert (greeting.line, greeting.at) == (2, datetime(2024, 11, 25, 8, 2, tzinfo=UTC))
    assert (greeting.about, greeting.agent, greeting.text) == (
        ThreadOf("whatsapp", "shop", "Kim"),
        None,
        "Good morning",
    )
    assert isinstance(question, ReplyFact)
    said = hello.inbound
    assert (said.channel, said.account, said.sender) == ("whatsapp", "shop", "Kim")
    assert said.text == "Hello,\nthe blender does not start"
    assert said.external_id.startswith("Kim/")
    assert plug.inbound.text == "this is the plug\nIMG-1.jpg"
    assert plug.inbound.attachments == (File(b"JPEG", "IMG-1.jpg", "image/jpeg"),)


def test_a_longer_chat_has_the_keys_of_the_shorter(tmp_path):
    longer = CHAT + "25.11.24, 09:12 - Kim: The red one\n25.11.24, 09:12 - Kim: The red one\n"
    shorter_keys = [item.key for item in items(chat(tmp_path / "a.txt")) if isinstance(item, Observed)]
    longer_keys = [item.key for item in items(chat(tmp_path / "b (2).txt", longer)) if isinstance(item, Observed)]
    assert longer_keys[:-2] == shorter_keys
    assert len(set(longer_keys)) == len(longer_keys) == 6


def test_in_a_group_we_answer_who_wrote_last(tmp_path):
    text = CHAT + "25.11.24, 09:12 - Lee: Mine too\n25.11.24, 09:13 - Blender Shop: And yours?\n"
    told = items(chat(tmp_path / "a.txt", text))
    replies = [item.about.contact for item in told if isinstance(item, ReplyFact)]
    assert replies == ["Kim", "Kim", "Lee"]
    assert [item.field for item in told if isinstance(item, Remark)] == ["system", "deleted", "sender", "media"]


@given(bodies=st.lists(st.integers(0, 200_000), min_size=1, max_size=40), padding=st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_how_many_mails_an_mbox_is_expected_to_have(tmp_path_factory, bodies, padding):
    path = tmp_path_factory.mktemp("boxes") / "a.mbox"
    path.write_bytes(b"".join(b"From kim\nX: y\n\n" + b"x" * size + b"\n\n" for size in bodies) + b"x" * padding)
    assert expected(path) == len(bodies)


def test_the_folder_that_apple_mail_exports_is_the_mbox_in_it(tmp_path):
    folder = tmp_path / "Inbox.mbox"
    folder.mkdir()
    (folder / "mbox").write_bytes(b"From kim Mon Mar  2 09:00:00 2026\n" + mail(Date="Mon, 2 Mar 2026 09:00:00 +0000"))
    (folder / "table_of_contents").write_bytes(b"x")
    [fact] = items(opened(folder, FeedSettings([OURS])))
    assert fact.inbound.text == "Where is it?"


def test_an_empty_folder_says_so(tmp_path):
    (tmp_path / "mails").mkdir()
    [remark] = items(opened(tmp_path / "mails", SETTINGS))
    assert (remark.field, remark.reason) == ("file", "skipped: it is an empty folder")


def test_how_much_other_feeds_are_expected_to_tell(tmp_path):
    lines = b"".join(b'{"n": %d, "x": "%s"}\n' % (i, b"x" * i) for i in range(2000))
    (tmp_path / "a.jsonl").write_bytes(lines)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines, mtime=0))
    mails = tmp_path / "mails"
    (mails / "more").mkdir(parents=True)
    for name in ("1.eml", "2.eml", "more/3.eml"):
        (mails / name).write_bytes(mail("one\ntwo\n"))
    assert len(lines) > 2**20
    told = [expected(tmp_path / name) for name in ("a.jsonl", "a.jsonl.gz", "mails", "mails/1.eml", "nowhere")]
    assert told == [2000, None, 3, 1, None]


def test_a_chat_in_which_only_we_write(tmp_path):
    told = items(chat(tmp_path / "a.txt", "25.11.24, 09:02 - Blender Shop: Anybody?\n"))
    assert told == [Rejection(str(tmp_path / "a.txt"), 1, "sender", "is us, and nobody else writes in this chat")]


def test_a_chat_is_told_in_the_order_of_time(tmp_path):
    text = CHAT + "25.11.24, 08:00 - Kim: Sent on a train, came late\n"
    facts = [item for item in items(chat(tmp_path / "a.txt", text)) if isinstance(item, Observed)]
    assert facts == sorted(facts, key=lambda fact: fact.at)
    assert facts[0].line == 9


def test_without_an_own_name_nothing_is_guessed(tmp_path):
    [rejection] = items(chat(tmp_path / "a.txt", own_name=None))
    assert rejection.field == "own_name"
    assert rejection.reason == "must say under which name we write; there are 'Blender Shop', 'Kim'"


def test_dates_that_can_be_read_in_two_ways_are_one_rejection(tmp_path):
    short = "03/04/24, 9:02 AM - Kim: Hello\n03/04/24, 9:03 AM - Kim: Hello?\n"
    [rejection] = items(chat(tmp_path / "a.txt", short))
    assert (rejection.line, rejection.field) == (1, "dates")
    told = items(chat(tmp_path / "a.txt", short, dates=DateOrder.DAY_FIRST))
    assert [item.at.month for item in told if isinstance(item, MessageFact)] == [4, 4]


def test_what_is_no_chat_is_one_rejection(tmp_path):
    [rejection] = items(chat(tmp_path / "a.txt", "Dear diary,\n"))
    assert (rejection.field, rejection.line) == ("text", 1)


def test_an_entry_that_no_database_can_hold_is_rejected_alone(tmp_path):
    told = items(chat(tmp_path / "a.txt", CHAT + "25.11.24, 09:12 - Kim: a\0b\n25.11.24, 09:13 - Kim: c\n"))
    assert [(item.line, item.field) for item in told if isinstance(item, Rejection)] == [(9, "text")]
    assert told[-1].inbound.text == "c"


@pytest.mark.parametrize(
    "name", ["../secret.jpg", "/x/secret.jpg", "..\\secret.jpg", "link.jpg", "pipe.jpg", "big.jpg"]
)
def test_only_a_plain_file_beside_the_chat_is_attached(tmp_path, name):
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    folder = tmp_path / "chat"
    folder.mkdir()
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    with open(folder / "big.jpg", "wb") as big:
        big.truncate(MAX_FILE + 1)
    os.mkfifo(folder / "pipe.jpg")
    text = CHAT.replace("IMG-1.jpg", name)
    for item in items(chat(folder / "a.txt", text)):
        if isinstance(item, MessageFact):
            assert item.inbound.attachments == ()
        if isinstance(item, Remark) and item.field == "media":
            assert item.reason.startswith("is not attached: ")
