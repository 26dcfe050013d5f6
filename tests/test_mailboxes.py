"""Mailboxes as feeds: mboxes as the standard library and others write them, Maildirs, folders of mails."""

import gzip
import io
import mailbox
import os
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mails import OURS, REAL, SALADS, mail

from ticketcore.channels.email import EmailChannel, Limits
from ticketcore.feeds import AnsweredMessage, Maildir, MailFiles, Mbox, MessageFact, Rejection, Remark, ReplyFact
from ticketcore.feeds.mails import head_of
from ticketcore.feeds.mbox import index
from ticketcore.feeds.observed import Observed

CHANNEL = EmailChannel([OURS])
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
FROM = b"From kim@x.example Mon Mar  2 08:00:00 2026\n"


def dated(minute, body="Where is it?\n", **fields):
    """A mail of its own id, written that many minutes after the first; None for one without a date."""
    date = None if minute is None else format_datetime(AT + timedelta(minutes=minute))
    return mail(body, **{"Message_ID": f"<{minute}.{len(body)}@x.example>", "Date": date, **fields})


def mbox(path, *mails, sep=b"\n"):
    path.write_bytes(b"".join(FROM + raw + sep for raw in mails))
    return Mbox(path, CHANNEL)


def items(feed):
    return list(feed.facts())


def facts(feed):
    return [item for item in feed.facts() if isinstance(item, Observed)]


def ids(feed):
    return [fact.inbound.external_id for fact in facts(feed)]


texts = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
    | st.sampled_from(["From me to you", "From x Mon Mar  2 08:00:00 2026", "", "Subject: no", "-- "]),
    max_size=6,
).map(lambda lines: "\n".join(["Hello", *lines, "Bye", ""]))


