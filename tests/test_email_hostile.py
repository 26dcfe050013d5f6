"""E-mail that is broken or meant to harm: what can be known of it is known, the rest is kept and noted."""

import gc
import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mails import BUILT, OURS, SALADS, mail, mixed, mutated

from ticketcore.channels.email import Decoded, EmailChannel, Limits, Role, read_mail
from ticketcore.channels.email.addresses import normal

CHANNEL = EmailChannel([OURS])
TEXT = "Content-Type: text/plain"


def nested(depth, kind="multipart/mixed", inner="deep"):
    """Multiparts in one another, with a text beside each."""
    body = "".join(f"--b{i}\n\ntext {i}\n--b{i}\nContent-Type: {kind}; boundary=b{i + 1}\n\n" for i in range(depth))
    return mail(f"{body}--b{depth}\n\n{inner}\n", Content_Type="multipart/mixed; boundary=b0")


def mails_in_mails(depth):
    return mail("Content-Type: message/rfc822\n\n" * depth + "deep", Content_Type="message/rfc822")


# Any bytes.


@given(st.binary() | SALADS | mutated())
def test_any_bytes_are_a_mail_that_a_desk_can_take_or_a_reason(raw):
    decoded = CHANNEL.decode(raw)
    assert isinstance(decoded, Decoded) or (decoded.field, decoded.reason) == ("from", "says nobody")
    assert decoded == CHANNEL.decode(raw)


@given(SALADS | mutated())
def test_no_text_holds_what_a_database_or_a_header_cannot(raw):
    read = read_mail(raw)
    lines = [read.sender or "", read.sender_name, read.subject, read.message_id or "", read.reply_to or ""]
    lines += [*read.recipients, *read.answers, *(value for _, value in read.headers)]
    lines += [word for part in read.parts for word in (part.name, part.content_id, part.disposition, part.media_type)]
    lines += [word for note in read.notes for word in (note.field, note.reason)]
    assert not {"\r", "\n", "\0"} & set("".join(lines))
    assert "\0" not in read.text
    "".join((*lines, read.text)).encode()


@given(mutated(), st.builds(Limits, *(st.integers(1, 60) for _ in range(9))))
def test_limits_hold_and_lose_nothing_but_what_is_too_large(raw, limits):
    limits = Limits(size=10_000, **{name: getattr(limits, name) for name in NAMES})
    read = read_mail(raw, limits)
    assert len(read.text) <= limits.text
    assert len(read.recipients) <= limits.recipients
    assert len(read.answers) <= limits.answers
    assert max(map(len, (read.subject, read.sender_name, *(text for _, text in read.headers)))) <= limits.header_length
    read_parts = [part for part in read.parts if part.role is not Role.UNREAD]
    assert len(read_parts) <= limits.parts
    assert all(part.reason for part in read.parts if part.role is Role.UNREAD)


NAMES = ("header_bytes", "headers", "depth", "parts", "recipients", "answers", "header_length", "text")


@given(BUILT, st.data())
def test_a_mail_that_was_cut_off(raw, data):
    """Whatever came before the cut is read as it is in the whole mail."""
    whole = read_mail(raw).parts
    cut = read_mail(raw[: data.draw(st.integers(0, len(raw)))]).parts
    if len(cut) > 1:
        assert cut[:-1] == whole[: len(cut) - 1]


# Too much of something: each is read up to its limit, and what a desk needs is known.


def known(read):
    return read.sender, read.sender_name, read.subject, read.message_id


KNOWN = ("kim@x.example", "Kim Lee", "Late", "m1@x.example")
MANY = [f"<a{i}@y.example>" for i in range(4000)]


