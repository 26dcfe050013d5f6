"""Exports of WhatsApp chats: a conversation that is known is written in every shape and read back."""

import itertools
import time
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ticketcore import Inbound
from ticketcore.feeds.whatsapp import DateOrder, EntryKind, read_export

TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
MESSAGE, MEDIA, SYSTEM, DELETED, CALL = EntryKind
DAY, MONTH, YEAR = DateOrder
LRM, NNBSP = "\u200e", "\u202f"


# How phones write.


class Dates(NamedTuple):
    order: DateOrder
    pattern: str


class Clock(NamedTuple):
    pattern: str
    morning: str = ""
    afternoon: str = ""


DATES = [
    Dates(DAY, "{d:02}/{m:02}/{Y}"),
    Dates(DAY, "{d}/{m}/{y:02}"),
    Dates(DAY, "{d:02}.{m:02}.{y:02}"),
    Dates(DAY, "{d}.{m}.{Y}"),
    Dates(DAY, "{d:02}-{m:02}-{Y}"),
    Dates(DAY, "{d:02}-{m:02}-{y:02}"),
    Dates(DAY, "{d}. {m}. {Y}"),
    Dates(DAY, "{d}. {m}. {Y}."),
    Dates(DAY, "{d}.{m:02}.{y:02}" + NNBSP + "г."),
    Dates(DAY, "{d}\u200f/{m}\u200f/{Y}"),
    Dates(MONTH, "{m}/{d}/{y:02}"),
    Dates(MONTH, "{m:02}/{d:02}/{Y}"),
    Dates(MONTH, "{m:02}.{d:02}.{y:02}"),
    Dates(MONTH, "{m:02}-{d:02}-{Y}"),
    Dates(YEAR, "{Y}/{m:02}/{d:02}"),
    Dates(YEAR, "{Y}/{m}/{d}"),
    Dates(YEAR, "{Y}-{m:02}-{d:02}"),
    Dates(YEAR, "{Y}.{m:02}.{d:02}"),
    Dates(YEAR, "{Y}. {m}. {d}."),
    Dates(YEAR, "{Y}年{m}月{d}日"),
    Dates(YEAR, "{Y}년 {m}월 {d}일"),
    Dates(YEAR, "{y:02}/{m}/{d}"),
    Dates(YEAR, "{y:02}. {m}. {d}."),
]
CLOCKS = [
    Clock("{H:02}:{M:02}"),
    Clock("{H}.{M:02}"),
    Clock("{H:02} h {M:02}"),
    Clock("{h}:{M:02} {a}", "AM", "PM"),
    Clock("{h}:{M:02}" + NNBSP + "{a}", "am", "pm"),
    Clock("{h:02}:{M:02}{a}", "AM", "PM"),
    Clock("{h}:{M:02} {a}", "a.m.", "p.m."),
    Clock("{h}:{M:02}\xa0{a}", "a. m.", f"p.{NNBSP}m."),
    Clock("{a}{h}:{M:02}", "上午", "下午"),
    Clock("{a}{h}:{M:02}", "凌晨", "晚上"),
    Clock("{a} {h}:{M:02}", "오전", "오후"),
    Clock("{a}{h}:{M:02}", "午前", "午後"),
    Clock("{h}:{M:02} {a}", "ص", "م"),
    Clock("{h}:{M:02} {a}", "ÖÖ", "ÖS"),
    Clock("{h}:{M:02} {a}", "π.μ.", "μ.μ."),
    Clock("{h}:{M:02} {a}", "पूर्वाह्न", "अपराह्न"),
]
COMMAS = [", ", " ", "، ", ",\xa0"]
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"]


class Phone(NamedTuple):
    """How one phone writes: an iPhone has brackets, seconds and marks."""

    dates: Dates
    clock: Clock
    iphone: bool = False
    comma: str = ", "
    digits: str = DIGITS[0]

    def stamp(self, at):
        day = self.dates.pattern.format(d=at.day, m=at.month, Y=at.year, y=at.year % 100)
        half = self.clock.afternoon if at.hour >= 12 else self.clock.morning
        pattern = self.clock.pattern
        if self.iphone and "h " not in pattern:
            pattern = pattern.replace(
                "{M:02}", ("." if "." in pattern.split("{M")[0] else ":").join(["{M:02}", "{S:02}"])
            )
        clock = pattern.format(H=at.hour, h=(at.hour - 1) % 12 + 1, M=at.minute, S=at.second, a=half)
        written = (day + self.comma + clock).translate(str.maketrans(DIGITS[0], self.digits))
        return f"[{written}] " if self.iphone else f"{written} - "


class Words(NamedTuple):
    """What WhatsApp says in one language, on Android and on an iPhone; the notice is that of encryption."""

    omitted: str
    attached: str
    image: str
    attached_iphone: str
    deleted: str
    edited: str
    missed: str
    notice: str