@given(st.lists(st.tuples(st.integers(0, 50), texts), max_size=6))
def test_an_mbox_of_the_standard_library_is_read_as_its_mails(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("box") / "in.mbox"
    box = mailbox.mbox(path)
    raws = [dated(minute, text, Message_ID=f"<{i}@x.example>") for i, (minute, text) in enumerate(rows)]
    for raw in raws:
        box.add(raw)
    box.close()
    expected = sorted(zip((minute for minute, _ in rows), range(len(rows)), raws, strict=True))
    read = facts(Mbox(path, CHANNEL))
    assert [fact.inbound for fact in read] == [CHANNEL.decode(raw).inbound for _, _, raw in expected]
    assert [fact.at for fact in read] == [AT + timedelta(minutes=minute) for minute, _, _ in expected]
    assert [fact.source for fact in read] == [str(path)] * len(rows)


hostile = st.lists(
    st.sampled_from(
        [FROM, b"From \n", b"From x\n", b">From x\n", b"\n", b"\r\n", b"\r", b"Date: x\n", b"From: kim@x.example\n"]
    )
    | st.sampled_from(
        [b"Date: Mon, 2 Mar 2026 08:00:00 +0000\n", b"\0", b"\x1f\x8b", b"Received: x; x\n", b"x" * 70_000]
    )
    | SALADS
    | st.binary(max_size=20),
    max_size=12,
).map(b"".join)


@given(hostile)
@example(b"From x\nDate: Mon, 2 Mar 2026 08:00:00 +0000")
@example(FROM + b"x" * 65_536 + b"\n" + FROM)
@example(FROM + b"x" * 70_000 + b"\n\n" + FROM)
@example(FROM)
@example(FROM[:-1])
@example(b"\n\n")
def test_every_byte_belongs_to_a_mail_or_a_rejection(tmp_path_factory, raw):
    places, before = index(io.BytesIO(raw), CHANNEL.limits)
    position = before
    for place in places:
        assert place.start == position
        assert place.start < place.content <= place.end
        assert raw[place.start :].startswith(b"From ")
        assert place.line == raw[: place.start].count(b"\n") + 1
        assert raw[: place.start].endswith((b"\n\n", b"\n\r\n")) or raw[: place.start] in (b"", b"\n", b"\r\n")
        following = next((other.start for other in places if other.start > place.start), len(raw))
        assert raw[place.end : following] in (b"", b"\n", b"\r\n"), "the blank line before the next"
        position = following
    assert position == len(raw)
    path = tmp_path_factory.mktemp("box") / "a.mbox"
    path.write_bytes(raw)
    told = [item for item in items(Mbox(path, CHANNEL)) if not isinstance(item, Remark)]
    assert len(told) == len(places) + bool(before) or raw.startswith(b"\x1f\x8b")
    assert [item.at for item in told if isinstance(item, Observed)] == sorted(
        item.at for item in told if isinstance(item, Observed)
    )
    assert told == [item for item in items(Mbox(path, CHANNEL)) if not isinstance(item, Remark)]


@given(st.lists(st.none() | st.integers(0, 20), min_size=1, max_size=8))
def test_an_undated_mail_stands_where_the_one_before_it_does(tmp_path_factory, minutes):
    feed = mbox(
        tmp_path_factory.mktemp("box") / "a",
        *(dated(minute, Message_ID=f"<{i}@x>") for i, minute in enumerate(minutes)),
    )
    known = [minute for minute in minutes if minute is not None]
    if not known:
        assert [(item.field, item.line) for item in items(feed)] == [("date", 1 + 8 * i) for i in range(len(minutes))]
        return
    placed, last = [], known[0]
    for i, minute in enumerate(minutes):
        last = last if minute is None else minute
        placed.append((last, i))
    assert ids(feed) == [f"{i}@x" for _, i in sorted(placed)]
    assert [fact.at for fact in facts(feed)] == [AT + timedelta(minutes=minute) for minute, _ in sorted(placed)]
    assert sum(isinstance(item, Remark) for item in items(feed)) == minutes.count(None)


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, True),
        ({"Date": "Tue, 32 Mar 2026 08:00:00 +0000"}, False),
        ({"Date": "soon"}, False),
        ({"Date": "Thu, 01 Jan 1970 00:00:00 +0000"}, False),
        ({"Date": "Mon, 31 Dec 1979 23:59:59 +0000"}, False),
        ({"Date": "Tue, 01 Jan 1980 00:00:00 +0000"}, True),
        ({"Received": "from a by b; Mon, 2 Mar 2026 07:00:00 +0000"}, True),
        ({"Received": "from a by b; Sun, 1 Mar 2026 08:00:00 +0000"}, True),
        ({"Received": "from a by b; Sun, 1 Mar 2026 07:59:59 +0000"}, False),
        ({"Received": "from a by b"}, True),
        ({"Received": "from a by b; Fri, 31 Dec 9999 23:00:00 -1200"}, True),
        ({"Date": "Fri, 31 Dec 9999 23:00:00 +0000"}, True),
        ({"Date": "Fri, 31 Dec 9999 23:00:00 +0000", "Received": "by b; Fri, 30 Dec 9999 23:00:00 +0000"}, True),
    ],
)
def test_a_date_that_cannot_be_does_not_count(fields, counts):
    raw = mail(**{"Date": format_datetime(AT), **fields})
    assert (head_of(raw, Limits()).at is not None) == counts


def test_the_newest_received_counts():
    raw = b"Received: by a; Sun, 1 Mar 2020 08:00:00 +0000\nReceived: by b; Mon, 2 Mar 2026 08:00:00 +0000\n"
    assert head_of(raw + dated(0), Limits()).at == AT


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(0, 5))
def test_a_longer_mbox_has_the_keys_of_the_shorter(tmp_path_factory, minutes, count):
    path = tmp_path_factory.mktemp("box") / "a"
    raws = [dated(minute, f"{i}\n", Message_ID=None) for i, minute in enumerate(minutes)]
    longer = {fact.key for fact in facts(mbox(path, *raws))}
    assert len(longer) == len(raws)
    for sep in (b"\n", b""):
        shorter = {fact.key for fact in facts(mbox(path, *raws[:count], sep=sep))} if sep or count < 2 else set()
        assert shorter <= longer


# Examples.


def test_one_mail_is_quoted_as_mboxrd_does(tmp_path):
    raw = dated(0, ">From one\n>>From two\n>>>From three\n> From no\n")
    [fact] = facts(mbox(tmp_path / "a", raw))
    assert fact.inbound.text.split("\n")[:4] == ["From one", ">From two", ">>From three", "> From no"]