@pytest.mark.parametrize(
    ("raw", "text", "field"),
    [
        pytest.param(nested(1000), "text 0\n\ntext 1\n\ntext 2", "multipart/mixed", id="multiparts in one another"),
        pytest.param(nested(1000, "multipart/alternative"), "text 0", "multipart/alternative", id="alternatives"),
        pytest.param(mails_in_mails(1000), "", None, id="mails in one another"),
        pytest.param(mixed(*[(TEXT, "part")] * 10_000), "part\n\npart", "structure", id="parts"),
        pytest.param(
            mail("body", **{f"X-{i}": "x" for i in range(20_000)}), "body", "text/rfc822-headers", id="headers"
        ),
        pytest.param(mail("body", X_Long="x" * 3_000_000), "body", "text/rfc822-headers", id="a long header"),
        pytest.param(mail("body", To=", ".join(MANY)), "body", "to", id="recipients"),
        pytest.param(mail("body", References=" ".join(MANY)), "body", "references", id="references"),
        pytest.param(mail("body " * 300_000), "body body", "text", id="text"),
        pytest.param(mail("<p>body" * 800_000, Content_Type="text/html"), "body\n\nbody", "text", id="HTML"),
        pytest.param(mail("<p>x" * 400_000, Content_Type="text/html"), "x\n\nx", "text", id="tags"),
        pytest.param(nested(200, inner="x\n" * 1_500_000), "text 0\n\ntext 1", "multipart/mixed", id="3 MB nested"),
        pytest.param(mail("body", Date="Mon, " + "1" * 100_000), "body", "date", id="a date of digits"),
    ],
)
def test_too_much(raw, text, field):
    read = read_mail(raw)
    assert known(read) == KNOWN
    assert read.text.startswith(text)
    assert field in {note.field for note in read.notes} | {None}
    assert isinstance(CHANNEL.decode(raw), Decoded)


@pytest.mark.parametrize(
    "first", ["X-Many: x\n" * 20_000, "X-Long: " + "x" * 1_000_000 + "\n", "X: y\n" + " z\n" * 300_000]
)
def test_what_a_mail_cannot_do_without_is_read_after_any_headers(first):
    raw = mixed((TEXT, "body"))
    read = read_mail(first.encode() + raw.replace(b"Subject: Late", b"Subject: La\n te"))
    assert (*known(read)[:2], read.subject, read.message_id) == (*KNOWN[:2], "La te", KNOWN[3])
    assert read.text == "body"
    assert read.parts[0].role is Role.UNREAD


def test_what_lies_beyond_a_limit_is_kept():
    limits = Limits(parts=4, depth=1, headers=6)
    raw = mixed(
        (TEXT, "One"), ("Content-Type: multipart/mixed; boundary=C", "--C\n\nin\n--C--"), (TEXT, "4"), (TEXT, "5")
    )
    read = read_mail(raw, limits)
    assert [(part.role, part.content, part.reason) for part in read.parts] == [
        (Role.TEXT, b"One", ""),
        (Role.UNREAD, b"--C\n\nin\n--C--", "nested deeper than 1"),
        (Role.TEXT, b"4", ""),
        (Role.UNREAD, b"Content-Type: text/plain\n\n5\n--B--\n", "more than 4 parts"),
    ]
    top = read_mail(mail("x", X_One="1", X_Two="2\n more", X_Three="3", X_Four="4"), limits)
    assert [(part.role, part.content) for part in top.parts] == [
        (Role.UNREAD, b"X-Three: 3\nX-Four: 4\n\n"),
        (Role.TEXT, b"x"),
    ]


def test_of_a_mail_that_is_too_large_the_headers_are_read():
    read = read_mail(mail("x" * 1000), Limits(size=1000))
    assert known(read) == KNOWN
    assert (read.text, read.parts) == ("", ())
    assert [note.field for note in read.notes] == ["size"]


# Who wrote, when From is odd.


