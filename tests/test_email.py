"""E-mail: what a well-made mail says comes back, and becomes the right message for a desk."""

import email
from base64 import b64encode
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from desks import AT
from hypothesis import assume, given
from hypothesis import strategies as st
from mails import BUILT, LINES, OURS, REAL, WORDS, mail, mixed

from ticketcore import Desk, InvalidInput
from ticketcore.channels.email import (
    Decoded,
    Delivery,
    EmailChannel,
    Limits,
    Machine,
    Rejected,
    Role,
    Sign,
    read_mail,
)
from ticketcore.model import EMAIL, File
from ticketcore.stores import MemoryStore

CHANNEL = EmailChannel([OURS])
BASE64 = {"Content-Transfer-Encoding": "base64"}


def inbound(raw, channel=CHANNEL):
    decoded = channel.decode(raw)
    assert isinstance(decoded, Decoded), decoded
    return decoded.inbound


# What was written comes back.


@given(WORDS, st.sampled_from(["utf-8", "gb18030"]), st.sampled_from(["base64", "quoted-printable"]))
def test_the_text_of_a_mail(text, charset, encoding):
    message = EmailMessage()
    message.set_content(text, charset=charset, cte=encoding)
    assert read_mail(message.as_bytes()).text == text.rstrip().lstrip("\n")


@given(WORDS, st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "gb18030"]))
def test_the_text_of_a_mail_in_wide_charsets(text, charset):
    content = text.encode(charset)
    assume(text.isascii() or not content.isascii() or b"\0" in content)  # Else it is taken for ASCII, as a false label.
    raw = mail(b64encode(content), Content_Type=f"text/plain; charset={charset}", **BASE64)
    assert read_mail(raw).text == text.rstrip().lstrip("\n")


@given(LINES, LINES)
def test_the_words_of_headers(subject, name):
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = Address(name, "kim", "x.example")
    read = read_mail(message.as_bytes())
    assert read.sender == "kim@x.example"
    assert "".join(read.subject.split()) == "".join(message["Subject"].split())
    assert "".join(read.sender_name.split()) == "".join(message["From"].addresses[0].display_name.split())


@given(st.datetimes(timezones=st.timezones()))
def test_the_date_of_a_mail(at):
    at = at.replace(microsecond=0)
    seconds = at.utcoffset().total_seconds()
    if at.year >= 1900 and seconds % 60 == 0:
        assert read_mail(mail(Date=format_datetime(at))).date == at.astimezone(UTC)


@given(BUILT, st.booleans())
def test_every_byte_of_every_part(raw, with_crlf):
    """The parser of the standard library is the oracle."""
    raw = raw.replace(b"\n", b"\r\n") if with_crlf else raw
    leaves = [part for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]
    expected = [(leaf.get_content_type(), leaf.get_payload(decode=True), leaf.get_filename("")) for leaf in leaves]
    read = read_mail(raw)
    assert [(part.media_type, part.content, part.name) for part in read.parts] == expected
    assert [note.field for note in read.notes] == ["from"]


@given(st.lists(st.binary(max_size=60).filter(lambda content: b"--B" not in content), max_size=4))
def test_every_byte_of_parts_that_are_not_encoded(contents):
    head = "Content-Type: application/x-any\r\nContent-Transfer-Encoding: binary"
    raw = mixed(*((head, content) for content in contents), end="\r\n")
    files = [part for part in read_mail(raw).parts if part.role is Role.ATTACHMENT]
    assert [file.content for file in files] == contents


@given(BUILT)
def test_the_same_bytes_are_the_same_message(raw):
    assert CHANNEL.decode(raw) == CHANNEL.decode(bytes(raw))
    assert read_mail(raw).parts == read_mail(raw).parts


# The message for a desk.


def test_a_mail_becomes_a_message():
    raw = mail(
        "Where is it?\n",
        To=f'"Shop" <{OURS}>',
        Date="Mon, 02 Mar 2026 10:00:00 +0100",
        In_Reply_To="<m0@shop.example>",
        References="<a@shop.example> <b@shop.example>\n\t<m0@shop.example>",
        X_Priority="1",
    )
    message = inbound(raw)
    assert (message.channel, message.account) == (EMAIL.name, OURS)
    assert (message.sender, message.sender_name) == ("kim@x.example", "Kim Lee")
    assert (message.subject, message.text, message.external_id) == ("Late", "Where is it?", "m1@x.example")
    assert message.reply_to == ("m0@shop.example", "b@shop.example", "a@shop.example")
    assert message.sent_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert message.headers == (("x-priority", "1"),)


