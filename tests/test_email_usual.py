"""What is read at once because nearly all mails have it so is read as the careful way reads it."""

from hypothesis import given
from hypothesis import strategies as st
from mails import BUILT, SALADS, mutated

from ticketcore.channels.email.addresses import _any_mailboxes, mailboxes, normal
from ticketcore.channels.email.blocks import _any_block, _usual_block
from ticketcore.channels.email.fields import date_of, message_ids
from ticketcore.channels.email.values import Limits


def texts(pieces):
    """Of these pieces, with now and then anything between them."""
    piece = st.sampled_from(pieces.split(" ")) | st.sampled_from([" ", "  ", "\t", "\n", "\r\n", "\x1c", "\xa0", "\0"])
    return st.lists(piece | st.text(max_size=2), max_size=10).map("".join)


LINES = st.lists(
    st.sampled_from(
        [
            "Subject: a",
            "To: b",
            "to: c",
            "Subject : d",
            "X-Odd:",
            ": e",
            "odd",
            "two words: f",
            " g",
            "\th",
            " \t ",
            " : i",
            "--B",
            "--B: j",
            "\r",
            "k\rl: m",
            "From: \r",
            "ü: n",
            "n: ü",
            "From m@x",
        ]
    ),
    max_size=8,
)
ENDS = st.lists(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r\r\n"]), min_size=9, max_size=9)
HEADS = st.tuples(LINES, ENDS, st.sampled_from(["\n", "\r\n", "\r\r\n", "", "\n--B\n"])).map(
    lambda head: ("".join(map("".join, zip(head[0], head[1], strict=False))) + head[2]).encode()
)


@given(HEADS | BUILT | SALADS | mutated(), st.sampled_from([1, 2, 9, 40, 1000]), st.booleans())
def test_a_usual_block(data, most, in_multipart):
    limits = Limits(headers=most, header_bytes=40 * most)
    usual = _usual_block(data, 0, limits)
    ends = (lambda line: line in (b"--B", b"--B: j")) if in_multipart else None
    assert usual in (None, _any_block(data, 0, limits, ends))


def test_the_block_of_a_mail_is_usual():
    head = b"From: a@x.y\r\nTo: b@x.y\r\nReceived: by\r\n\tx\r\nReceived: by y\r\n\r\nFrom: c@x.y"
    block = _usual_block(head, 0, Limits())
    assert block is not None
    assert (block.fields[b"received"], block.values(b"received"), block.end) == (b" by x", [b" by x", b" by y"], 60)


@given(texts('Kim Lee <kim@x.example> < > @ , ; : " \\ ( ) [ ] a@b.c <a+b@C.D> kim@x.example. \u00fc mailto: .'))
def test_usual_mailboxes(text):
    assert mailboxes(text, 5) == _any_mailboxes(text, 5)


@given(texts('kim@x.example @ , : " \\ [ ] a@b.c <a+b@C.D> "a b"@x.y . \u00fc \u0130 mailto: .'))
def test_a_normal_address_is_normal(text):
    assert normal(normal(text)) == normal(text) == normal(f" {text}"), "a blank is not usual"


@given(texts("<a@x> < > @ <b.c@y> d@z <@> \u00e9 <\u00e9@x> <a b@x>"))
def test_usual_message_ids(text):
    if "<" in text:
        assert message_ids(text) == message_ids(f"{text}<"), "a bracket that is never closed is not usual"


DATES = st.from_regex(
    r"[A-Z][a-z]{2}, [0-9]{1,2} (Jan|Feb|Dec|Foo) [0-9]{4} ([0-9]{2}:){2}[0-9]{2} [+-][0-9]{4}", fullmatch=True
)


@given(DATES | texts("Mon, 1 31 Feb 2024 1999 0001 23:59:59 24:00:00 +0000 -0000 +2400 -1230 GMT (UTC)"))
def test_usual_dates(text):
    assert date_of(text) == date_of(f" {text}"), "a blank is not usual"