LANGUAGES = {
    "en": Words(
        "<Media omitted>",
        "file attached",
        "image omitted",
        "attached",
        "This message was deleted",
        "This message was edited",
        "Missed voice call",
        "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, or share them.",
    ),
    "de": Words(
        "<Medien ausgeschlossen>",
        "Datei angehängt",
        "Bild weggelassen",
        "angehängt",
        "Diese Nachricht wurde gelöscht.",
        "Diese Nachricht wurde bearbeitet.",
        "Verpasster Sprachanruf",
        "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt. Tippe, um mehr zu erfahren.",
    ),
    "es": Words(
        "<Multimedia omitido>",
        "archivo adjunto",
        "imagen omitida",
        "adjunto",
        "Se eliminó este mensaje.",
        "Se editó este mensaje.",
        "Llamada perdida",
        "Los mensajes y las llamadas están cifrados de extremo a extremo. Nadie fuera de este chat puede leerlos.",
    ),
    "pt": Words(
        "<Mídia oculta>",
        "arquivo anexado",
        "imagem ocultada",
        "anexado",
        "Mensagem apagada",
        "Mensagem editada",
        "Chamada de voz perdida",
        "As mensagens e as chamadas são protegidas com a criptografia de ponta a ponta.",
    ),
    "fr": Words(
        "<Médias omis>",
        "fichier joint",
        "image absente",
        "pièce jointe",
        "Ce message a été supprimé",
        "Ce message a été modifié",
        "Appel vocal manqué",
        "Les messages et les appels sont chiffrés de bout en bout. Aucun tiers ne peut les lire.",
    ),
    "it": Words(
        "<Media omessi>",
        "file allegato",
        "immagine omessa",
        "allegato",
        "Questo messaggio è stato eliminato",
        "Questo messaggio è stato modificato",
        "Chiamata vocale persa",
        "I messaggi e le chiamate sono crittografati end-to-end. Tocca per saperne di più.",
    ),
    "zh-Hans": Words(
        "<省略多媒体文件>",
        "文件附件",
        "照片已忽略",
        "附件",
        "这条消息已被删除。",
        "This message was edited",
        "未接语音通话",
        "消息和通话都进行端到端加密。对话之外的任何人都无法读取或收听。",
    ),
    "zh-Hant": Words(
        "<忽略多媒體檔>",
        "附件檔案",
        "圖片已略去",
        "附件",
        "此訊息已刪除。",
        "This message was edited",
        "未接語音通話",
        "訊息和通話經端對端加密。對話以外的任何人均無法查看或聆聽那些內容。",
    ),
    "ja": Words(
        "<メディアなし>",
        "添付ファイル有り",
        "画像は含まれていません",
        "添付ファイル",
        "このメッセージは削除されました。",
        "This message was edited",
        "音声通話不在着信",
        "メッセージと通話はエンドツーエンド暗号化されています。",
    ),
    "ko": Words(
        "<미디어 파일 제외됨>",
        "파일 첨부됨",
        "이미지 생략됨",
        "첨부됨",
        "이 메시지는 삭제되었습니다",
        "This message was edited",
        "부재중 전화",
        "메시지 및 전화는 종단간 암호화되어 안전합니다.",
    ),
    "ar": Words(
        "<تم استبعاد الوسائط>",
        "الملف مرفق",
        "لم يتم إدراج الصورة",
        "المُرفق",
        "تم حذف هذه الرسالة",
        "تم تعديل هذه الرسالة",
        "مكالمة صوتية فائتة",
        "الرسائل والمكالمات مشفرة تمامًا بين الطرفين، بحيث لا يستطيع أحد قراءتها.",
    ),
    "hi": Words(
        "<मीडिया के बिना>",
        "फाइल अटैच कर दी गई है",
        "फ़ोटो हटाई गई",
        "अटैच किया गया",
        "यह मैसेज डिलीट कर दिया गया है",
        "This message was edited",
        "मिस्ड वॉइस कॉल",
        "मैसेजेस और कॉल्स एंड-टू-एंड एन्क्रिप्टेड हैं.",
    ),
    "ru": Words(
        "<Без медиафайлов>",
        "файл добавлен",
        "изображение отсутствует",
        "прикреплено",
        "Данное сообщение удалено",
        "Сообщение изменено",
        "Пропущенный аудиозвонок",
        "Сообщения и звонки защищены сквозным шифрованием. Подробнее.",
    ),
    "tr": Words(
        "<Medya dahil edilmedi>",
        "dosya ekli",
        "görüntü dahil edilmedi",
        "eklendi",
        "Bu mesaj silindi",
        "Bu mesaj düzenlendi",
        "Cevapsız sesli arama",
        "Mesajlar ve aramalar uçtan uca şifrelidir. Daha fazla bilgi edinmek için dokunun.",
    ),
}


class Said(NamedTuple):
    """One thing of the conversation that is known."""

    at: datetime
    sender: str
    text: str = ""
    file: str = ""
    kind: EntryKind = MESSAGE
    edited: bool = False

    def written(self, phone, words):
        """What stands in the file behind the stamp."""
        mark = LRM if phone.iphone else ""
        sender = "Group 12" if self.kind is SYSTEM else self.sender
        named = "" if self.kind is SYSTEM and not phone.iphone else f"{sender}: "
        edited = f" {mark}<{words.edited}>" if self.edited else ""
        return named + self._content(phone.iphone, words, mark) + edited

    def _content(self, iphone, words, mark):
        match self.kind, bool(self.file), iphone:
            case EntryKind.MEDIA, True, True:
                return (self.text + " " if self.text else "") + f"{LRM}<{words.attached_iphone}: {self.file}>"
            case EntryKind.MEDIA, True, False:
                return f"{LRM}{self.file} ({words.attached})" + ("\n" + self.text if self.text else "")
            case EntryKind.MEDIA, False, _:
                return mark + (words.image if iphone else words.omitted) + ("\n" + self.text if self.text else "")
            case EntryKind.DELETED, _, _:
                return mark + words.deleted
            case EntryKind.CALL, _, _:
                return mark + words.missed
            case EntryKind.SYSTEM, _, _:
                return mark + words.notice
        return self.text

    def expected(self, phone, words):
        """What reading it should give: time, sender, text, names of files, kind, edited."""
        sender = self.sender
        if self.kind is SYSTEM:
            sender = "Group 12" if phone.iphone else None
        text = self._content(phone.iphone, words, "")
        if self.kind is MEDIA and self.file:
            text = self.text
        media = (self.file,) if self.file else ()
        at = self.at if phone.iphone and "h " not in phone.clock.pattern else self.at.replace(second=0)
        return at, sender, text, media, self.kind, self.edited


def written(said, phone, words=LANGUAGES["en"], newline="\n"):
    return "".join(phone.stamp(one.at) + one.written(phone, words).replace("\n", newline) + newline for one in said)


def read_back(export):
    return [(e.at, e.sender, e.text, e.media, e.kind, e.edited) for e in export.entries]


def rows(text, **options):
    """What most tests look at."""
    entries = read_export(text, zone=options.pop("zone", BERLIN), **options).entries
    return [(e.sender, e.text, e.media, e.kind) for e in entries]


# Conversations.


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=TOKYO)


plain = st.characters(exclude_categories=["Cc", "Cf", "Cs"])
line = st.text(plain, max_size=20) | st.sampled_from(
    [
        "",
        " ",
        "a: b",
        "https://example.org/a:b",
        "<3",
        "> 5",
        "31/12: closed",
        "note (see below)",
        "12:30",
        "<a: b>",
        '"',
    ]
)
text = st.lists(line, min_size=1, max_size=3).map("\n".join)
sender = st.sampled_from(
    [
        "Kim",
        "Zoë 🌻",
        "👩‍👩‍👧 Familie",
        "a:b",
        "Ana - Büro",
        "小明",
        "محمد",
        "+491705551234",
        "O'Neil (shop)",
        "[Bo]",
        "~ Nev",
    ]
)
file = st.sampled_from(
    ["IMG-20241231-WA0001.jpg", "00000012-PHOTO-2024-12-31-21-41-07.jpg", "Rechnung (2).pdf", "Ana.vcf"]
)


