"""Support mail as a shop might get it, made up from a seed, so that every run and every peer is given the same.

Half of the mails answer an earlier one of the same customer, mostly one of the newest threads.  About 15 % are Chinese,
35 % have the same words again as HTML, 5 % carry a file; each has a signature, and an answer quotes what it answers.
"""

import random
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import attrs

DESK = "desk@kestrel.example"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PACE = timedelta(seconds=37)
ENGLISH = (
    *("invoice", "login", "password", "refund", "order", "delivery", "error", "cannot", "access", "account", "update"),
    *("payment", "card", "please", "help", "page", "shows", "after", "reset", "browser", "mobile", "app", "crash"),
    *("yesterday", "customer", "number", "attached", "screenshot", "thanks", "urgent", "we", "tried", "twice"),
    *("still", "same", "issue", "since", "Monday", "the", "export", "fails", "with", "timeout", "while", "saving"),
    *("report", "dashboard"),
)
CHINESE = (
    "您好我的订单还没有发货请帮忙查询一下付款已经完成但是页面显示错误无法登录账户密码"
    "重置之后仍然不行谢谢退款发票地址修改快递延迟客服电话占线"
)


@attrs.frozen
class Sent:
    """One mail: its bytes ``raw``, its ``message_id`` in angle brackets, and ``thread``, which is the number of the
    mail that began it, from 0.  ``sender``, ``subject`` and ``text`` are what it says.
    """

    raw: bytes
    message_id: str
    thread: int
    sender: str
    subject: str
    text: str


def sentence(random: random.Random, chinese: bool) -> str:
    """A sentence of 8 to 18 English words, or of 12 to 40 Chinese characters."""
    if chinese:
        return "".join(random.choices(CHINESE, k=random.randint(12, 40))) + "。"
    return " ".join(random.choices(ENGLISH, k=random.randint(8, 18))).capitalize() + "."


def generate(count: int, seed: int = 1) -> list[Sent]:
    """The mails, in the order in which they come in."""
    chance = random.Random(seed)
    mails: list[Sent] = []
    threads: list[list[Sent]] = []
    for number in range(count):
        if threads and chance.random() < 0.5:
            thread = threads[-1 - int(len(threads) * chance.random() ** 2 * 0.3)]
        else:
            thread = []
            threads.append(thread)
        mail = _mail(chance, number, thread)
        thread.append(mail)
        mails.append(mail)
    return mails


def _mail(chance: random.Random, number: int, thread: list[Sent]) -> Sent:
    """The next mail of a thread, the first if it is empty."""
    chinese = chance.random() < 0.15
    if thread:
        first = thread[0]
        sender, subject, begun = first.sender, f"Re: {first.subject}", first.thread
    else:
        sender = f"customer{chance.randrange(600)}@example.org"
        subject, begun = sentence(chance, chinese)[:60].rstrip(". "), number
    message_id = f"<{number:06d}.{chance.getrandbits(64):016x}@mail.example.org>"
    text = _text(chance, chinese, thread, number)
    mail = EmailMessage()
    mail["Message-ID"] = message_id
    if thread:
        mail["In-Reply-To"] = thread[-1].message_id
        mail["References"] = " ".join(item.message_id for item in thread[-10:])
    mail["Subject"] = subject
    mail["From"] = f"Customer {sender[8:].partition('@')[0]} <{sender}>"
    mail["To"] = f"Support <{DESK}>"
    mail["Date"] = format_datetime(START + PACE * number)
    for relay in range(4):
        mail["Received"] = f"from relay{relay}.example.org by mx.helpdesk.example; {format_datetime(START)}"
    mail.set_content(text)
    if chance.random() < 0.35:
        paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
        mail.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    if chance.random() < 0.05:
        mail.add_attachment(chance.randbytes(3000), maintype="application", subtype="pdf", filename=f"shot{number}.pdf")
    return Sent(mail.as_bytes(), message_id, begun, sender, subject, text)


def _text(chance: random.Random, chinese: bool, thread: list[Sent], number: int) -> str:
    """Up to four paragraphs, a signature, and a quote of what the mail answers."""
    paragraphs = (
        " ".join(sentence(chance, chinese) for _ in range(chance.randint(1, 4))) for _ in range(chance.randint(1, 4))
    )
    text = "\n\n".join(paragraphs) + f"\n\n-- \nCustomer {number % 600}\n"
    if thread:
        quoted = "".join(f"> {line}\n" for line in thread[-1].text.splitlines()[:25])
        text += f"\nOn Mon, 2 Mar 2026 at 09:12, Support <{DESK}> wrote:\n{quoted}"
    return text
