"""What was newly written in a mail: laws first, then the ways in which mail programs and people write."""

from itertools import pairwise

import pytest
from counted import steps
from hypothesis import example, given
from hypothesis import strategies as st

from ticketcore.replytext import Part, ReplyText, mark, reply_text
from ticketcore.replytext.lines import LANGUAGES, LOOK, Line

KEPT = (Part.NEW, Part.ANSWERED, Part.FORWARDED, Part.SIGNATURE, Part.DISCLAIMER)

PIECES = [
    "Yes, please.",
    "Why?",
    "",
    " ",
    "> Is it so?",
    ">> Is it?",
    ">",
    "On 5 May 2026 at 9:00, Bo <bo@example.org> wrote:",
    "On 5 May 2026 at 9:00, Bo",
    "<bo@example.org>",
    "wrote:",
    "Am 05.05.2026 um 9:00 schrieb Bo:",
    "-----Original Message-----",
    "---------- Forwarded message ----------",
    "From: Bo <bo@example.org>",
    "Sent: Monday",
    "Subject: Order",
    "________________________________",
    "-- ",
    "Best regards",
    "Kim",
    "-Kim",
    "Sent from my iPhone",
    "This email and any attachments are confidential.",
    "x" * (LOOK + 1),
    "\u202eabc\u0000",
    "発信 2026年5月5日 9:00 Bo <bo@example.org>:",
]
mails = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(max_size=30)).map(lambda line: line + "\n"), max_size=14
).map("".join)


@given(mails)
@example("")
@example("\r\n\r\n")
@example("On")
def test_the_ranges_partition_the_text(text):
    ranges = mark(text)
    assert "".join(text[each.start : each.end] for each in ranges) == text
    assert [each.start for each in ranges] == [0, *(each.end for each in ranges)][: len(ranges)]
    assert all(each.start < each.end for each in ranges)
    assert all(one.part is not other.part for one, other in pairwise(ranges))


@given(mails)
def test_the_reply_and_the_signature_are_the_words_of_their_ranges(text):
    told = reply_text(text)
    kept = [word for each in mark(text) if each.part in KEPT for word in text[each.start : each.end].split()]
    assert sorted((told.reply + "\n" + told.signature).split()) == sorted(kept)


@given(st.lists(st.sampled_from(["I have a question.", "It arrived on 5 May 2026: broken.", "", "Is it", "10:30"])))
def test_a_text_without_a_sign_of_anything_else_is_new(lines):
    text = "\n".join(lines)
    assert reply_text(text) == ReplyText(text.strip(), "")


@given(mails, mails)
def test_what_stands_in_the_quote_below_a_header_changes_nothing_above(one, other):
    head = "Yes, please.\n\n-----Original Message-----\nFrom: Bo <bo@example.org>\nSubject: Order\n\nHello\n"
    assert reply_text(head + one) == reply_text(head + other)


@given(st.text(alphabet="abc @<>:-0123.", max_size=60), st.text(alphabet="abc @<>:-0123.", max_size=60))
def test_what_stands_far_along_a_line_changes_nothing(one, other):
    long = "On 5 May 2026 Bo wrote " + "x" * LOOK
    parts = [[each.part for each in mark(f"Hi\n{long}{end}\n> a\n> b\n")] for end in (one, other)]
    assert parts[0] == parts[1]


@given(st.text(alphabet="On a\u202e\ufdfa", min_size=LOOK, max_size=4 * LOOK))
def test_so_much_of_a_line_is_looked_at_and_no_more(text):
    assert Line(text, 0, len(text)).words == Line(text[:LOOK], 0, LOOK).words