@st.composite
def conversations(draw, least=1, first_day=date(2024, 5, 13)):
    """What people said, in the order of time, beginning on a day that is no month."""
    at = noon(first_day) + timedelta(minutes=draw(st.integers(-720, 719)))
    said = []
    for _ in range(draw(st.integers(least, 6))):
        at += timedelta(seconds=draw(st.integers(0, 90) | st.integers(0, 40 * 86400)))
        kind = draw(st.sampled_from([MESSAGE, *EntryKind]))
        words = draw(text) if kind in (MESSAGE, MEDIA) else ""
        if kind is MEDIA:
            words = words.strip().replace("\n", " ")
        said.append(Said(at, draw(sender), words, draw(file) if kind is MEDIA and draw(st.booleans()) else "", kind))
    if draw(st.booleans()):
        said = [one._replace(edited=one.kind is MESSAGE and one.text.strip() == one.text != "") for one in said]
    return said


phones = st.builds(
    Phone,
    st.sampled_from(DATES),
    st.sampled_from(CLOCKS),
    st.booleans(),
    st.sampled_from(COMMAS),
    st.sampled_from(DIGITS),
)


@given(conversations(), phones, st.sampled_from(sorted(LANGUAGES)), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_was_written_is_read_back(said, phone, language, newline, bom):
    words = LANGUAGES[language]
    file = "\ufeff" * bom + written(said, phone, words, newline)
    export = read_export(file, zone=TOKYO, dates=phone.dates.order)
    assert read_back(export) == [one.expected(phone, words) for one in said]
    assert (export.order, export.rejected, export.notes) == (phone.dates.order, (), ())


FEW = [
    Said(datetime(2024, 11, 25, 0, 7, 1, tzinfo=TOKYO), "Kim", "Hello\n\nworld"),
    Said(datetime(2024, 11, 25, 11, 59, 2, tzinfo=TOKYO), "Bo", "12:30?", edited=True),
    Said(datetime(2024, 11, 30, 12, 5, 3, tzinfo=TOKYO), "Kim", "this", "IMG-20241130-WA0001.jpg", MEDIA),
    Said(datetime(2024, 12, 1, 23, 9, 4, tzinfo=TOKYO), "Kim", kind=DELETED),
    Said(datetime(2025, 1, 2, 23, 9, 4, tzinfo=TOKYO), "Bo", "end"),
]


@pytest.mark.slow
@pytest.mark.parametrize("iphone", [False, True])
@pytest.mark.parametrize("dates", DATES, ids=lambda dates: dates.pattern)
def test_every_date_with_every_clock(dates, iphone):
    for clock, comma, digits in itertools.product(CLOCKS, COMMAS, DIGITS):
        phone = Phone(dates, clock, iphone, comma, digits)
        export = read_export(written(FEW, phone), zone=TOKYO)
        assert read_back(export) == [one.expected(phone, LANGUAGES["en"]) for one in FEW], phone
        assert (export.order, export.notes, export.rejected) == (dates.order, (), ())


@pytest.mark.parametrize("iphone", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(language, iphone):
    words = LANGUAGES[language]
    phone = Phone(DATES[0], CLOCKS[0], iphone)
    at = datetime(2024, 12, 31, 21, 41, tzinfo=TOKYO)
    kinds = [Said(at, "Kim", kind=kind) for kind in EntryKind]
    said = [
        *kinds,
        Said(at, "Kim", "look", "a.jpg", MEDIA),
        Said(at, "Kim", "look", "", MEDIA),
        Said(at, "Bo", "x", edited=True),
    ]
    export = read_export(written(said, phone, words), zone=TOKYO)
    assert read_back(export) == [one.expected(phone, words) for one in said]


# Any text.

pieces = st.sampled_from(
    [
        *(
            "31/12/24, 21:41 - ",
            "[31.12.24, 21:41:07] ",
            "05/06/24, 1:05 PM - ",
            "06.05.2024 21:41: ",
            "2024/1/2 3:04 - ",
        ),
        *(
            "Kim",
            ": ",
            "Bo: x: ",
            "<Media omitted>",
            "<attached: a.jpg>",
            " (file attached)",
            "\n",
            "\r\n",
            "\n\n",
            " ",
            "-",
        ),
        *(
            LRM,
            "\u200f",
            "\ufeff",
            "[",
            "]",
            "<",
            ">",
            "1",
            "/",
            ".",
            ":",
            '"',
            "上午",
            "am",
            "This message was deleted",
        ),
        *(
            "\0",
            "\ud800",
            "\u2028",
            "\x85",
            "٣",
            "+49 170 5551234: ",
            "99/99/99, 99:99 - ",
            "02:30",
            "27/10/24, 02:30 - a: b\n",
        ),
    ]
)
any_text = st.lists(pieces | st.text(max_size=5), max_size=30).map("".join) | st.text(st.characters())


def lines_of(text):
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


@given(
    any_text,
    st.sampled_from([TOKYO, BERLIN, NEW_YORK]),
    st.none() | st.text(max_size=5),
    st.none() | st.sampled_from(DateOrder),
)
@example("31/12/24, 21:41 - ", BERLIN, None, None)
@example("27/10/24, 02:30 - a: b\n" * 3, BERLIN, "a", None)
@example("31/12/24, 21:41 - \ud800: \ud800\0", BERLIN, "\ud800", None)
def test_any_text_is_read_and_each_line_belongs_somewhere(file, zone, own_name, dates):
    export = read_export(file, zone=zone, own_name=own_name, dates=dates)
    spans = sorted((one.line, one.lines) for one in (*export.entries, *export.rejected))
    lines = lines_of(file)
    assert sum(count for _, count in spans) == len(lines)
    assert [start for start, _ in spans] == [1 + sum(count for _, count in spans[:i]) for i in range(len(spans))]
    for entry in export.entries:
        whole = "\n".join(one.removesuffix("\r") for one in lines[entry.line - 1 : entry.line - 1 + entry.lines])
        assert entry.kind is not MESSAGE or entry.edited or whole.endswith(entry.text)
        assert all(name in whole for name in entry.media)
    assert len({entry.external_id for entry in export.entries}) == len(export.entries)
    assert (export.order is None) == (export.entries == ()), "nothing is read without an order"


@given(any_text)
def test_reading_twice_gives_the_same(file):
    assert read_export(file, zone=BERLIN) == read_export(file, zone=BERLIN)


# The order of dates.

AMBIGUOUS = [dates for dates in DATES if dates.order is not YEAR]
early = st.integers(2009, 2040).flatmap(lambda year: st.dates(date(year, 1, 1), date(year, 12, 31)))


@given(st.lists(early, min_size=1, max_size=4).map(sorted), st.sampled_from(AMBIGUOUS))
@example([date(2024, 12, 24), date(2024, 12, 25)], DATES[2])
def test_dates_are_read_as_they_were_meant_or_not_at_all(days, dates):
    said = [Said(noon(day), "Kim", "x") for day in days]
    file = written(said, Phone(dates, CLOCKS[0]))
    meant = [one.at for one in said]
    export = read_export(file, zone=TOKYO)
    if export.entries:
        assert [row[0] for row in read_back(export)] == meant
    else:
        [rejected] = export.rejected
        assert rejected.field == "dates"
        assert all(day.day <= 12 for day in days)
        again = read_export(file, zone=TOKYO, dates=dates.order)
        assert [row[0] for row in read_back(again)] == meant


@given(st.lists(st.dates(date(2009, 1, 1), date(2040, 12, 31)), min_size=1, max_size=4).map(sorted))
def test_a_day_after_the_twelfth_anywhere_settles_it(days):
    for order, pattern in ((DAY, "{d}/{m}/{Y}"), (MONTH, "{m}/{d}/{Y}")):
        days = sorted([*days, date(2024, 5, 13)])
        said = [Said(noon(day), "Kim", "x") for day in days]
        assert read_export(written(said, Phone(Dates(order, pattern), CLOCKS[0])), zone=TOKYO).order is order


def test_time_that_goes_forward_settles_it():
    file = "03/04/24, 21:41 - Kim: a\n02/05/24, 21:41 - Kim: b\n"
    assert read_export(file, zone=BERLIN).order is DAY, "month first would go back a month"
    assert read_export("04/03/24, 21:41 - Kim: a\n05/02/24, 21:41 - Kim: b\n", zone=BERLIN).order is MONTH


def test_clocks_put_back_are_no_step_backwards():
    file = "11/3/24, 01:50 - Kim: a\n11/3/24, 01:10 - Kim: b\n"
    assert read_export(file, zone=NEW_YORK).order is MONTH, "the clocks of New York were put back on November 3"
    assert read_export(file, zone=TOKYO).order is None


def test_what_can_be_read_in_two_ways_is_not_read():
    file = "04/04/24, 9:00 - Kim: a\n05/04/24, 9:01 - Kim: b\n"
    export = read_export(file, zone=BERLIN)
    assert (export.entries, export.order) == ((), None)
    [rejected] = export.rejected
    assert (rejected.line, rejected.field, rejected.lines) == (1, "dates", 2)
    assert rejected.reason == (
        "line 2 (05/04/24) is 2024-04-05 with the day first and 2024-05-04 with the month first, "
        "and no line tells which: say it in `dates`"
    )
    assert [e.at.month for e in read_export(file, zone=BERLIN, dates=MONTH).entries] == [4, 5]


def test_two_ways_that_mean_the_same_are_one():
    assert len(read_export("04/04/24, 9:00 - Kim: a\n05/05/24, 9:01 - Kim: b\n", zone=BERLIN).entries) == 2


def test_time_that_goes_back_in_both_ways_settles_nothing():
    [rejected] = read_export("04/05/24, 9:01 - Kim: a\n04/05/24, 9:00 - Kim: b", zone=BERLIN).rejected
    assert "time goes backwards in each" in rejected.reason


def test_lines_that_contradict_each_other_are_both_named():
    file = "01/02/24, 9:00 - Kim: a\n13/05/24, 9:00 - Kim: b\nand\n05/31/24, 9:00 - Kim: c\n"
    [rejected] = read_export(file, zone=BERLIN).rejected
    assert (rejected.field, rejected.lines) == ("dates", 4)
    assert "line 2 (13/05/24)" in rejected.reason
    assert "line 4 (05/31/24)" in rejected.reason
    chosen = read_export(file, zone=BERLIN, dates=DAY)
    assert [entry.text for entry in chosen.entries] == ["a", "b\nand\n05/31/24, 9:00 - Kim: c"]
    assert [(note.line, note.field) for note in chosen.notes] == [(4, "line")]


def test_nobody_may_say_what_the_file_denies():
    export = read_export("13/05/24, 9:00 - Kim: a\n", zone=BERLIN, dates=MONTH)
    assert export.entries == ()
    assert export.rejected[0].reason == "line 1 (13/05/24) cannot be month first; all lines can be day first"
    export = read_export("01/02/24, 9:00 - Kim: a\n13/05/24, 9:00 - Kim: a\n", zone=BERLIN, dates=MONTH)
    assert (export.entries, export.rejected[0].lines) == ((), 2)


def test_two_digits_with_the_year_first():
    assert read_export("[24. 12. 30. 오후 9:41:07] 김: x\n[25. 1. 2. 오후 9:41:07] 김: y", zone=TOKYO).order is YEAR
    korean = "[24. 12. 30. 오후 9:41:07] 김: x\n"
    assert read_export(korean, zone=TOKYO).rejected[0].field == "dates", "or the 24th of December 2030"
    assert read_export(korean, zone=TOKYO, dates=YEAR).entries[0].at.date() == date(2024, 12, 30)
    assert read_export("24/12/31, 21:41 - Kim: x\n25/1/2, 21:41 - Kim: y", zone=TOKYO).order is YEAR
    basque = "24/12/30, 21:41 - Kim: x\n24/12/31, 21:41 - Kim: y\n25/01/15, 21:41 - Kim: z"
    assert read_export(basque, zone=TOKYO).order is YEAR, "day first would go back from 2031 to 2015"
    german = "25/12/24, 21:41 - Kim: x\n25/12/24, 21:40 - Kim: y"
    assert read_export(german, zone=TOKYO).order is DAY, "a step backwards in each, and no such month"
    assert read_export("24年1月12日 21:41 - Kim: x", zone=TOKYO).order is YEAR, "the signs say it"


@pytest.mark.parametrize(
    "stamp",
    [
        "32/13/99, 10:30",
        "31/04/2024, 10:30",
        "29/02/2023, 10:30",
        "25/04/24, 25:30",
        "31/12/2567, 9:00",
        "25/04/24, 13:10 PM",
    ],
)
def test_what_is_no_date_begins_no_message(stamp):
    assert read_export(f"{stamp} - Kim: hi", zone=BERLIN).rejected[0].field == "text"
    [entry] = read_export(f"25/04/24, 10:00 - Kim: a\n{stamp} - Kim: hi", zone=BERLIN).entries
    assert entry.text == f"a\n{stamp} - Kim: hi"


# Clocks that change.


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=12), st.sampled_from([BERLIN, NEW_YORK, TOKYO]), st.booleans()
)
def test_instants_keep_the_local_time_and_the_order(minutes, zone, autumn):
    start = datetime(2024, 10, 26, 22, tzinfo=UTC) if autumn else datetime(2024, 3, 30, 22, tzinfo=UTC)
    if zone is NEW_YORK:
        start = datetime(2024, 11, 3, 4, tzinfo=UTC) if autumn else datetime(2024, 3, 10, 4, tzinfo=UTC)
    true = [start + timedelta(minutes=minute) for minute in sorted(minutes)]
    local = [at.astimezone(zone) for at in true]
    file = written([Said(at, "Kim", "x") for at in local], Phone(Dates(YEAR, "{Y}-{m:02}-{d:02}"), CLOCKS[0]))
    export = read_export(file, zone=zone)
    instants = [entry.at for entry in export.entries]
    assert [f"{at.astimezone(zone):%c}" for at in instants] == [f"{at:%c}" for at in local]
    assert instants == sorted(instants)
    assert all(at.utcoffset() == timedelta(0) for at in instants)


