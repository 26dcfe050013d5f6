"""What is read at once because nearly all mails have it so is read as the careful way reads it."""

from base64 import b64encode

import attrs
from hypothesis import assume, example, given
from hypothesis import strategies as st
from mails import BUILT, OURS, SALADS, mail, mixed, mutated

from ticketcore.channels.email import Decoded, EmailChannel
from ticketcore.channels.email.addresses import _any_mailboxes, mailboxes, normal
from ticketcore.channels.email.blocks import _any_block, read_top, usual_block
from ticketcore.channels.email.charsets import _CODECS, decode
from ticketcore.channels.email.contents import _CONTROLS, _without_controls
from ticketcore.channels.email.entities import _declared, _flat, _Walk
from ticketcore.channels.email.fields import _MONTHS, _any_ids, date_of, message_ids, parameters
from ticketcore.channels.email.reading import read_mail
from ticketcore.channels.email.transfer import from_base64
from ticketcore.channels.email.values import Limits


def joined(usual, odd, most=4):
    """Usual pieces with an odd one among them, or none."""
    pieces = st.lists(st.sampled_from(usual.split("|")), max_size=most).map("".join)
    return st.builds(str.__add__, pieces, st.builds(str.__add__, st.sampled_from(["", "", *odd.split("|")]), pieces))


HEADS = st.builds(
    str.__add__,
    joined(
        "Subject: a\n|To: b\n|to: c\r\n|X-Odd:\n| f\n|  ff\n|\tg \n",
        "Cc : d\n|: e\n|odd\n|two words: f\n|--B\n|--B: j\n|-B: j\n|\r\n|k\rl: m\n|l: m\r\r\n"
        "|\u00fc: n\n|n: \u00fc\n| \n|\n\n",
    ),
    st.sampled_from(["\n", "\r\n", "\r\r\n", "\rx\n", "", "--B\n"]),
).map(str.encode)


@given(HEADS | BUILT | SALADS | mutated(), st.integers(1, 9), st.integers(1, 60) | st.just(9999), st.booleans())
@example(b"--B: j\n\n", 9, 9999, True)
@example(b"From: a\n--B: j\n\n", 9, 9999, True)
@example(b"From: A\n\n", 9, 9999, False)
@example(b"From: a\n: e\n\n", 9, 9999, False)
@example(b"From: a\r\r\n\n", 9, 9999, False)
@example(b"From: a\nTo: b\n\n", 1, 9999, False)
@example(b"From: a\n  b\n\n", 9, 9999, False)
def test_ausual_block(data, most, most_bytes, in_multipart):
    limits = Limits(headers=most, header_bytes=most_bytes)
    ends = (lambda line: line in (b"--B", b"--B: j")) if in_multipart else None
    assert usual_block(data, 0, limits) in (None, _any_block(data, 0, limits, ends))


@given(
    joined("Subject|:|a", "subject|\t", 2),
    st.sampled_from(["Message-ID", "message-ID", "X-Odd", "MIME-Version", "Mime-Version", "CC", "Cc", "cC"]),
)
@example("Subject", "Cc")
def test_a_field_by_however_its_name_is_spelt(line, name):
    data = f"{name}: a\n{name.upper()}:b\n{line}\n\n".encode()
    assert usual_block(data, 0, Limits()) in (None, _any_block(data, 0, Limits(), None))
    assert usual_block(f"{name}: a\n\n".encode(), 0, Limits()) is not None


TYPES = st.builds(
    "Content-Type: {}; {}".format,
    joined("multipart/mixed|multipart/report|multipart/digest|Multipart/alternative", "text/plain|x|multipart/a.b", 1),
    joined(
        'boundary="B"', 'boundary=B|boundary=""|boundary="B "|Boundary="B"|boundary="\\B"|boundary="\u00fc"|;x=y|\t', 1
    ),
)
BODIES = joined(
    "--B\n\na\n|--B\nContent-Type: text/html\n\nb\n|\n--B\r\n\r\nc\r\n|--B\n\n\n|--B\nA: b\n\n--B\n\nd\n",
    '--B \n\ne\n|--BB\n\n|--B\nContent-Type: multipart/mixed; boundary="C"\n\n--C\n\nf\n--C--\n|--B\nodd\n|--B--\n|-',
)
ENDS = st.sampled_from(
    ["--B--\n", "--B--\r\n", "\r\n--B--\n\n", "--B--", "--B-- \n", "--B--\nx", "--B-", "--B", "", "\n"]
)