@pytest.mark.parametrize(
    ("written", "sender", "name"),
    [
        ("a@b.c <evil@x.Y>", "evil@x.y", "a@b.c"),
        ('"a@b.c" <evil@x.y>', "evil@x.y", "a@b.c"),
        ("<kim@x.y", "kim@x.y", ""),
        ("<<kim@x.y>>", "kim@x.y", ""),
        ("kim@x.y (Kim (the) Lee)", "kim@x.y", "Kim (the) Lee"),
        ("Kim kim@x.y", "kim@x.y", "Kim"),
        ("<mailto:kim@x.y>", "kim@x.y", ""),
        ('"kim lee"@x.y', '"kim lee"@x.y', ""),
        ('"kim"@x.y', "kim@x.y", ""),
        ("kim@[192.0.2.1]", "kim@[192.0.2.1]", ""),
        ("<@relay.a,@relay.b:kim@x.y>", "kim@x.y", ""),
        ("Shop: kim@x.y, bo@x.y;", "kim@x.y", ""),
        ("undisclosed:;, kim@x.y", "kim@x.y", ""),
        ('"Kim <kim@x.y>', "kim@x.y", "Kim"),
        ("Lee, Kim <kim@x.y>", "kim@x.y", "Kim"),
        ('"Lee, \\"Kim\\"" <kim@x.y>', "kim@x.y", 'Lee, "Kim"'),
        ("=?utf-8?q?Lee=2C_Kim=00?= <kim@x.y>", "kim@x.y", "Lee, Kim"),
        ('"=?utf-8?q?Kim?=" <kim@x.y>', "kim@x.y", "Kim"),
        ("(" * 3000 + " kim@x.y", "kim@x.y", ""),
        ('"" ' * 16_000 + "kim@x.y", "kim@x.y", ""),
        ("kim@münchen.example", "kim@münchen.example", ""),
        ("a@[", "a@[", "a@["),
        ("MAILER-DAEMON", "MAILER-DAEMON", "MAILER-DAEMON"),
        ('"" (Mail Delivery System)', "Mail Delivery System", "Mail Delivery System"),
        ("<", "<", ""),
        ('"', '"', ""),
        ("<@>", "@", "@"),
        ("a" * 600 + "@x.y", "a" * 600 + "@x.y", "a" * 600 + "@x.y"),
        ("a" * 1200, "a" * 1000, "a" * 1200),
    ],
)
def test_odd_senders(written, sender, name):
    read = read_mail(mail(From=written))
    assert (read.sender[:1000], read.sender_name) == (sender, name)
    assert CHANNEL.decode(mail(From=written)).inbound.sender == sender
    assert "from" in [note.field for note in read.notes] or normal(sender) == sender


@pytest.mark.parametrize("written", ["", "  ", "<>", "()", ";"])
def test_who_wrote_when_from_is_empty(written):
    assert read_mail(mail(From=written, Sender="bo@x.y", Reply_To="al@x.y")).sender == "bo@x.y"
    assert read_mail(mail(From=written, Reply_To="al@x.y")).sender == "al@x.y"
    assert read_mail(mail(From=written, Return_Path="<cy@x.y>")).sender == "cy@x.y"
    assert "@" not in (read_mail(mail(From=written)).sender or "")


def test_two_senders():
    """The first is taken, and it is said that there were two."""
    raw = b"From: kim@x.y\nFrom: bo@x.y\nSubject: a\nSubject: b\n\n"
    read = read_mail(raw)
    assert (read.sender, read.subject) == ("kim@x.y", "a")
    assert {note.field for note in read.notes} == {"from", "subject"}
    read = read_mail(mail(From="kim@x.y, bo@x.y"))
    assert (read.sender, [note.field for note in read.notes]) == ("kim@x.y", ["from"])


@pytest.mark.parametrize("name", ["kim@x.y", "'Kim@X.y'", "Kim @ home"])
def test_names_that_look_like_the_address_itself(name):
    assert not read_mail(mail(From=f'"{name}" <kim@x.y>')).notes


@pytest.mark.parametrize("name", ["bo@y.z", "Bo (bo@y.z)", "kim@x.y bo@y.z", "Kim \u202ebo"])
def test_names_that_mislead_are_noted(name):
    assert [note.field for note in read_mail(mail(From=f'"{name}" <kim@x.y>')).notes if "name" in note.reason] == [
        "from"
    ]


# Words in other charsets.