@pytest.mark.parametrize(
    ("line", "splits"),
    [
        ("From kim@x Mon Mar  2 08:00:00 2026", True),
        ("From 176@xxx Sat Jan 01 00:00:00 +0000 2022", True),
        ("From - Mon Mar 02 08:00:00 2026", True),
        ("From \nSubject: as new mail programs write it", True),
        ("From kim\nSubject: x", True),
        ("From here on it is\nall the same", False),
        ("From Mon to Fri we open at 8", False),
        ("From:", False),
        ("from kim@x Mon Mar  2 08:00:00 2026", False),
    ],
)
def test_where_a_mail_begins(tmp_path, line, splits):
    body = dated(0, f"before\n\n{line}\nend\n")
    assert (
        len(facts(mbox(tmp_path / "a", body)))
        + len([item for item in items(mbox(tmp_path / "a", body)) if isinstance(item, Rejection)])
        == 1 + splits
    )
    without_blank = dated(0, f"before\n{line}\nend\n")
    assert len(items(mbox(tmp_path / "a", without_blank))) == 1, "only after a blank line"


def test_line_ends_of_windows(tmp_path):
    raw = b"".join(FROM + dated(minute) + b"\n" for minute in (2, 1)).replace(b"\n", b"\r\n")
    (tmp_path / "a").write_bytes(raw)
    assert [(fact.at, fact.line, fact.inbound.text) for fact in facts(Mbox(tmp_path / "a", CHANNEL))] == [
        (AT + timedelta(minutes=1), 10, "Where is it?"),
        (AT + timedelta(minutes=2), 1, "Where is it?"),
    ]


def test_an_mbox_that_is_cut_off_keeps_what_there_is(tmp_path):
    first, second = FROM + dated(1) + b"\n", FROM + dated(0)
    for end in range(len(second) + 1):
        (tmp_path / "a").write_bytes(first + second[:end])
        read = items(Mbox(tmp_path / "a", CHANNEL))
        kept = [item for item in read if isinstance(item, Observed)]
        assert any(fact.inbound.external_id == "1.13@x.example" for fact in kept)
        cut = end > 0 and second[end - 1 : end] != b"\n"
        if end > len(FROM):
            assert any(isinstance(item, Remark) and item.field == "file" for item in read) == cut
            assert len([item for item in read if not isinstance(item, Remark)]) == 2


def test_what_is_no_mbox_is_rejected_as_a_whole(tmp_path):
    (tmp_path / "a").write_bytes(b"Hello\n\nFrom here on it is\nall the same\n")
    assert items(Mbox(tmp_path / "a", CHANNEL)) == [
        Rejection(str(tmp_path / "a"), None, "file", 'is not an mbox: no line begins a mail with "From "')
    ]
    (tmp_path / "a").write_bytes(b"")
    assert items(Mbox(tmp_path / "a", CHANNEL)) == []
    (tmp_path / "a").write_bytes(b"junk\n\n" + FROM + dated(0))
    first, second = items(Mbox(tmp_path / "a", CHANNEL))
    assert first == Rejection(str(tmp_path / "a"), 1, "line", "stands before the first mail")
    assert second.line == 3


def test_a_packed_mbox_and_one_whose_packing_is_damaged(tmp_path):
    raw = b"".join(FROM + dated(minute) + b"\n" for minute in (2, 1, 3))
    (tmp_path / "a.mbox.gz").write_bytes(gzip.compress(raw))
    assert ids(Mbox(tmp_path / "a.mbox.gz", CHANNEL)) == ["1.13@x.example", "2.13@x.example", "3.13@x.example"]
    (tmp_path / "b.gz").write_bytes(gzip.compress(os.urandom(9000))[:5000])
    (tmp_path / "c.gz").write_bytes(b"\x1f\x8b" + b"x" * 50)
    for name in ("b.gz", "c.gz"):
        rejection, *others = items(Mbox(tmp_path / name, CHANNEL))
        assert (rejection.source, rejection.line, rejection.field) == (str(tmp_path / name), None, "file")
        assert [other.reason[:15] for other in others] == ["is not an mbox:"] * (name == "b.gz")


