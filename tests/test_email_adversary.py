"""Mails by somebody who means harm, one shape each: every one is read, and nothing that comes of it is unsafe."""

from base64 import b64encode

import pytest
from mails import OURS, mail, mixed

from ticketcore.channels.email import Decoded, EmailChannel

CHANNEL = EmailChannel([OURS])
CONTROLS = {*map(chr, range(32)), "\x7f", "\x85", "\u2028", "\u2029"}
ALL_BYTES = bytes(range(1, 256)) * 3
LYING = "utf-7 punycode idna base64 rot13 hex unicode_escape undefined mbcs zlib uu utf-16 utf-32 hz iso-2022-kr cp037"


def part(head, content="x"):
    """A mail with one part that has this header line."""
    return mixed((head, content))


def file(name):
    return part(f"Content-Type: application/pdf\nContent-Disposition: attachment; filename={name}")


def report(fields):
    return mixed(("Content-Type: message/delivery-status", fields), kind="report; report-type=delivery-status")


def encoded(kind, content):
    return mail(content, Content_Transfer_Encoding=kind, Content_Type="text/plain")


SHAPES = {
    **{f"text in {name}": mail(ALL_BYTES, Content_Type=f"text/plain; charset={name}") for name in LYING.split()},
    **{f"a subject in {name}": mail(Subject=f"=?{name}?b?{b64encode(ALL_BYTES).decode()}?=") for name in LYING.split()},
    "one boundary in itself": mixed(*[("Content-Type: multipart/mixed; boundary=B", "")] * 5000),
    "a header that comes again": mail(From="\n".join(["kim@x.example"] + ["From: eve@x.example"] * 900)),
    "a header of 10 MB": mail(X_Long="x" * 10_000_000),
    "a folded header of 10 MB": mail(X_Long="xxxxxxxx\n " * 1_000_000),
    "a NUL in an address": mail(From="Kim\0 <kim\0@x.example>"),
    "a line end in an address": mail(From='Kim <"kim\\\r\n lee"@x.example>'),
    "a line end in an encoded name": mail(From="=?utf-8?q?Kim=0D=0ABcc:_eve?= <kim@x.example>"),
    "a line end in a message id": mail(Message_ID="<a\r\n b@x>"),
    "a line end in an encoded id": mail(References="=?utf-8?q?=3Ca=0D=0Ab=40c=3E?="),
    "a NUL in a media type": mail(Content_Type="text/pl\0ain\x07"),
    "a NUL in a content id": part("Content-Type: image/png\nContent-ID: <a\0\x07>"),
    "a NUL in a disposition": part("Content-Type: a/b\nContent-Disposition: att\0ach\x07ment"),
    "groups in groups": mail(From="a:" * 50_000 + "kim@x.example;"),
    "100,000 commas": mail(Cc="," * 100_000),
    "nested comments": mail(From="(" * 10_000 + ")" * 10_000 + " kim@x.example"),
    "an empty boundary": mail("--\n\nx\n----\n", Content_Type='multipart/mixed; boundary=""'),
    "a boundary of 10,000": mixed(("", "x"), boundary="b" * 10_000),
    "a boundary that begins another": mixed(
        ("Content-Type: multipart/mixed; boundary=BB", "--BB\n\nx\n--BB--"), boundary="B"
    ),
    "a boundary of hyphens": mail("\n--" * 300_000, Content_Type='multipart/mixed; boundary="-"'),
    "a boundary in the preamble": mail("see --B\n --B\n--B\n\nx\n--B--\n", Content_Type="multipart/mixed; boundary=B"),
    "UTF-16": mail().decode().encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + mail(),
    "NUL bytes alone": bytes(100_000),
    "a header alone": b"From: kim@x.example",
    "nothing": b"",
    "10,000 pieces of a name": file("x;" + ";".join(f"filename*{i}*=%41" for i in range(10_000))),
    "a piece of a large number": file(f"x; filename*{'9' * 50_000}=a"),
    "an encoded word of 1 MB": mail(Subject=f"=?utf-8?q?{'a' * 1_000_000}?="),
    "words of many charsets": mail(Subject=" ".join(f"=?x{i}?q?=E9?=" for i in range(10_000))),
    "padding alone": encoded("base64", "=" * 1_000_000),
    "padding after each letter": encoded("base64", "A=" * 1_000_000),
    "quoted line ends alone": encoded("quoted-printable", "=\n" * 1_000_000),
    "uuencode": encoded("x-uuencode", "begin 644 ../a\n#0V%T\n`\nend\n"),
    "yEnc": encoded("x-yenc", b"=ybegin line=128 size=5 name=a\n\x92\x8f\x96\x96\x99\n=yend\n"),
    "part of a mail": mail("x", Content_Type="message/partial; id=x; number=1; total=99999999999"),
    "a mail elsewhere": mail("x", Content_Type='message/external-body; URL="file:///etc/passwd"'),
    "encrypted": encoded("base64", "MIIG").replace(b"text/plain", b"application/pkcs7-mime; name=smime.p7m"),
    "a report of nothing": report(""),
    "a report of many": report("Final-Recipient: rfc822; a@b.c\nAction: failed\n\n" * 20_000),
    "a report with a line end": report("Final-Recipient: =?utf-8?q?a=0D=0Ab=00?=\nAction: fai\0led\nStatus: \x075"),
    "400,000 tags": mail("<p>x" * 400_000, Content_Type="text/html"),
    "half a megabyte of escapes": mail("\x1b$B-!\n" * 250_000, Content_Type="text/plain; charset=iso-2022-jp"),
    "delimiters of nothing": mail("\n--" * 1_000_000, Content_Type="multipart/mixed; boundary=B"),
    "delimiters within headers": mail("--B\n" + "--x\n" * 500_000, Content_Type="multipart/mixed; boundary=B"),
    **{
        f"a file called {name!a}": file(f'"{name}"')
        for name in ("../../a", "..\\a", "CON", "a\r\nb", "\u202exe.pdf", "~")
    },
}
NOTHING_TO_READ = ("a header alone", "padding alone", "padding after each letter", "quoted line ends alone")


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES)
def test_it_is_read_and_nothing_of_it_is_unsafe(raw):
    decoded = CHANNEL.decode(raw)
    if not isinstance(decoded, Decoded):
        assert (decoded.field, decoded.reason) == ("from", "says nobody")
        return
    said, machine = decoded.inbound, decoded.machine
    lines = [said.sender, said.sender_name, said.subject, said.external_id, *said.reply_to, machine.bounce_of or ""]
    lines += [word for attachment in said.attachments for word in (attachment.name, attachment.media_type)]
    lines += [word for note in decoded.notes for word in (note.field, note.reason)]
    if machine.delivery:
        lines += [machine.delivery.action, machine.delivery.status, machine.delivery.recipient]
    assert CONTROLS.isdisjoint("".join(lines))
    assert max(map(len, lines)) <= 2000
    assert len(said.text) <= 1_000_000
    assert said.text or said.attachments or raw in map(SHAPES.get, NOTHING_TO_READ)
    assert not {"/", "\\"} & set("".join(attachment.name for attachment in said.attachments))
    assert len(said.attachments) <= 501
    "".join((*lines, said.text)).encode()