JIS = b"\x1b$B-!\x1b(B"
"""A circled one, in ISO-2022-JP as vendors write it."""


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("x=?utf-8?q?=C3?==?utf-8?q?=A9?=y", "xéy"),
        ("=?utf-8*fr?Q?=c3=a9_=C3=A9?=", "é é"),
        ("=?utf-8?b?w6k?=", "é"),
        ("=?utf-8?b?w6k=w6k=?=", "éé"),
        ("=?utf-8?q?a=0D=0ABcc:_x=00y?=", "a Bcc: x y"),
        ("=?gb2312?b?{}?=".format(b64encode("镕".encode("gb18030")).decode()), "镕"),
        ("=?gb2312?b?{}?=".format(b64encode("模式".encode("gbk")).decode()), "模式"),
        ("=?gb2312?b?{}?=".format(b64encode("在哪里？".encode()).decode()), "在哪里？"),
        ("=?ks_c_5601-1987?b?{}?=".format(b64encode("똠방각하".encode("cp949")).decode()), "똠방각하"),
        ("=?big5?b?{}?=".format(b64encode("裏€".encode("cp950")).decode()), "裏€"),
        (f"=?iso-2022-jp?b?{b64encode(JIS).decode()}?=", "①"),
        ("=?shift_jis?b?{}?=".format(b64encode("①".encode("cp932")).decode()), "①"),
        ("=?iso-8859-1?q?=80_=93x=94?=", "€ “x”"),
        ("=?us-ascii?q?caf=E9?=", "café"),
        ("=?utf8mb4?q?=C3=A9?=", "é"),
        ("=?x-unknown?q?=C3=A9?=", "é"),
        ("=?utf-8?q?=FF?=", "\ufffd"),
        ("=?utf-8?q?never closed", "=?utf-8?q?never closed"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=??q?a?=", "a"),
        ("caf\u00e9", "café"),
        ("caf\udce9", "caf\ufffd"),
        ("a\n b\n\tc", "a b c"),
        ("=?utf-8?q?a?= " * 4000, "a" * 2000),
        *(
            (f"=?{name}?q?=C3=A9?=", "é")
            for name in ("base64", "hex", "zlib", "idna", "punycode", "undefined", "\0", "")
        ),
        *((f"=?{name}?q?=C3=A9?=", "é") for name in ("unicode_escape", "rot13", "utf-7", "mbcs", "a" * 5000)),
    ],
)
def test_subjects(subject, shown):
    assert read_mail(mail(Subject=subject)).subject == shown


@pytest.mark.parametrize(
    ("charset", "content", "text", "is_odd"),
    [
        ("utf-8", "né".encode(), "né", False),
        ("", "né".encode(), "né", False),
        ("", b"n\xe9", "n\ufffd", True),
        ("us-ascii", "né".encode(), "né", True),
        ("iso-8859-1", b"n\xe9", "né", False),
        ("iso-8859-1", "né".encode(), "né", True),
        ("utf-8", b"n\xe9", "n\ufffd", True),
        ("gb2312", "镕基".encode("gb18030"), "镕基", False),
        ("gb2312", "订单还没有到".encode(), "订单还没有到", True),
        ("iso-gb2312", "镕基".encode("gb18030"), "镕基", False),
        ("X-UNKNOWN", "né".encode(), "né", True),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет", False),
        ("windows-1251", "Её".encode("cp1251"), "Её", False),
        ("iso-2022-jp", "テスト".encode("iso-2022-jp") + JIS, "テスト①", False),
        ("iso-2022-jp", "テスト".encode("iso-2022-jp"), "テスト", False),
        ("iso-2022-jp", b'\x1b$B-!$"\x1b(I1\x1b(B!', "①あｱ!", False),
        ("iso-2022-jp", b"\x1b$B-", "\ufffd", True),
        ("iso-2022-jp", b"\x1b$B-!\x01\x01", "\ufffd", True),
        ("iso-8859-1", b"n\xe9\x81", "né\x81", False),
        ("gb2312", "€!".encode(), "€!", True),
        ("utf-16", b"\xff\xfea", "\ufffd", True),
        ("cp-850", "né".encode("cp850"), "né", False),
        ("utf-16", b"plain", "plain", True),
        ("utf-16", "né".encode("utf-16-le"), "né", False),
        ("utf-16", "né".encode("utf-16-be"), "né", False),
        ("utf-16", "né".encode(), "né", True),
        ("base64", b"aGk=", "aGk=", False),
        ("zlib", "né".encode(), "né", True),
        ('"utf-8"', "né".encode(), "né", False),
    ],
)
def test_charsets(charset, content, text, is_odd):
    read = read_mail(mail(content, Content_Type=f"text/plain; charset={charset}"))
    assert (read.text, bool(read.notes)) == (text, is_odd)
    assert read.parts[0].content == content