def test_hours_that_come_twice_or_never_are_noted():
    file = "27.10.24, 02:50 - Kim: a\n27.10.24, 02:10 - Kim: b\n30.3.25, 02:30 - Kim: c"
    export = read_export(file, zone=BERLIN)
    assert [f"{entry.at:%H:%M}" for entry in export.entries] == ["00:50", "01:10", "01:30"]
    assert [(note.line, note.field, note.reason) for note in export.notes] == [
        (1, "at", "2024-10-27 02:50:00 comes twice in Europe/Berlin; the first is taken"),
        (2, "at", "2024-10-27 02:10:00 comes twice in Europe/Berlin; the second is taken"),
        (3, "at", "2025-03-30 02:30:00 does not exist in Europe/Berlin; 2025-03-30 03:30:00 is taken"),
    ]


def test_lines_out_of_order_stay_where_they_are():
    export = read_export("25/4/24, 9:05 - Kim: a\n25/4/24, 9:01 - Bo: b\n25/4/24, 9:06 - Kim: c", zone=BERLIN)
    assert [entry.text for entry in export.entries] == ["a", "b", "c"]
    assert [(note.line, note.field) for note in export.notes] == [(2, "at")]


# Ids.


@given(conversations(least=2), phones, st.data())
def test_a_longer_export_of_the_same_chat_adds_only_what_is_new(said, phone, data):
    said += data.draw(st.lists(st.sampled_from(said), max_size=3))
    kept = data.draw(st.integers(1, len(said)))
    whole = read_export(written(said, phone), zone=TOKYO, dates=phone.dates.order)
    start = read_export(written(said[:kept], phone), zone=TOKYO, dates=phone.dates.order)
    ids = [entry.external_id for entry in whole.entries]
    assert [entry.external_id for entry in start.entries] == ids[:kept]
    assert len(set(ids)) == len(said)