def test_of_a_packed_mbox_that_is_cut_off_the_mails_before_that_are_read(tmp_path):
    mails = [FROM + dated(minute, os.urandom(300).hex() + "\n") + b"\n" for minute in range(50)]
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"".join(mails))[:-3000])
    rejection, *told = items(Mbox(tmp_path / "a.gz", CHANNEL))
    facts = [item for item in told if isinstance(item, MessageFact)]
    assert (rejection.field, rejection.line) == ("file", None)
    assert "end-of-stream" in rejection.reason
    assert 30 < len(facts) < 50
    assert [fact.inbound.external_id for fact in facts] == [f"{i}.601@x.example" for i in range(len(facts))]


def test_a_mail_that_is_too_large_is_rejected_and_the_others_are_not(tmp_path):
    channel = EmailChannel([OURS], limits=Limits(size=1000))
    quoted = dated(1, ">From x\n" * 110)
    assert len(quoted) - 110 < 1000 < len(quoted), "as it stands"
    mbox(tmp_path / "a.mbox", dated(0), quoted, dated(2))
    (tmp_path / "b.eml").write_bytes(dated(1, "x" * 1000))
    box = items(Mbox(tmp_path / "a.mbox", channel))
    assert [type(item) for item in box] == [MessageFact, Rejection, MessageFact]
    assert [type(item) for item in items(MailFiles([tmp_path / "b.eml"], channel))] == [Rejection]
    assert box[1].field == "size"


def test_what_we_sent_is_a_reply_and_what_only_says_so_is_not(tmp_path):
    answer = {"From": f"Shop <{OURS.upper()}>", "In_Reply_To": "<m1@x.example>", "To": "kim@x.example"}
    delivered = {"Received": "from x by y; Mon, 2 Mar 2026 09:00:00 +0000", **answer}
    sent, forged, new = items(
        mbox(tmp_path / "a", dated(1, "Sent\n", **answer), dated(2, "Forged\n", **delivered), dated(3, From=OURS))
    )
    assert isinstance(sent, ReplyFact)
    assert (sent.about, sent.agent, sent.text) == (AnsweredMessage("email", OURS, "m1@x.example"), None, "Sent")
    assert sent.id == "1.5@x.example"
    assert isinstance(forged, MessageFact)
    assert isinstance(new, MessageFact)


def test_a_reply_answers_what_came_to_the_address_that_it_is_from(tmp_path):
    channel = EmailChannel(["sales@shop.example", OURS])
    mbox(tmp_path / "a", dated(1, From=OURS, In_Reply_To="<m1@x.example>", To="kim@x.example"))
    [sent] = items(Mbox(tmp_path / "a", channel))
    assert sent.about == AnsweredMessage("email", OURS, "m1@x.example")


def test_a_mail_that_nobody_wrote_is_rejected_by_its_line(tmp_path):
    feed = mbox(tmp_path / "a", dated(0), dated(1, From=None))
    assert items(feed)[1] == Rejection(str(tmp_path / "a"), 10, "from", "says nobody")


# Maildirs and folders.


def maildir(path, **files):
    for folder in ("cur", "new", "tmp"):
        (path / folder).mkdir(parents=True)
    for name, raw in files.items():
        folder, _, rest = name.partition("_")
        (path / folder / rest).write_bytes(raw)
    return Maildir(path, CHANNEL)


def test_a_maildir_is_read_in_the_order_of_time(tmp_path):
    feed = maildir(tmp_path / "m", cur_3=dated(1), new_2=dated(5), tmp_1=dated(0), cur_4=dated(None), new_1=dated(3))
    (tmp_path / "m" / "cur" / ".hidden").write_bytes(dated(0))
    (tmp_path / "m" / "dovecot-uidlist").write_bytes(b"x")
    sources = [fact.source for fact in facts(feed)]
    assert [os.path.relpath(source, tmp_path / "m") for source in sources] == ["cur/3", "cur/4", "new/1", "new/2"]
    assert [fact.line for fact in facts(feed)] == [None] * 4