def test_headers_that_are_not_encoded_have_the_charset_of_the_text():
    raw = mail("x", Subject="SUBJECT", Content_Type="text/plain; charset=gb2312").replace(
        b"SUBJECT", "订单".encode("gbk")
    )
    assert read_mail(raw).subject == "订单"


def test_html_says_its_charset_itself():
    html = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">订单'.encode("gbk")
    assert read_mail(mail(html, Content_Type="text/html")).text == "订单"


# Ids and dates.


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("<[x@y]>", "[x@y]"),
        ("a@b", "a@b"),
        ("<a@\n b>", "a@b"),
        ("<a@b> <c@d>", "a@b"),
        ("<no-at-sign>", "no-at-sign"),
        ("text <a@b> text", "a@b"),
        ("<\u00e9@b\0>", "é@b"),
        ("<", None),
        ("<@>", None),
        ("<>", None),
        ("two words", None),
        ("", None),
        (f"<{'a' * 2000}@b>", None),
    ],
)
def test_message_ids(written, id):
    read = read_mail(mail(Message_ID=written))
    assert read.message_id == id
    assert ("message-id" in [note.field for note in read.notes]) == (bool(written) and (id is None or "é" in id))


def test_answers_are_ids_once_each_and_never_the_mail_itself():
    read = read_mail(mail(In_Reply_To='Your "mail" of <b@c> <', References="<a@c><m1@x.example>,<b@c> <a@c> <@>"))
    assert read.answers == ("b@c", "a@c")
    assert len(read_mail(mail(References=" ".join(MANY))).answers) == 100
    assert read_mail(mail(References=" ".join(MANY))).answers[0] == "a3999@y.example"


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 1 Jan 99999 00:00:00 +0000",
        "31 Feb 2024 00:00",
        "1 Jan 2024 25:61",
        "1 Jan 2024 1:00 +9999",
        "soon",
        "?" * 99,
        "31 Dec 9999 23:59 -1200",
        "1 Jan " + "9" * 5000,
        ",",
        "\0",
        "1 Jan 2024 1:2:3:4:5",
    ],
)
def test_dates_that_cannot_be(written):
    read = read_mail(mail(Date=written))
    assert (read.date, [note.field for note in read.notes]) == (None, ["date"])


# Broken structure.


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends(end):
    raw = mixed((TEXT, f"one{end}two"), ("Content-Type: text/html", "<p>x"), kind="alternative", end=end)
    read = read_mail(raw)
    assert known(read) == KNOWN
    assert [line for line in read.text.split("\n") if line] == ["one", "two"]
    assert len(read.parts) == 2


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param(b"\r\n\n \n" + mail("body"), "body", id="empty lines first"),
        pytest.param(b"\xef\xbb\xbf" + mail("body"), "body", id="a byte order mark"),
        pytest.param(b"From kim Mon Jan 1\n" + mail("body"), "body", id="an envelope line of mbox"),
        pytest.param(b">From kim Mon Jan 1\n" + mail("body"), "body", id="a quoted envelope line"),
        pytest.param(b"what is this\n" + mail("body"), "body", id="a stray line first"),
        pytest.param(b"X-First: 1\n\n" + mail("body"), "body", id="an empty line after the first header"),
        pytest.param(mail("body").replace(b"Subject", b"stray\nSubject"), "body", id="a stray line between"),
        pytest.param(mail("body").replace(b"\n\n", b"\n"), "body", id="no empty line"),
        pytest.param(mail("Hi: you\nbody").replace(b"\n\nHi", b"\nHello\nHi"), "Hello\nHi: you\nbody", id="nor that"),
        pytest.param(mail("body", X_Empty="\n \n\t"), "body", id="a folded line of spaces"),
        pytest.param(mail("bo\0dy", X_Nul="\0"), "body", id="NUL bytes"),
        pytest.param(mail("body", Content_Type="nonsense"), "body", id="no media type"),
        pytest.param(mail("body", Content_Type="/"), "body", id="an empty media type"),
        pytest.param(mail("body", Content_Type="multipart/mixed"), "body", id="no boundary and no parts"),
        pytest.param(mail("body", Content_Type="multipart/mixed; boundary=B"), "body", id="a boundary and no parts"),
        pytest.param(
            mail("--x\n\nbody\n--x--\n", Content_Type="multipart/mixed"), "body", id="a boundary that is not named"
        ),
        pytest.param(mixed((TEXT, "body"), close=False), "body", id="a multipart that is not closed"),
        pytest.param(mixed((TEXT, "body"), boundary=".*+?[a](b)|$^"), "body", id="a boundary like an expression"),
        pytest.param(mixed((TEXT, "body\n--Bx\n --B"), boundary="B"), "body\n--Bx\n --B", id="almost a boundary"),
        pytest.param(
            mixed((TEXT, "body" + "\n--Bx" * 1_010), (TEXT, "more")),
            "body" + "\n--Bx" * 1_010 + "\n\nmore",
            id="almost a boundary many times",
        ),
        pytest.param(mixed((TEXT, "--" + "x" * 400)), "--" + "x" * 400, id="a line that is too long for a boundary"),
        pytest.param(mixed((TEXT, "body")) + b"more\n", "body", id="text after the last part"),
        pytest.param(mixed((TEXT, "body")).replace(b"--B\n", b"--B  \t\n"), "body", id="spaces after a boundary"),
        pytest.param(mail("--B\nbody\n--B--", Content_Type="multipart/mixed; boundary=B"), "body", id="a bare part"),
        pytest.param(mail("!aGk*\n=", Content_Transfer_Encoding="base64"), "hi", id="base64 with garbage"),
        pytest.param(mail("aGkh=", Content_Transfer_Encoding="base64"), "hi!", id="base64 with odd padding"),
        pytest.param(mail("a=zz=\n=4", Content_Transfer_Encoding="quoted-printable"), "a=zz=4", id="odd QP"),
        pytest.param(mail("body", Content_Transfer_Encoding="x-what"), "body", id="an unknown encoding"),
    ],
)
def test_structure(raw, text):
    read = read_mail(raw)
    assert known(read) == KNOWN
    assert read.text == text