def test_ids_survive_a_cut_beginning_another_zone_and_files_left_out():
    end = "\nlook\n25/4/24, 9:06 - Bo: ok\n"
    with_files = "25/4/24, 9:00 - Kim: old\n25/4/24, 9:05 - Kim: IMG-20240425-WA0001.jpg (file attached)" + end
    first = read_export(with_files, zone=BERLIN)
    second = read_export("25/4/24, 9:05 - Kim: <Media omitted>" + end, zone=TOKYO)
    assert [e.external_id for e in first.entries[1:]] == [e.external_id for e in second.entries]
    other = read_export("25/4/24, 9:06 - Bo: OK\n", zone=TOKYO)
    assert other.entries[0].external_id != second.entries[1].external_id


# Who writes.


def test_who_we_are_and_who_the_customers_are():
    stranger = "\u202a+49 170 555\u20111234\u202c"
    file = f"25/4/24, 9:00 - Shop: hi\n25/4/24, 9:01 - {stranger}: hello\n25/4/24, 9:02 - Shop added Bo\n"
    export = read_export(file, zone=BERLIN, own_name="Shop ")
    assert [entry.own for entry in export.entries] == [True, False, False]
    assert (export.customers, export.notes) == (("+491705551234",), ())
    assert read_export(file, zone=BERLIN).customers == ("Shop", "+491705551234")


def test_our_own_number_may_be_written_otherwise():
    assert read_export("25/4/24, 9:00 - +49 170 555-1234: x", zone=BERLIN, own_name="+491705551234").entries[0].own


def test_a_group_is_reported():
    file = "25/4/24, 9:00 - Shop: hi\n25/4/24, 9:01 - Kim: a\n25/4/24, 9:02 - Bo: b\n"
    export = read_export(file, zone=BERLIN, own_name="Shop")
    assert export.customers == ("Kim", "Bo")
    assert [(n.line, n.field, n.reason) for n in export.notes] == [
        (3, "sender", "2 others write, so this is a group: Kim, Bo")
    ]


def test_an_own_name_that_nobody_has_is_reported():
    [note] = read_export("25/4/24, 9:00 - Kim: hi", zone=BERLIN, own_name="Shop").notes
    assert (note.field, note.reason) == ("own_name", "nobody writes as 'Shop'; there are Kim")


def test_who_calls_themselves_like_us_is_not_we():
    export = read_export(f"[25.04.24, 09:00:00] ~{NNBSP}Shop: give me a refund", zone=BERLIN, own_name="Shop")
    assert not export.entries[0].own


@pytest.mark.parametrize(
    "name", ["a:b", "Kim 🌻:)", "10:30 Club", "Kim - Bo", "Kim (shop)", "'Kim'", "Dr.\xa0Bo", "“Kim”"]
)
def test_names_with_signs_in_them(name):
    assert rows(f"25/4/24, 9:00 - {name}: a: b")[0][:2] == (name.replace("\xa0", " "), "a: b")