@st.composite
def in_parts(draw):
    content = draw(st.sampled_from(["", "preamble\n", "\n"])) + draw(BODIES) + draw(ENDS)
    return (f"From: a@x.y\n{draw(TYPES)}\n\n" + content).encode()


@given(in_parts() | BUILT | mutated(), st.integers(1, 4) | st.just(500), st.integers(1, 2))
@example(mixed(("A: b", "a"), ("A: b", "b")), 3, 1)
@example(mixed(("A: b", "a"), ("A: b", "b")), 2, 1)
@example(mixed(("A: b", "a\r"), kind="alternative", end="\r\n"), 500, 1)
@example(mail("--B\nA: b\n\n--B--\n", Content_Type="multipart/mixed; boundary=B"), 500, 1)
@example(mixed(("A: b", "a"), kind="digest"), 500, 1)
@example(mixed(close=True), 500, 1)
@example(mixed(("A: b", "a")) + b"x", 500, 1)
@example(mixed(("A: b", "a"), boundary="B" * 251), 500, 1)
def test_a_flat_multipart(data, most, depth):
    limits = Limits(parts=most, depth=depth)
    top = read_top(data, limits)
    media_type, named = parameters(top.raw(b"content-type"))
    assume(media_type.startswith("multipart/"))
    flat = _flat(data, top, media_type, named, limits)
    assert flat in (None, _Walk(data, limits).walk(top, media_type, named))


def test_most_multiparts_are_flat():
    data = mixed(("A: b", "a"), ("Content-Type: text/html", "b"), kind="alternative", end="\r\n")
    top = read_top(data, Limits())
    assert _flat(data, top, "multipart/alternative", {"boundary": "B"}, Limits()) is not None


@given(TYPES)
@example('Content-Type: multipart/mixed; boundary="B "')
@example('Content-Type: multipart/mixed; boundary="B\\"')
def test_the_type_of_a_multipart(line):
    raw = line.removeprefix("Content-Type:").encode()
    assert _declared(raw) == _declared(raw + b" "), "a blank is not usual"


@given(BUILT | SALADS | mutated())
@example(mail(From="<a@[\0]>"))
@example(mail(From="<a@x.y>", Reply_To="<a@[\0]>"))
@example(mail(X_Loop="a", X_Priority="1", Return_Path="<>"))
def test_a_message_of_a_mail_is_as_it_must_be(data):
    decoded = EmailChannel([OURS]).decode(data)
    if isinstance(decoded, Decoded):
        assert attrs.evolve(decoded.inbound) == decoded.inbound, "made anew, it is checked"


def test_the_block_of_a_mail_is_usual():
    head = b"From: a@x.y\r\nTo: b@x.y\r\nReceived: by\r\n\tx\r\nReceived: by y\r\n\r\nFrom: c@x.y"
    block = usual_block(head, 0, Limits())
    assert block is not None
    assert (block.fields[b"received"], block.values(b"received"), block.end) == (b" by x", [b" by x", b" by y"], 60)


ADDRESSES = st.tuples(
    joined("a|b.c|+d|k", '"|"a b"|@|(|[|:|;|\\|mailto:| |\u00fc|\0', 2),
    joined("x.y|example|.org|-", "@|X|.|..| |\u0130|[1.2]|:|>|_", 2),
).map("@".join)


@given(ADDRESSES)
@example("a@x.y.")
@example("a@X.y")
def test_a_normal_address_is_normal(text):
    assert normal(normal(text)) == normal(text) == normal(f" {text}"), "a blank is not usual"