def test_a_mail_that_was_copied_or_delivered_once_more_is_the_same():
    first = mail()
    on_the_way = {"Received": "by mx.x.example", "Delivered_To": OURS, "Return_Path": "<kim@x.example>", "X_Loop": "1"}
    for copy in (
        mail(**on_the_way),
        mail("Where is it?\n\n"),
        mail("Where is it?\r\n", "\r\n"),
        mail(Subject=" Late "),
    ):
        assert read_mail(copy).digest == read_mail(first).digest
        desk = Desk(MemoryStore(), tenant="acme")
        original = desk.receive(inbound(first), AT)
        again = desk.receive(inbound(copy), AT)
        assert (again.disposition, again.message) == ("duplicate", original.message)


@pytest.mark.parametrize(
    "other",
    [
        mail("Where is it"),
        mail(Subject="late"),
        mail(To="sales@shop.example"),
        mail(Cc=OURS),
        mail(From="Kim <kim@x.example>"),
        mail(Reply_To=OURS),
        mail(Date="Mon, 02 Mar 2026 10:00:00 +0100"),
        mail(References="<m0@x.example>"),
        mail(Auto_Submitted="auto-replied"),
        mail(Content_Type="text/html"),
    ],
    ids=["text", "subject", "to", "cc", "from", "reply-to", "date", "references", "automatic", "type"],
)
def test_another_mail_with_the_same_id_is_another_message(other):
    assert read_mail(other).message_id == read_mail(mail()).message_id
    assert read_mail(other).digest != read_mail(mail()).digest
    desk = Desk(MemoryStore(), tenant="acme")
    first = desk.receive(inbound(mail()), AT)
    second = desk.receive(inbound(other), AT)
    assert second.disposition != "duplicate"
    assert second.message != first.message
    for again, stored in ((mail(), first), (other, second)):
        known = desk.receive(inbound(again), AT)
        assert (known.disposition, known.message) == ("duplicate", stored.message)


def test_a_mail_without_an_id_is_known_by_what_its_author_wrote():
    desk = Desk(MemoryStore(), tenant="acme")
    nameless = mail(Message_ID=None)
    assert inbound(nameless).external_id == f"sha256:{read_mail(nameless).digest}"
    first = desk.receive(inbound(nameless), AT)
    again = desk.receive(inbound(mail(Message_ID=None, Received="by mx.x.example")), AT)
    assert (again.disposition, again.message) == ("duplicate", first.message)


def test_a_reply_by_mail_continues_its_ticket():
    desk = Desk(MemoryStore(), tenant="acme")
    first = desk.receive(inbound(mail()), AT)
    assert desk.receive(inbound(mail()), AT).disposition == "duplicate"
    reply = mail(Message_ID="<m2@x.example>", In_Reply_To="<m1@x.example>")
    assert desk.receive(inbound(reply), AT).ticket.id == first.ticket.id
    assert desk.receive(inbound(mail(Message_ID="<m3@x.example>")), AT).ticket.number == 2


@pytest.mark.parametrize(
    ("fields", "account"),
    [
        ({"To": OURS}, OURS),
        ({"To": "x@y.example", "Cc": f"Us <{OURS.upper()}>"}, OURS),
        ({"To": "support+t123@shop.example"}, OURS),
        ({"To": OURS, "Delivered-To": "sales@shop.example"}, "sales@shop.example"),
        ({"To": "list@y.example", "X-Original-To": "sales@shop.example"}, "sales@shop.example"),
        ({"To": "list@y.example"}, "Help@shop.example"),
        ({"To": None}, "Help@shop.example"),
        ({"To": f"team: x@y.example, <{OURS}>;"}, OURS),
    ],
)
def test_the_account_is_the_address_of_ours_that_was_written_to(fields, account):
    channel = EmailChannel(["Help@shop.example", OURS, "sales@shop.example"])
    assert inbound(mail(**fields), channel).account == account