@pytest.mark.parametrize("head", ["", "Content-Type:", "Content-Type:  \n "])
def test_a_part_of_a_digest_is_a_mail_unless_it_says_otherwise(head):
    (part,) = read_mail(mixed((head, "Subject: One\n\nbody"), kind="digest")).parts
    assert (part.media_type, part.name) == ("message/rfc822", "One.eml")


def test_the_delimiter_of_an_outer_multipart_ends_the_inner_one():
    inner = ("Content-Type: multipart/mixed; boundary=C", "--C\n\nin\n--C\n\nopen")
    read = read_mail(mixed(inner, (TEXT, "out")))
    assert [part.content for part in read.parts] == [b"in", b"open", b"out"]
    assert read.text == "in\n\nopen\n\nout"


def test_no_header_at_all():
    read = read_mail(b"Hello,\nwhere is it?\n")
    assert (read.sender, read.text) == (None, "Hello,\nwhere is it?")


# HTML.


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<a " + 'x="1" ' * 50_000 + ">deep", "deep", id="attributes"),
        pytest.param("<div>" * 20_000 + "deep", "deep", id="nesting"),
        pytest.param("<" * 200_000 + "deep", "deep", id="less-than signs"),
        pytest.param("<" + "a" * 1_000_000 + ">deep", "deep", id="a long name of a tag"),
        pytest.param("<p" + "a" * 1_000_000, "a", id="a long name of a tag without end"),
        pytest.param("<!-- " * 50_000 + "deep", "deep", id="comments"),
        pytest.param("<style>" * 50_000 + "deep", "deep", id="styles"),
        pytest.param("<a b='" * 50_000 + "deep", "deep", id="quotes"),
        pytest.param("<table><tr><td>" * 20_000 + "deep", "deep", id="tables"),
        pytest.param("&#" + "9" * 10_000 + ";deep", ";deep", id="a number of many digits"),
        pytest.param("&#xD800;&#0;deep", "\ufffd\ufffddeep", id="half a surrogate pair"),
    ],
)
def test_html_that_is_too_much_for_many(html, text):
    read = read_mail(mail(html, Content_Type="text/html"))
    assert read.text.endswith(text)


# Linear work: eight times the mail takes about eight times the time, not sixty-four.