@given(st.lists(st.integers(0, 9), max_size=5))
def test_a_maildir_of_the_standard_library_is_read_as_its_mails(tmp_path_factory, minutes):
    path = tmp_path_factory.mktemp("box") / "m"
    box = mailbox.Maildir(path)
    for i, minute in enumerate(minutes):
        box.add(dated(minute, Message_ID=f"<{i}@x>"))
    assert sorted(ids(Maildir(path, CHANNEL))) == [f"{i}@x" for i in range(len(minutes))]
    assert [fact.at for fact in facts(Maildir(path, CHANNEL))] == [AT + timedelta(minutes=m) for m in sorted(minutes)]


def test_a_folder_of_mails_names_what_is_none(tmp_path):
    (tmp_path / "b.eml").write_bytes(dated(1))
    (tmp_path / "a.EML").write_bytes(dated(1, Message_ID="<a@x>"))
    (tmp_path / "LICENSE").write_text("x")
    (tmp_path / "more").mkdir()
    license, more, *mails = items(MailFiles(tmp_path, CHANNEL))
    assert license == Remark(
        str(tmp_path / "LICENSE"),
        None,
        "file",
        "skipped: does not end in .eml, as mails do; name it by itself to read it",
    )
    assert (more.source, more.reason) == (
        str(tmp_path / "more"), "skipped: is a folder in a folder of mails; name it by itself to read it",
    )  # fmt: skip
    assert [fact.inbound.external_id for fact in mails] == ["a@x", "1.13@x.example"]


def test_files_and_folders_together_and_some_that_are_not_there(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "z.eml").write_bytes(dated(1))
    (tmp_path / "one").write_bytes(dated(2))
    feed = MailFiles([tmp_path / "one", tmp_path / "gone.eml", tmp_path / "folder"], CHANNEL)
    rejection, *mails = items(feed)
    assert rejection == Rejection(str(tmp_path / "gone.eml"), None, "file", "No such file or directory")
    assert [fact.source for fact in mails] == [str(tmp_path / "folder" / "z.eml"), str(tmp_path / "one")]
    assert feed.name == f"{tmp_path / 'one'} and 2 more"


def test_a_file_that_vanishes_while_it_is_read_is_rejected(tmp_path):
    for name, minute in (("a.eml", 1), ("b.eml", 2)):
        (tmp_path / name).write_bytes(dated(minute))
    reading = MailFiles(tmp_path, CHANNEL).facts()
    next(reading)
    (tmp_path / "b.eml").unlink()
    assert list(reading) == [Rejection(str(tmp_path / "b.eml"), None, "file", "No such file or directory")]


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real mails at TICKETCORE_DATA: {REAL}")
def test_real_mails():
    channel = EmailChannel(["care@example.com"])
    told = items(MailFiles(REAL, channel))
    mails = [item for item in told if not isinstance(item, Remark)]
    assert sorted(item.source for item in mails) == sorted(map(str, REAL.glob("*.eml")))
    assert len(mails) == 39
    skipped = [item.source for item in told if isinstance(item, Remark) and item.reason.startswith("skipped")]
    assert skipped == [str(REAL / "LICENSE")]
    assert sum(isinstance(item, Observed) for item in mails) > 35


@pytest.mark.slow
def test_reading_is_linear_also_in_what_is_hostile(tmp_path):
    """Eight times the size takes no more than some twenty times as long, for each kind of junk."""
    kinds = [b"\nFrom Mon " + b"Mon 1:00 " * 20, b"\nFrom x\nA: b\n", b"\n" + FROM, b">From \n", b"x", b"\n"]
    for kind in kinds:
        taken = []
        for size in (100_000, 800_000):
            raw = FROM + b"Date: Mon, 2 Mar 2026 08:00:00 +0000\n\n" + kind * (size // len(kind))
            (tmp_path / "a").write_bytes(raw)
            start = time.process_time()
            items(Mbox(tmp_path / "a", CHANNEL))
            taken.append(time.process_time() - start)
        assert taken[1] < 25 * taken[0] + 0.2, (kind, taken)