def test_a_name_with_a_colon_and_a_blank_is_known_by_what_whatsapp_writes_behind_it():
    file = "25/4/24, 9:00 - Work: Kim: hi\n25/4/24, 9:01 - Work: Kim: <Media omitted>\n"
    assert [row[:2] for row in rows(file)] == [("Work: Kim", "hi"), ("Work: Kim", "<Media omitted>")]
    assert [row[0] for row in rows(file + "25/4/24, 9:02 - Work: no\n")] == ["Work"] * 3, "Work writes as well"
    assert [row[0] for row in rows("25/4/24, 9:00 - Work: Kim: hi\n" * 2)] == ["Work"] * 2, "no evidence"
    assert [row[0] for row in rows(file, own_name="Work")] == ["Work: Kim"] * 2, "Work alone never writes"
    iphone = "[25/4/24, 9:00:00] Kim: look: <attached: a.jpg>"
    assert rows(iphone) == [("Kim", "look:", ("a.jpg",), MEDIA)], "a caption, not a name"
    assert rows("25/4/24, 9:00 - Work: Kim: hi", own_name="Work: Kim")[0][:2] == ("Work: Kim", "hi")


# What stands in a file.


def test_messages_of_many_lines_keep_them():
    file = "25/4/24, 9:00 - Kim: \n\na\n\n25/4/24, 9:01 - Bo: b\n\n"
    export = read_export(file, zone=BERLIN)
    assert [(e.line, e.lines, e.text) for e in export.entries] == [(1, 4, "\n\na\n"), (5, 2, "b\n")]


def test_quoted_messages_of_another_shape_are_text_and_noted():
    quoted = "see\n[24.04.24, 21:41:07] Bo: no\n25/4/2024, 9:05 - Bo: no\n25/4/24, 9:05:06 - Bo: no"
    export = read_export(f"25/4/24, 9:00 - Kim: {quoted}\n25/4/24, 9:01 - Kim: ok\n", zone=BERLIN)
    assert [entry.text for entry in export.entries] == [quoted, "ok"]
    assert [(note.line, note.field) for note in export.notes] == [(2, "line"), (3, "line"), (4, "line")]
    assert "written otherwise than line 1" in export.notes[0].reason


@pytest.mark.parametrize(
    "copied", ["[24/4, 21:41] Bo: no", "[21:41, 24/04/2024] Bo: no", "24.04. um 21:41 - Bo", "9:00 - Kim: a"]
)
def test_what_the_apps_copy_is_no_beginning(copied):
    export = read_export(f"25/4/24, 9:00 - Kim: see\n{copied}\n", zone=BERLIN)
    assert (export.entries[0].text, export.notes) == (f"see\n{copied}", ())


def test_lines_before_the_first_message_are_rejected():
    export = read_export("Chat with Kim\n\n25/4/24, 9:00 - Kim: a\n", zone=BERLIN)
    assert [(r.line, r.lines, r.field, r.reason) for r in export.rejected] == [
        (1, 2, "line", "stands before the first message")
    ]
    assert export.entries[0].line == 3


@pytest.mark.parametrize(
    "file", ["", "\n", "Dear all,\nthe meeting of 25/4/24 is at 9:00 - Kim: ok", '{"a": 1}', "From: a@example.org"]
)
def test_what_is_no_export(file):
    export = read_export(file, zone=BERLIN)
    assert export.entries == ()
    [rejected] = export.rejected
    assert (rejected.line, rejected.lines, rejected.field) == (1, len(lines_of(file)), "text")
    assert "this is no WhatsApp export" in rejected.reason


@pytest.mark.parametrize("cut", range(len("25/4/24, 9:01 - Kim: bye")))
def test_a_file_that_ends_in_the_middle(cut):
    export = read_export("25/4/24, 9:00 - Bo: hi\n" + "25/4/24, 9:01 - Kim: bye"[:cut], zone=BERLIN)
    assert export.entries[0].text.startswith("hi")
    assert sum(entry.lines for entry in export.entries) == 1 + (cut > 0)


# Lines as they are seen, by language: what stands behind the stamp, and who, what text, which files, what it is.