def test_the_default_account_can_be_another():
    channel = EmailChannel([OURS, "sales@shop.example"], "sales@shop.example")
    assert inbound(mail(To=None), channel).account == "sales@shop.example"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (([],), "EmailChannel.addresses"),
        ((["shop"],), "EmailChannel.addresses[0]"),
        (([OURS, 7],), "EmailChannel.addresses[1]"),
        ((OURS,), "EmailChannel.addresses"),
        (([OURS], "other@shop.example"), "EmailChannel.account"),
        (([OURS], "", 7), "EmailChannel.limits"),
    ],
)
def test_a_channel_that_cannot_be(arguments, field):
    with pytest.raises(InvalidInput) as refused:
        EmailChannel(*arguments)
    assert refused.value.field == field


def test_what_is_not_bytes_is_refused():
    with pytest.raises(InvalidInput, match="raw: must be bytes, not str"):
        CHANNEL.decode("From: kim@x.example")


def test_limits_are_at_least_one():
    with pytest.raises(InvalidInput, match=r"Limits\.depth"):
        Limits(depth=0)


def test_without_a_message_id_the_mail_itself_is_the_id():
    raw = mail(Message_ID=None)
    ids = {inbound(raw).external_id, inbound(raw.replace(b"\n", b"\r\n")).external_id}
    assert len(ids) == 1
    assert ids.pop().startswith("sha256:")
    assert inbound(raw).external_id != inbound(mail("More\n", Message_ID=None)).external_id


def test_what_is_rejected():
    assert CHANNEL.decode(b"") == Rejected("from", "says nobody")
    assert CHANNEL.decode(mail(From=None)) == Rejected("from", "says nobody")
    small = EmailChannel([OURS], limits=Limits(size=100))
    assert small.decode(mail("x" * 100)) == Rejected("size", "more than 100 bytes")


# The text that a person reads.

HTML = "Content-Type: text/html; charset=utf-8"
TEXT = "Content-Type: text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (mixed((TEXT, "One"), (TEXT, "Two"), ("", "Three")), "One\n\nTwo\n\nThree"),
        (mixed((TEXT, "Plain"), (HTML, "<p>Rich</p>"), kind="alternative"), "Plain"),
        (mixed((HTML, "<p>Rich</p>"), (TEXT, " \n"), kind="alternative"), "Rich"),
        (mixed((HTML, "<p>Rich</p>"), (TEXT, "-- \nA list"), kind="mixed"), "Rich\n\n-- \nA list"),
        (mixed((TEXT + "\nContent-Disposition: attachment", "File"), (TEXT, "Text")), "Text"),
        (mixed((TEXT + "; name=log.txt", "File"), (TEXT, "Text")), "Text"),
        (mail("Text", Content_Type="text/plain; name=body.txt"), "Text"),
        (mail("one \ntwo\n", Content_Type="text/plain; format=flowed"), "one two"),
        (mail("one \ntwo\n", Content_Type="text/plain; format=flowed; delsp=yes"), "onetwo"),
        (mail(" >From\n>> a \n>> b\n> c\n", Content_Type="text/plain; format=flowed"), ">From\n>> a b\n> c"),
        (mail("one \ntwo\n"), "one \ntwo"),
        (mail("a\r\nb\rc\0d\x1b[1m"), "a\nb\ncd[1m"),
        (mail("<b>Hi", Content_Type="text/html"), "Hi"),
        (mail("=E4=BD=A0=\n=E5=A5=BD", Content_Transfer_Encoding="Quoted-Printable"), "你好"),
        (mail("SGk=", Content_Transfer_Encoding="BASE64 (sic)"), "Hi"),
    ],
)
def test_the_text(raw, text):
    assert read_mail(raw).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p>\n<p>b</p>", "a\n\nb"),
        ("a<br>b<BR/><br />c", "a\nb\n\nc"),
        ("<div>a<div>b</div></div>c", "a\nb\nc"),
        ("<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<head><title>t</title></head><body>b", "b"),
        ("<head><title>t</title><body>b", "b"),
        ("<style>p {}</style><script>1 < 2</script>x", "x"),
        ("<style>p {} no end", "p {} no end"),
        ("a <!-- b --> c <!-- d", "a c <!-- d"),
        ("a <!-- b <i>c</i>", "a <!-- b c"),
        ("a<!DOCTYPE html><?xml ?>b", "ab"),
        ("&lt;b&gt; &eacute;&#233;&#xe9; &nbsp;&unknown;", "<b> ééé &unknown;"),
        ("1 < 2 <3 and a <b c", "1 < 2 <3 and a <b c"),
        ("<a title=\"1 > 2\" x='>'>in</a>", "in"),
        ('<a title="no end>in</a>', "in"),
        ("<pre> a\n  b</pre> c  d", "a\n  b\n\nc d"),
        ("one\n  line", "one line"),
        ("<pre>a&#13;b&#0;&#27;</pre>", "ab\ufffd"),
    ],
)
def test_the_text_of_html(html, text):
    assert read_mail(mail(html, Content_Type="text/html")).text.lstrip() == text