HOSTILE = {
    "one line of openers": lambda n: "On " * n,
    "openers": lambda n: "On\n" * n,
    "openers with numbers": lambda n: "On 5\n" * n,
    "dashes in one line": lambda n: "-" * n,
    "dashes": lambda n: "--\n" * n,
    "one line of Am ... schrieb": lambda n: "Am ... schrieb " * n,
    "Am ... schrieb": lambda n: "Am ...\nschrieb\n" * n,
    "Am 5 ... schrieb": lambda n: "Am 5\nAm 5\nschrieb\n" * n,
    "quotes": lambda n: "> a\nb\n" * n,
    "quotes in one line": lambda n: ">" * n,
    "commas": lambda n: "," * n,
    "fields": lambda n: "From: a\n" * n,
    "fields apart": lambda n: "From: a@b.c\n\n" * n,
    "brackets": lambda n: "On 5 <a@b.c>\n" * n,
    "closings": lambda n: "regards\n" * n,
    "rules": lambda n: "____\nFrom: x\n" * n,
    "nothing": lambda n: "\n" * n,
    "names": lambda n: "Bo\n" * n,
    "notices": lambda n: "This email is confidential\n" * n,
    "right to left": lambda n: "\u202e\u2067\n" * n,
    "control characters": lambda n: "\x00\x1b\x07" * n + "\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_steps_grow_with_the_text(kind):
    """Each step works on at most six lines of ``LOOK`` characters."""
    first, second, fourth = (steps(lambda n=n: mark(HOSTILE[kind](n))) for n in (60, 120, 240))
    assert fourth - second <= 2 * (second - first) + 200


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_of_100_kb_is_marked(kind):
    text = HOSTILE[kind](100_000 // len(HOSTILE[kind](1)))
    ranges = mark(text)
    assert (ranges[0].start, ranges[-1].end) == (0, len(text))


def test_a_megabyte():
    text = "Some words of a text that go on, and on.\n" * 25_000
    assert reply_text(text).reply == text.strip()


# What mail programs write above a quote.

ATTRIBUTIONS = """
en On Wed, May 18, 2016 at 11:10 PM Bo Berg <bo@example.org> wrote:
en On 5/18/2016 9:10 PM, Bo Berg wrote:
en ---- On Wed, 18 May 2016 23:10:00 +0200 Bo Berg<bo@example.org> wrote ----
en Quoting Bo Berg <bo@example.org>:
en Bo Berg wrote on 18.05.2016 23:10:
de Am Mi., 18. Mai 2016 um 23:10 Uhr schrieb Bo Berg <bo@example.org>:
de Am 18.05.2016 um 23:10 schrieb Bo Berg:
de Bo Berg schrieb am 18.05.2016 um 23:10:
fr Le mer. 18 mai 2016 à 23:10, Bo Berg <bo@example.org> a écrit :
fr Le 18/05/2016 à 23:10, Bo Berg a écrit :
es El mié., 18 may. 2016 a las 23:10, Bo Berg (<bo@example.org>) escribió:
es El 18/05/2016 a las 23:10, Bo Berg escribió:
pt Em qua., 18 de mai. de 2016 às 23:10, Bo Berg <bo@example.org> escreveu:
pt Em 18/05/2016 23:10, Bo Berg escreveu:
it Il giorno mer 18 mag 2016 alle ore 23:10 Bo Berg <bo@example.org> ha scritto:
it Il 18/05/2016 23:10, Bo Berg ha scritto:
nl Op wo 18 mei 2016 om 23:10 schreef Bo Berg <bo@example.org>:
nl Op 18 mei 2016 om 23:10 heeft Bo Berg <bo@example.org> het volgende geschreven:
sv Den ons 18 maj 2016 kl 23:10 skrev Bo Berg <bo@example.org>:
da Den ons. 18. maj 2016 kl. 23.10 skrev Bo Berg <bo@example.org>:
no ons. 18. mai 2016 kl. 23:10 skrev Bo Berg <bo@example.org>:
fi ke 18. toukok. 2016 klo 23.10 Bo Berg (bo@example.org) kirjoitti:
pl śr., 18 maj 2016 o 23:10 Bo Berg <bo@example.org> napisał(a):
pl W dniu 18.05.2016 o 23:10, Bo Berg pisze:
cs st 18. 5. 2016 v 23:10 odesílatel Bo Berg <bo@example.org> napsal:
ru ср, 18 мая 2016 г. в 23:10, Bo Berg <bo@example.org>:
ru 18.05.2016 23:10, Bo Berg пишет:
uk ср, 18 трав. 2016 р. о 23:10 Bo Berg <bo@example.org> пише:
tr Bo Berg <bo@example.org>, 18 May 2016 Çar, 23:10 tarihinde şunu yazdı:
hu Bo Berg <bo@example.org> ezt írta (időpont: 2016. máj. 18., Sze, 23:10):
ro În mie., 18 mai 2016 la 23:10, Bo Berg <bo@example.org> a scris:
el Στις Τετ, 18 Μαΐ 2016 στις 11:10 μ.μ., ο χρήστης Bo Berg <bo@example.org> έγραψε:
vi Vào Th 4, 18 thg 5, 2016 vào lúc 23:10 Bo Berg <bo@example.org> đã viết:
ja 2016年5月18日(水) 23:10 Bo Berg <bo@example.org>:
ja 2016/05/18 23:10、Bo Berg <bo@example.org>のメール:
zh Bo Berg <bo@example.org> 于2016年5月18日周三 下午11:10写道：
zh 在 2016-05-18 23:10:00，"Bo Berg" <bo@example.org> 写道：
ko 2016년 5월 18일 (수) 오후 11:10, Bo Berg <bo@example.org>님이 작성:
he ‫בתאריך יום ד׳, 18 במאי 2016 ב-23:10 מאת ‪Bo Berg‬‏ <‪bo@example.org‬‏>:‬
th ในวันที่ พ. 18 พ.ค. 2016 เวลา 23:10 Bo Berg <bo@example.org> เขียนว่า:
ar في الأربعاء، 18 مايو 2016 في 11:10 م كتب Bo Berg <bo@example.org>:
""".strip().splitlines()


@pytest.mark.parametrize("quote", ["> Which size?\n> Which colour?", "Which size?\n\nRegards\nBo"])
@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_the_line_above_a_quote(line, quote):
    _, _, attribution = line.partition(" ")
    assert reply_text(f"Large, please.\n\n{attribution}\n\n{quote}\n") == ReplyText("Large, please.", "")


@pytest.mark.parametrize("line", [line for line in ATTRIBUTIONS if " <bo@" in line])
def test_the_line_above_a_quote_may_be_broken(line):
    _, _, attribution = line.partition(" ")
    broken = attribution.replace(" <bo@", "\n<bo@", 1)
    assert reply_text(f"Large, please.\n\n{broken}\n\nWhich size?\n").reply == "Large, please."


@pytest.mark.parametrize("quote", ["> Which size?\n> Which colour?", "Which size?\n\nRegards\nBo"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "last",
    [
        "+44 20 1234",
        "01.23.45.67.89",
        "kim@example.org (office)",
        "10 Main Street, 12345 Town",
        "18:30 is fine",
        "2 x gold, 1 x silver",
        "Am 5. habe ich bestellt.",
        "On Monday at 10:30 is fine.",
    ],
)
def test_what_stands_right_above_that_line_is_no_part_of_it(last, gap, quote):
    """A telephone's number, a date or a sentence may be taken for its beginning."""
    for line in ATTRIBUTIONS[:3] + [each for each in ATTRIBUTIONS if each.startswith(("de", "fr", "it", "ja"))]:
        told = reply_text(f"Large, please.\n{last}{gap}{line.partition(' ')[2]}\n\n{quote}\n")
        assert told.reply == f"Large, please.\n{last}", line


@pytest.mark.parametrize(
    "above",
    [
        "Original Message\nFrom: Bo Berg\nSent: Wednesday\nTo: Kim\nSubject: Order",
        "------------------------------\nOn Wed, 5/18/16, Bo Berg <bo@example.org> wrote:",
        "May 18, 2016, 23:10 by bo@example.org:",
        "Missatge de Bo Berg <bo@example.org> del dia dc., 18 de maig 2016 a les 23:10:",
        "--- Please respond above this line ---",
    ],
)
def test_what_else_stands_above_a_quote(above):
    assert reply_text(f"Large, please.\n\n{above}\n\nWhich size?\n").reply == "Large, please."


def test_who_is_quoted_may_stand_in_a_line_without_a_colon_above_marks():
    assert reply_text("Large.\n\nQuoting Bo Berg (2016-05-18 23:10:00)\n\n> Which size?\n> Red?").reply == "Large."


def test_every_language_has_its_line_above_a_quote():
    assert {line.partition(" ")[0] for line in ATTRIBUTIONS} == {language.code for language in LANGUAGES}
    assert len(LANGUAGES) >= 13


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_a_copied_header_in_every_language(language):
    for sender in language.senders:
        fields = f"{sender}: Bo Berg\n{language.dates[0]}: 18.05.2016\n{language.subjects[0]}: Order"
        assert reply_text(f"Large, please.\n\n{fields}\n\nWhich size?").reply == "Large, please.", fields


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_dividers_in_every_language(language):
    for words in language.originals:
        assert reply_text(f"Large, please.\n\n----- {words} -----\n\nWhich size?").reply == "Large, please."
    for words in language.forwards:
        forwarded = f"See below.\n\n---------- {words} ----------\nFrom: Bo\n\nWhich size?\n-- \nBo"
        assert reply_text(forwarded).reply == forwarded


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_the_closing_of_a_letter_in_every_language(language):
    for words in language.greetings:
        told = reply_text(f"Large, please.\n\n{words},\nKim Lee\n")
        assert (told.reply, told.signature) == ("Large, please.", f"{words},\nKim Lee")
        assert reply_text(f"{words}!").signature == "", "the closing alone is what was said"


@pytest.mark.parametrize(
    "signed",
    [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPad",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Skickat från min iPhone",
        "Wysłano z iPhone'a",
        "Отправлено с iPhone",
        "iPhone'umdan gönderildi",
        "iPhoneから送信",
        "发自我的iPhone",
        "나의 iPhone에서 보냄",
        "Get Outlook for iOS<https://example.org>",
        "-- \nKim\nExample Ltd",
        "-Kim Lee",
        "Kind regards, Kim",
        "MfG Kim",
        "Best regards\nKim\n\nThis email and any attachments are confidential.",
        "________________________\nusers mailing list\nusers@example.org",
    ],
)
def test_signatures(signed):
    told = reply_text(f"Large, please.\n\n{signed}\n\nOn 5 May 2026 at 9:00, Bo wrote:\n> Which size?\n")
    assert (told.reply, told.signature) == ("Large, please.", signed)


def test_a_notice_is_marked_as_one():
    text = "Large, please.\n\nBest regards\nKim\n\nConfidentiality notice: secret.\n"
    assert [each.part for each in mark(text)] == [Part.NEW, Part.SIGNATURE, Part.DISCLAIMER]


@pytest.mark.parametrize(
    "text",
    [
        "From: London\nTo: Paris\nDate: 5 May 2026",
        "On Monday I called and your colleague wrote:\nWe will refund it.\nBut nothing came.",
        "On 5 May 2026 at 10:00 your agent wrote:\nWe will refund it.",
        "Am 5. Mai 2026 um 10:00 habe ich geschrieben:\nkeine Antwort",
        "I bought it on 5 May 2026: it is broken.",
        "Here are the things:\n- apples\n- Pears",
        "Best regards to your team, they were great.\nI have one more question.",
        "Kind regards\nKim\n\nP.S. I forgot to say that the second parcel has not arrived either, so what do I do?",
        "> Did you get it?\nYes",
        "Date: tomorrow\nSubject to change.",
        "Name: Bo\nEmail: bo@example.org\nSubject: Refund\nMessage: please",
        ">:( this is bad",
        "The total is\n---\n42, is it not?",
        "1. On the website I get: an error\n2. At 10:30 it said:\nfailed",
        "Cheers!",
        "Yes.\n-- \n" + "\n".join(f"Line {i}" for i in range(31)),
        "5 May 2026 was fine\n\n\nBo wrote:\nNothing.",
        "To unsubscribe from this, what do I do?",
        "This email is confidential, please.\nWhere is my parcel?",
        "Hello,\nto unsubscribe I pressed the button.\nNothing happens.",
    ],
)
def test_what_only_looks_like_something_else_is_new(text):
    assert (reply_text(text).reply, reply_text(text).signature) == (text, "")


def test_words_after_a_quote_are_new():
    told = reply_text("Top.\n\nOn 5 May 2026 at 9:00, Bo wrote:\n> Which size?\n> Which colour?\n\nBottom.\n")
    assert told.reply.split() == ["Top.", "Bottom."]


def test_quotes_that_are_answered_in_place_stay_with_their_answers():
    text = "On 5 May 2026 at 9:00, Bo wrote:\n> Which size?\nLarge.\n> Which colour?\nRed.\n\n> Thanks\n> Bo\n"
    assert [each.part for each in mark(text)] == [Part.ANSWERED, Part.NEW, Part.ANSWERED, Part.NEW, Part.QUOTE]
    assert reply_text(text).reply.endswith("> Which colour?\nRed.")


def test_a_line_of_a_quote_that_a_program_broke_is_no_answer():
    quote = "> See https://example.org/a/very/long/link/that/does/not/fit/into/one/line/of/a/ma\nil/at/all\n> Bo\n"
    assert reply_text(f"Yes.\n\nOn 5 May 2026 at 9:00, Bo wrote:\n{quote}").reply == "Yes."


def test_a_quote_may_begin_with_who_wrote_it_or_stand_below_a_name_and_a_date():
    assert reply_text("Yes.\n\n> On 5/5/2026 10:00, Bo wrote:\n> Is it?\n\nCheers\nKim").reply == "Yes."
    assert reply_text("Yes.\n\n2026/05/05 Bo Berg <bo@example.org>\n\n> Is it?\n").reply == "Yes."


def test_what_stands_below_the_line_of_a_helpdesk_is_a_quote():
    assert reply_text("Yes.\n\n##- Please type your reply above this line -##\n\nHello").reply == "Yes."


def test_a_mail_that_is_passed_on_without_a_word_is_kept():
    text = "From: Bo <bo@example.org>\nSent: Monday\nTo: Kim\nSubject: Order\n\nWhich size?"
    assert reply_text(text).reply == text


@given(st.permutations(ATTRIBUTIONS), st.integers(0, 3))
def test_the_first_quote_is_what_counts_in_whatever_order_the_others_come(lines, count):
    below = "\n\n".join(line.partition(" ")[2] for line in lines[:count])
    first = "On 5 May 2026 at 9:00, Bo <bo@example.org> wrote:\n\nWhich size?\n"
    assert reply_text(f"Large.\n\n{first}{below}").reply == "Large."