GROWING = {
    "open parentheses": lambda n: mail(From="(" * n),
    "quotation marks": lambda n: mail(From='"\\' * n),
    "angle brackets": lambda n: mail(From="<" * n + "a@" * n),
    "colons": lambda n: mail(From="x " * n + "a@ " + ": " * n),
    "quoted words": lambda n: mail(From='"x" ' * n),
    "encoded words": lambda n: mail(Subject="=?utf-8?q?a?= " * n),
    "open encoded words": lambda n: mail(Subject="=?utf-8?q?" * n),
    "equals and question marks": lambda n: mail(Subject="=?" * n),
    "message ids": lambda n: mail(References="<a@b" * n),
    "parameters": lambda n: mail(Content_Type="text/plain" + '; a="\\' * n),
    "semicolons": lambda n: mail(Content_Type="text/plain" + "; " * n),
    "file names in pieces": lambda n: mail(Content_Disposition="x" + "; filename*1*=%" * n),
    "headers": lambda n: mail(**{f"x{i}": "" for i in range(n)}),
    "folded lines": lambda n: mail(Subject="\n a" * n),
    "stray lines": lambda n: b"x\n" * n,
    "empty lines": lambda n: b"\n" * n + mail("x"),
    "delimiters": lambda n: mail("--B\n" * n, Content_Type="multipart/mixed; boundary=B"),
    "delimiters in headers": lambda n: mail("--B\n" + "--x\n" * n, Content_Type="multipart/mixed; boundary=B"),
    "spaces after a delimiter": lambda n: mail("\n--B" + " " * n, Content_Type="multipart/mixed; boundary=B"),
    "almost delimiters": lambda n: mail("\n--BB" * n, Content_Type="multipart/mixed; boundary=B"),
    "multiparts without end": lambda n: nested(n),
    "multiparts without boundary": lambda n: mixed(*[("Content-Type: multipart/mixed", "")] * n),
    "lines": lambda n: mail("a\n" * n),
    "flowed lines": lambda n: mail("a \n" * n, Content_Type="text/plain; format=flowed"),
    "base64 in pieces": lambda n: mail("aGk=" * n, Content_Transfer_Encoding="base64"),
    "soft line ends": lambda n: mail("=\n" * n, Content_Transfer_Encoding="quoted-printable"),
    "escapes of ISO 2022": lambda n: mail("\x1b$B-!\x1b(B" * n, Content_Type="text/plain; charset=iso-2022-jp"),
    "tags": lambda n: mail("<p>x" * n, Content_Type="text/html"),
    "a tag's name": lambda n: mail("<" + "a" * n, Content_Type="text/html"),
    "a closing tag's name": lambda n: mail("</" + "a" * n, Content_Type="text/html"),
    "a declaration": lambda n: mail("<!" + "a" * n, Content_Type="text/html"),
    "open tags": lambda n: mail("<a b='" * n, Content_Type="text/html"),
    "open comments": lambda n: mail("<!--" * n, Content_Type="text/html"),
    "open styles": lambda n: mail("<style>" * n, Content_Type="text/html"),
    "entities": lambda n: mail("&#1" * n, Content_Type="text/html"),
    "meta elements": lambda n: mail("<meta " * n, Content_Type="text/html"),
    "returned ids": lambda n: mail("> " * n + "Message-ID: <" * n, From="mailer-daemon@x.y"),
}


def seconds(raw, limits):
    """The least of three times, none of which collects the garbage of all the tests before."""
    times = []
    gc.disable()
    try:
        for _ in range(3):
            started = time.process_time()
            read_mail(raw, limits)
            times.append(time.process_time() - started)
    finally:
        gc.enable()
    return min(times)


@pytest.mark.slow
@pytest.mark.parametrize("kind", GROWING)
def test_the_work_is_linear(kind):
    """Without the limits, which alone would bound it."""
    big = 10**9
    limits = Limits(big, big, big, 100_000, big, big, big, big, big)
    size = 1000
    while (small := seconds(GROWING[kind](size), limits)) < 0.004 and size < 500_000:
        size *= 2
    assert seconds(GROWING[kind](8 * size), limits) < 24 * max(small, 0.001), f"{kind}, {size} times"