def test_html_is_kept_as_a_part():
    read = read_mail(mixed((TEXT, "Plain"), (HTML, "<p>Rich</p>"), kind="alternative"))
    assert [(part.role, part.content) for part in read.parts] == [(Role.TEXT, b"Plain"), (Role.HTML, b"<p>Rich</p>")]


# Files.


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("filename=a.pdf", "a.pdf"),
        ('filename="a; b \\"c\\".pdf"', 'a; b "c".pdf'),
        ("filename=my file.pdf", "my file.pdf"),
        ("filename*=utf-8'de'%C3%BC.pdf; filename=u.pdf", "ü.pdf"),
        ("filename*0*=iso-8859-1''%FC; filename*1=\".p\"; filename*2=df", "ü.pdf"),
        ("filename*=%C3%BC.pdf", "ü.pdf"),
        ("filename*=nonsense'%FF", "nonsense'\ufffd"),
        ("filename*0=a; filename*2=c", "a"),
        ('filename="=?utf-8?q?=C3=BC.pdf?="', "ü.pdf"),
        ('filename="ü.pdf"', "ü.pdf"),
        ('filename="a\n b.pdf"', "a b.pdf"),
        ("filename=", "named.bin"),
    ],
)
def test_the_name_of_a_file(disposition, name):
    head = f"Content-Type: application/pdf; name=named.bin\nContent-Disposition: attachment; {disposition}"
    (part,) = read_mail(mixed((head, "x"))).parts
    assert (part.name, part.role, part.content) == (name, Role.ATTACHMENT, b"x")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\dir\\a.txt", "a.txt"),
        ("..", ""),
        ("/", ""),
        ("a\tb\u202egpj.exe", "a b_gpj.exe"),
        ("a:b|c?.txt", "a_b_c_.txt"),
        ("n" * 300 + ".tar.gz", "n" * 197 + ".gz"),
        ("n." + "x" * 300, "n." + "x" * 198),
        ("漢" * 300 + ".pdf", "漢" * 65 + ".pdf"),
        ("a" * 199 + " " + "b" * 9, "a" * 199),
        ("CON", "_CON"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("COM¹ .txt", "_COM¹ .txt"),
        ("console.txt", "console.txt"),
        ("\u200b", "_"),
        ("a\u00ad\ufeffb\U000e0041.pdf", "a__b_.pdf"),
        ("👩\u200d💻.png", "👩\u200d💻.png"),
    ],
)
def test_file_names_are_safe_in_a_folder(name, safe):
    head = f'Content-Type: application/pdf\nContent-Disposition: attachment; filename="{name}"'
    assert inbound(mixed((head, "x"))).attachments == (File(b"x", safe, "application/pdf"),)


def test_a_mail_within_a_mail_is_one_file():
    inner = mixed((TEXT, "Inner")).replace(b"Late", b"=?utf-8?q?=C3=9Cber?=").replace(b'="B"', b'="C"')
    message = inbound(mixed((TEXT, "See below"), ("Content-Type: message/rfc822", inner.replace(b"--B", b"--C"))))
    assert message.text == "See below"
    assert [(file.name, file.media_type) for file in message.attachments] == [("Über.eml", "message/rfc822")]


def test_inline_files_and_those_of_outlook():
    head = "Content-Type: image/png; name=a.png\nContent-ID: <i1>\nContent-Disposition: inline"
    tnef = "Content-Type: application/ms-tnef; name=winmail.dat"
    read = read_mail(mixed((TEXT, "x"), (head, "i"), (tnef, "t")))
    assert [(part.role, part.content_id) for part in read.parts[1:]] == [(Role.INLINE, "i1"), (Role.ATTACHMENT, "")]
    assert [note.field for note in read.notes] == ["winmail.dat"]


# Machines.

DSN = mixed(
    (TEXT, "It could not be delivered."),
    (
        "Content-Type: message/delivery-status",
        "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; <Bo@Y.example>\nAction: Failed\nStatus: 5.1.1 (no such)\n",
    ),
    ("Content-Type: message/rfc822", "From: support@shop.example\nMessage-ID: <ours@shop.example>\n\nDear Bo\n"),
    kind='report; report-type="delivery-status"',
)
ODD = "Sorry.\n\n--- returned ---\n> Message-Id: <ours@shop.example>\n"
DAEMON = "MAILER-DAEMON@mx.example"