@given(
    joined("Kim|Lee|.| |  |'s", ':|a@b.c|,|;|"|"x"|(|(x)|[|]|<|>|<>|\\|\x1c|\xa0|\t|\0|\u00fc'),
    st.just("kim@x.example") | ADDRESSES,
    joined("| ", ",|x|>|(x)|<a@b>", 1),
)
@example(" Kim  Lee ", "kim@x.example", "")
@example("Team: Kim ", "kim@x.example", "")
@example('"Lee, Kim" ', "kim@x.example", "")
def test_usual_mailboxes(name, address, more):
    text = f"{name}<{address}>{more}"
    assert mailboxes(text, 5) == _any_mailboxes(text, 5)
    assert mailboxes(text, 0) == []


@given(
    joined('Kim|"Kim, Lee"|=?utf-8?q?K?=|ada@x.y|a <b@x>,', ":|\u202e|\u00fc|\udcff|\0", 2),
    ADDRESSES,
    st.sampled_from(["from", "to", "reply-to"]),
)
@example("Kim", "kim@x.example", "from")
@example("\u202e", "kim@x.example", "from")
@example("ada@x.y", "kim@x.example", "from")
def test_a_short_mailbox(name, address, field):
    named = {field.title(): f"{name} <{address}>"}
    longer = {key: value + " " * 100 for key, value in named.items()}
    assert read_mail(mail(**named)) == read_mail(mail(**longer)), "a long one is not remembered"


@given(joined("<a@x>|<b.c@y>| |<d>", "<@>|<|>|<\u00e9@x>|<a b@x>|\n|<>|<\u0663>"))
def test_usual_message_ids(text):
    assert message_ids(text) == _any_ids(text)


@given(
    st.builds(
        "{}, {} {} {:04} {:02}:{:02}:{:02} {}{:02}{:02}".format,
        st.sampled_from(["Mon", "Foo", "Mo"]),
        st.integers(0, 32) | st.sampled_from(["01", "007"]),
        st.sampled_from([*_MONTHS, "Foo"]),
        st.sampled_from([0, 70, 999, 1000, 1999, 2000, 2024, 2999, 9999]),
        st.integers(0, 25),
        st.integers(0, 61),
        st.integers(0, 61),
        st.sampled_from("+-"),
        st.integers(0, 25),
        st.integers(0, 61),
    )
)
def test_usual_dates(text):
    assert date_of(text) == date_of(f" {text}"), "a blank is not usual"


@given(st.binary(max_size=60), st.lists(st.tuples(st.integers(0, 80), st.sampled_from([b"\n", b"\r\n", b" ", b"\t"]))))
def test_base64_with_gaps(content, gaps):
    letters = b64encode(content)
    for at, gap in gaps:
        letters = letters[:at] + gap + letters[at:]
    assert from_base64(letters) == (content, "")


@given(
    st.binary(max_size=40).map(lambda content: content.translate(None, _CONTROLS)),
    st.sampled_from([*_CODECS, "", "no-such"]),
    st.sampled_from([b"", b"\r\n", b"\x1b$B", b"\0a"]),
)
@example("ab".encode("utf-16-le"), "utf-16-le", b"")
@example(b"a\x1b(Jb", "iso2022jp", b"")
def test_controls_in_any_charset(content, charset, more):
    data = mail(content + more, Content_Type=f"text/plain; charset={charset}")
    text = read_mail(data).text
    assert _without_controls(text) == text
    shown = decode(content + more, charset)[0].replace("\r\n", "\n").replace("\r", "\n")
    assert text == _without_controls(shown).rstrip().lstrip("\n")


@given(st.text(st.characters(categories=("Cc", "Cs", "Zs", "Ll", "Lo"))))
def test_text_without_controls(text):
    kept = [letter for letter in text if letter not in _CONTROLS.decode() and not "\ud800" <= letter <= "\udfff"]
    assert _without_controls(text) == "".join(kept)


def test_a_name_that_looks_like_another_address_is_noted():
    noted = read_mail(mail(From="eve@x.example <kim@x.example>")).notes
    assert [(note.field, note.reason) for note in noted] == [("from", "the name looks like another address")]