IPHONE, ANDROID = "[25.04.24, 21:41:07] ", "25.04.24, 21:41 - "
SEEN = [
    ("en", ANDROID, "Kim: <Media omitted>", "Kim", "<Media omitted>", (), MEDIA),
    ("en", ANDROID, "Kim: PTT-20240425-WA0003.opus (file attached)", "Kim", "", ("PTT-20240425-WA0003.opus",), MEDIA),
    ("en", ANDROID, "Kim: Invoice No. 7 (final).pdf (file attached)", "Kim", "", ("Invoice No. 7 (final).pdf",), MEDIA),
    ("en", ANDROID, "Kim: the list (not attached)", "Kim", "the list (not attached)", (), MESSAGE),
    ("en", ANDROID, "Kim: see a.pdf (page 3)", "Kim", "see a.pdf (page 3)", (), MESSAGE),
    ("en", ANDROID, "Kim: You deleted this message", "Kim", "You deleted this message", (), DELETED),
    ("en", ANDROID, "Kim: This message was deleted. Why?", "Kim", "This message was deleted. Why?", (), MESSAGE),
    ("en", ANDROID, "Kim: null", "Kim", "null", (), MESSAGE),
    ("en", ANDROID, "Kim:", "Kim", "", (), MESSAGE),
    (
        "en",
        ANDROID,
        "Kim: location: https://maps.google.com/?q=1,2",
        "Kim",
        "location: https://maps.google.com/?q=1,2",
        (),
        MESSAGE,
    ),
    ("en", ANDROID, "Kim changed the subject to “Order: 5”", None, "Kim changed the subject to “Order: 5”", (), SYSTEM),
    ("en", ANDROID, "+49 170 5551234 left", None, "+49 170 5551234 left", (), SYSTEM),
    ("en", ANDROID, "Missed video call", None, "Missed video call", (), CALL),
    (
        "en",
        IPHONE,
        f"Kim: {LRM}Missed voice call. {LRM}Tap to call back",
        "Kim",
        "Missed voice call. Tap to call back",
        (),
        CALL,
    ),
    ("en", IPHONE, f"Kim: {LRM}Voice call. {LRM}2 min", "Kim", "Voice call. 2 min", (), CALL),
    ("en", IPHONE, "Kim: Voice call", "Kim", "Voice call", (), MESSAGE),
    (
        "en",
        IPHONE,
        f"Kim: {LRM}This message was deleted by admin Bo.",
        "Kim",
        "This message was deleted by admin Bo.",
        (),
        DELETED,
    ),
    ("en", IPHONE, "Kim: Voice call at 5?", "Kim", "Voice call at 5?", (), MESSAGE),
    (
        "en",
        IPHONE,
        f"Kim: {LRM}Location: https://maps.google.com/?q=1",
        "Kim",
        f"{LRM}Location: https://maps.google.com/?q=1",
        (),
        MESSAGE,
    ),
    (
        "en",
        IPHONE,
        f"Kim: a.pdf • {LRM}2 pages {LRM}document omitted",
        "Kim",
        "a.pdf • 2 pages document omitted",
        (),
        MEDIA,
    ),
    (
        "en",
        IPHONE,
        f"Kim: a.pdf • {LRM}2 pages {LRM}<attached: 00000003-a.pdf>",
        "Kim",
        f"a.pdf • {LRM}2 pages",
        ("00000003-a.pdf",),
        MEDIA,
    ),
    (
        "en",
        IPHONE,
        f"Kim: {LRM}Kim joined using this group's invite link",
        "Kim",
        "Kim joined using this group's invite link",
        (),
        SYSTEM,
    ),
    ("en", IPHONE, f"Bo: {LRM}You added Kim", "Bo", "You added Kim", (), SYSTEM),
    (
        "en",
        IPHONE,
        f"+1 (777) 777\u20117777: {LRM}+1 (777) 777\u20117777 requested to join",
        "+17777777777",
        "+1 (777) 777\u20117777 requested to join",
        (),
        SYSTEM,
    ),
    ("de", ANDROID, "Kim: VID-20240425-WA0003.mp4 (Datei angehängt)", "Kim", "", ("VID-20240425-WA0003.mp4",), MEDIA),
    ("de", ANDROID, "Du hast diese Nachricht gelöscht.", None, "Du hast diese Nachricht gelöscht.", (), DELETED),
    ("de", IPHONE, f"Kim: {LRM}Audio weggelassen", "Kim", "Audio weggelassen", (), MEDIA),
    ("de", IPHONE, f"Kim: {LRM}Verpasster Videoanruf", "Kim", "Verpasster Videoanruf", (), CALL),
    ("es", ANDROID, "Ana: Eliminaste este mensaje.", "Ana", "Eliminaste este mensaje.", (), DELETED),
    ("es", ANDROID, "Ana: STK-20240425-WA0001.webp (archivo adjunto)", "Ana", "", ("STK-20240425-WA0001.webp",), MEDIA),
    ("es", ANDROID, 'Ana creó el grupo "Casa: obras"', None, 'Ana creó el grupo "Casa: obras"', (), SYSTEM),
    ("es", IPHONE, f"Ana: {LRM}sticker omitido", "Ana", "sticker omitido", (), MEDIA),
    ("pt", ANDROID, "Ana: Mensagem apagada", "Ana", "Mensagem apagada", (), DELETED),
    ("pt", IPHONE, f"Ana: {LRM}áudio ocultado", "Ana", "áudio ocultado", (), MEDIA),
    (
        "pt",
        IPHONE,
        f"Ana: {LRM}<anexado: 00000002-AUDIO-2024-04-25.opus>",
        "Ana",
        "",
        ("00000002-AUDIO-2024-04-25.opus",),
        MEDIA,
    ),
    ("fr", IPHONE, f"Zoé : {LRM}vidéo absente", "Zoé", "vidéo absente", (), MEDIA),
    ("fr", ANDROID, "Zoé: Vous avez supprimé ce message", "Zoé", "Vous avez supprimé ce message", (), DELETED),
    ("it", IPHONE, f"Ugo: {LRM}GIF esclusa", "Ugo", "GIF esclusa", (), MEDIA),
    ("it", ANDROID, "Ugo: Hai eliminato questo messaggio", "Ugo", "Hai eliminato questo messaggio", (), DELETED),
    ("zh-Hans", IPHONE, f"小明: {LRM}视频已忽略", "小明", "视频已忽略", (), MEDIA),
    ("zh-Hans", IPHONE, f"小明: {LRM}未接视频通话", "小明", "未接视频通话", (), CALL),
    ("zh-Hans", ANDROID, "您已删除这条消息。", None, "您已删除这条消息。", (), DELETED),
    ("zh-Hant", IPHONE, f"小明: {LRM}圖像已省略", "小明", "圖像已省略", (), MEDIA),
    ("zh-Hant", ANDROID, "小明: IMG-20240425-WA0001.jpg (附件檔案)", "小明", "", ("IMG-20240425-WA0001.jpg",), MEDIA),
    ("zh-Hant", ANDROID, "小明: 您已刪除此訊息", "小明", "您已刪除此訊息", (), DELETED),
    ("ja", IPHONE, f"花子: {LRM}スタンプは含まれていません", "花子", "スタンプは含まれていません", (), MEDIA),
    ("ja", ANDROID, "花子: <メディアは含まれていません>", "花子", "<メディアは含まれていません>", (), MEDIA),
    ("ja", ANDROID, "花子: 電話: 03-1234", "花子", "電話: 03-1234", (), MESSAGE),
    ("ko", IPHONE, f"김민수: {LRM}동영상 통화 링크", "김민수", f"{LRM}동영상 통화 링크", (), MESSAGE),
    ("ko", IPHONE, f"김민수: {LRM}부재중 영상통화", "김민수", "부재중 영상통화", (), CALL),
    ("ko", ANDROID, "김민수: <미디어 파일을 생략한 대화내용>", "김민수", "<미디어 파일을 생략한 대화내용>", (), MEDIA),
    ("ar", IPHONE, "كيم: \u200f<تم استبعاد الوسائط>", "كيم", "<تم استبعاد الوسائط>", (), MEDIA),
    ("ar", ANDROID, "\u202b+966 50 123 4567\u202c: مرحبا", "+966501234567", "مرحبا", (), MESSAGE),
    ("ar", ANDROID, "كيم: لقد حذَفت هذه الرسالة", "كيم", "لقد حذَفت هذه الرسالة", (), DELETED),
    ("hi", ANDROID, "रवि: <मीडिया के बिना>", "रवि", "<मीडिया के बिना>", (), MEDIA),
    ("hi", ANDROID, "रवि: आपने यह मैसेज डिलीट किया", "रवि", "आपने यह मैसेज डिलीट किया", (), DELETED),
    ("hi", IPHONE, f"रवि: {LRM}वीडियो छोड़ा गया", "रवि", "वीडियो छोड़ा गया", (), MEDIA),
    ("ru", ANDROID, "Оля: IMG-20240425-WA0001.jpg (файл добавлен)", "Оля", "", ("IMG-20240425-WA0001.jpg",), MEDIA),
    ("ru", ANDROID, "Оля: Вы удалили данное сообщение", "Оля", "Вы удалили данное сообщение", (), DELETED),
    ("ru", IPHONE, f"Оля: {LRM}аудиофайл отсутствует", "Оля", "аудиофайл отсутствует", (), MEDIA),
    ("tr", ANDROID, "Ayşe: Bu mesajı sildiniz", "Ayşe", "Bu mesajı sildiniz", (), DELETED),
    ("tr", IPHONE, f"Ayşe: {LRM}Çıkartma dahil edilmedi", "Ayşe", "Çıkartma dahil edilmedi", (), MEDIA),
    ("tr", IPHONE, f"Ayşe: {LRM}Cevapsız görüntülü arama", "Ayşe", "Cevapsız görüntülü arama", (), CALL),
    ("nl", IPHONE, f"Jan: {LRM}afbeelding weggelaten", "Jan", "afbeelding weggelaten", (), MEDIA),
    ("he", IPHONE, f"דנה: {LRM}התמונה הושמטה", "דנה", "התמונה הושמטה", (), MEDIA),
    (
        "sv",
        IPHONE,
        f"Eva: {LRM}<bifogat: 00000002-PHOTO-2024-04-25.jpg>",
        "Eva",
        "",
        ("00000002-PHOTO-2024-04-25.jpg",),
        MEDIA,
    ),
    ("sv", ANDROID, "Eva: IMG-20240425-WA0001.jpg (bifogad fil)", "Eva", "", ("IMG-20240425-WA0001.jpg",), MEDIA),
    ("sv", ANDROID, f"Eva: {LRM}Eva.vcf (bifogad fil)", "Eva", "", ("Eva.vcf",), MEDIA),
]