@pytest.mark.parametrize(
    ("raw", "machine"),
    [
        (mail(), Machine()),
        (mail(X_Auto_Response_Suppress="All"), Machine()),
        (mail(Auto_Submitted="no"), Machine()),
        (mail(Auto_Submitted="No (a person)"), Machine()),
        (mail(Return_Path="<kim@x.example>"), Machine()),
        (mail(List_Id="<l.y.example>"), Machine(mailing_list=True)),
        (mail(List_Unsubscribe="<mailto:x@y.example>"), Machine()),
        (mail(Precedence="bulk"), Machine(mailing_list=True)),
        (mail(Auto_Submitted="auto-replied; x=y"), Machine(True, Sign.AUTO_SUBMITTED)),
        (mail(Auto_Submitted="auto-generated", Return_Path="<>"), Machine(True, Sign.AUTO_SUBMITTED)),
        (mail(Return_Path="<>", In_Reply_To="<a@b>"), Machine(True, Sign.EMPTY_RETURN_PATH)),
        (mail(Precedence="auto_reply"), Machine(True, Sign.PRECEDENCE)),
        (mail(X_Autoreply="yes"), Machine(True, Sign.AUTO_REPLY)),
        (mail(X_Autorespond="x"), Machine(True, Sign.AUTO_REPLY)),
        (mail(X_Autoreply_From="x@y.example"), Machine(True, Sign.AUTO_REPLY)),
        (mail(X_Autoreply="no"), Machine()),
        (
            DSN,
            Machine(True, Sign.DELIVERY_REPORT, "ours@shop.example", Delivery("failed", "5.1.1", "Bo@y.example")),
        ),
        (mixed((TEXT, "Read"), kind="report; report-type=disposition-notification"), Machine(True, Sign.READ_RECEIPT)),
        (mail(ODD, From=DAEMON), Machine(True, Sign.MAIL_SYSTEM, "ours@shop.example")),
        (mail(From=DAEMON, In_Reply_To="<o@shop.example>"), Machine(True, Sign.MAIL_SYSTEM, "o@shop.example")),
        (
            mail(X_Failed_Recipients="bo@y.example"),
            Machine(True, Sign.FAILED_RECIPIENTS, None, Delivery("failed", "", "bo@y.example")),
        ),
    ],
)
def test_who_wrote(raw, machine):
    assert read_mail(raw).machine == machine


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (mail(), ""),
        (mail(Auto_Submitted="no (a person)"), "no"),
        (mail(Auto_Submitted="Auto-Replied; x=y"), "auto-replied"),
        (mail(X_Autoreply="yes"), "auto-generated"),
        (mail(X_Autoreply="yes", Auto_Submitted="no"), "auto-generated"),
        (DSN, "auto-generated"),
    ],
)
def test_a_desk_is_told_of_machines_by_one_header(raw, said):
    assert inbound(raw).header("auto-submitted") == said


def test_a_machine_that_answers_nobody_opens_no_ticket():
    desk = Desk(MemoryStore(), tenant="acme")
    assert desk.receive(inbound(mail(X_Autoreply="yes")), AT).disposition == "kept"


# Real mails, which are not in the repository.


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real mails at TICKETCORE_DATA: {REAL}")
def test_real_mails():
    paths = sorted(REAL.glob("*.eml"))
    messages = {path.stem: inbound(path.read_bytes()) for path in paths}
    assert all(message.text or message.attachments for message in messages.values())
    assert all(message.external_id and not message.external_id.startswith("sha256") for message in messages.values())
    without_address = {name for name, message in messages.items() if "@" not in message.sender}
    assert without_address == {"bounced_with_no_from"}
    machines = {path.stem for path in paths if read_mail(path.read_bytes()).machine.automatic}
    assert machines == {
        "auto_reply",
        "auto_reply_with_auto_submitted",
        "bounced_gmail",
        "bounced_with_no_from",
        "non_utf_encoded_mail",
    }
    assert len(messages["multiple_attachments"].attachments) == 30
    assert messages["non_utf_encoded_mail"].subject == "أهلين عميلنا الكريم"
    assert messages["only_html"].text == "This is html only mail"