@pytest.mark.parametrize(("language", "stamp", "line", "sender", "text", "media", "kind"), SEEN)
def test_lines_as_they_are_seen(language, stamp, line, sender, text, media, kind):
    others = "".join(f"\n{stamp}{name}: Hello" for name in ("Kim", "김민수", "Bo"))
    assert rows(stamp + line + others)[0] == (sender, text, media, kind), language


def test_an_iphone_names_the_group_as_the_sender_of_notices():
    file = f"{IPHONE}Büro: {LRM}Etwas, das niemand kennt\n{IPHONE}Kim: {LRM}Etwas, das niemand kennt\n{IPHONE}Kim: hi\n"
    export = read_export(file, zone=BERLIN)
    assert [entry.kind for entry in export.entries] == [SYSTEM, MESSAGE, MESSAGE], "Kim writes, the group never does"
    assert export.customers == ("Kim",)


def test_an_iphone_names_who_did_something_as_the_sender_of_the_notice():
    file = f"{IPHONE}Kim: {LRM}Kim tat etwas\n{IPHONE}Kim: {LRM}jemand tat etwas\n{IPHONE}Kim: hi\n"
    assert [row[3] for row in rows(file)] == [SYSTEM, MESSAGE, MESSAGE]
    file = f"{IPHONE}+49 170 5551234: {LRM}+49 170 5551234 tat etwas\n{IPHONE}+49 170 5551234: hi\n"
    assert [row[3] for row in rows(file)] == [SYSTEM, MESSAGE]


@pytest.mark.parametrize(
    "text", [f"{LRM}Location: https://maps.google.com/?q=1", f"{LRM}POLL:\nWhen?\n{LRM}OPTION: now"]
)
def test_places_and_polls_are_messages_even_of_somebody_who_writes_nothing_else(text):
    assert rows(f"{IPHONE}Kim: {text}")[0] == ("Kim", text, (), MESSAGE)


def test_a_notice_that_was_copied_without_its_mark():
    notice = "Messages and calls are end-to-end encrypted. Only people in this chat can read them."
    assert rows(f"{IPHONE}Kim: {notice}\n{IPHONE}Kim: hi\n")[0] == ("Kim", notice, (), SYSTEM)


def test_a_colon_far_behind_ends_no_name():
    line = "Kim changed the description to " + "a long one " * 20 + ": ok"
    assert rows(f"{ANDROID}{line}")[0] == (None, line, (), SYSTEM)


def test_several_files_and_a_caption():
    file = f"{IPHONE}Kim: {LRM}<attached: a.jpg>\nlook {LRM}<attached: b.jpg>"
    assert rows(file) == [("Kim", "look", ("a.jpg", "b.jpg"), MEDIA)]


def test_old_versions_have_a_colon_behind_the_time():
    assert rows("25/04/2014 17:03:48: Kim: hi\n25/04/2014 17:03:49: You created group “A”\n") == [
        ("Kim", "hi", (), MESSAGE),
        (None, "You created group “A”", (), SYSTEM),
    ]


def test_entries_make_messages():
    [entry] = read_export("25/4/24, 9:00 - \u202a+49 170 5551234\u202c: hi", zone=BERLIN).entries
    inbound = Inbound("whatsapp", "shop", entry.sender, entry.text, external_id=entry.external_id, sent_at=entry.at)
    assert (inbound.sender, inbound.sent_at) == ("+491705551234", datetime(2024, 4, 25, 7, tzinfo=UTC))


# The cost.

HOSTILE = {
    "messages": "25/4/24, 9:00 - Kim: hello: you\n",
    "quotes": "25/4/24, 9:00 - Kim: a\n[25/4/24, 9:00] Bo: b\n",
    "one long line": "word ",
    "blanks": " ",
    "marks": LRM,
    "brackets": "<a: ",
    "marked brackets": LRM + "<",
    "colons": ": ",
    "digits": "1",
    "placeholders": f"{LRM}image omitted ",
    "names": "25/4/24, 9:00 - a: b: c: <Media omitted>\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_length_and_no_faster(name):
    def seconds(times):
        file = "25/4/24, 9:00 - Kim: " + HOSTILE[name] * times
        least = float("inf")
        for _ in range(3):
            start = time.process_time()
            read_export(file, zone=BERLIN)
            least = min(least, time.process_time() - start)
        return least

    times = 1000
    while seconds(times) < 0.05:
        times *= 2
    assert seconds(4 * times) < 9 * seconds(times), "four times the text, and sixteen times the work if it were squared"
