"""Mails for the tests: written by hand, built by the standard library, and random bytes that look like mail."""

import os
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from hypothesis import strategies as st

OURS = "support@shop.example"
PLAIN = {"From": "Kim Lee <kim@x.example>", "To": OURS, "Subject": "Late", "Message-ID": "<m1@x.example>"}

REAL = Path(os.environ.get("TICKETCORE_DATA", Path(__file__).parents[2] / "shared" / "data")) / "email" / "mails"
"""Real mails beside the checkout; what needs them is skipped without."""


def mail(body="Where is it?\n", end="\n", /, **fields):
    """A mail of these fields (an underscore for a hyphen; None leaves one out) over those of ``PLAIN``."""
    given = {name.replace("_", "-"): value for name, value in fields.items()}
    named = {**PLAIN, **given}
    lines = [f"{name}: {value}" for name, value in named.items() if value is not None]
    head = end.join(lines) + end + end
    return head.encode("utf-8", "surrogateescape") + (body if isinstance(body, bytes) else body.encode())


def mixed(*parts, kind="mixed", end="\n", boundary="B", close=True):
    """A mail of parts, each its header lines and its content."""
    body = b""
    for head, content in parts:
        content = content if isinstance(content, bytes) else content.encode()
        lines = "".join(line + end for line in head.splitlines())
        body += f"--{boundary}{end}{lines}{end}".encode() + content + end.encode()
    body += f"--{boundary}--{end}".encode() if close else b""
    return mail(body, end, MIME_Version="1.0", Content_Type=f'multipart/{kind}; boundary="{boundary}"')


LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff"), max_size=60)
WORDS = st.lists(LINES, max_size=6).map("\n".join)


@st.composite
def leaves(draw):
    if draw(st.booleans()):
        return MIMEText(draw(WORDS), "plain", "utf-8")
    return MIMEApplication(draw(st.binary(max_size=80)), Name=draw(st.sampled_from(["a.pdf", "ü b.bin", ""])))


@st.composite
def multiparts(draw, children):
    message = MIMEMultipart(draw(st.sampled_from(["mixed", "related", "alternative", "x-odd"])))
    for child in draw(st.lists(children, min_size=1, max_size=4)):
        message.attach(child)
    return message


def _raw(message):
    """With boundaries of ours, since the standard library would draw them."""
    for i, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"part {i}'s")
    return message.as_bytes()


BUILT = st.recursive(leaves(), multiparts, max_leaves=8).map(_raw)
"""Mails as the standard library builds them, nested at random."""


def _listed(text):
    return st.sampled_from(text.split(" "))


_NAMES = _listed(
    "From To Cc Sender Reply-To Return-Path Subject Date Message-ID In-Reply-To References Content-Type List-Id "
    "Content-Transfer-Encoding Content-Disposition Content-ID Auto-Submitted Precedence Delivered-To X-Odd"
)
_PIECES = _listed(
    "< > @ , ; : \" ' ( ) [ ] \\ = =? ?= ?q? ?B? utf-8 gb2312 iso-2022-jp utf-16 base64 hex undefined kim@x.example "
    "<m@x> multipart/mixed multipart/report message/rfc822 text/plain text/html boundary=B charset= filename*=%ff "
    "filename*0*=utf-8''a name= quoted-printable attachment auto-replied <> Mon, 1 Jan 2024 99999 25:61 +9999 * "
    "\u00e9 \ufffd \u202e"
) | st.sampled_from([" ", "\t", "\r\n ", "\n\t", "\r", "\0"])
_VALUES = st.lists(_PIECES, max_size=12).map(lambda pieces: "".join(pieces).encode())
_FIELDS = st.tuples(_NAMES, _VALUES | st.binary(max_size=30)).map(lambda pair: pair[0].encode() + b": " + pair[1])
_BODIES = st.sampled_from(
    [b"", b"\n--B\n", b"--B--\n", b"--B\r\nContent-Type: message/rfc822\r\n\r\n", b"<p>&#9999999999;<!--", b"=\n=ZZ"]
) | st.binary(max_size=40)

SALADS = st.tuples(
    st.lists(_FIELDS | st.binary(max_size=20), max_size=12), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.lists(_BODIES)
).map(lambda mail: mail[1].join([*mail[0], b""]) + mail[1] + b"".join(mail[2]))
"""Bytes that begin like a mail and hold what mails hold, in no order that makes sense."""


@st.composite
def mutated(draw):
    """A built mail with pieces replaced, moved or cut out."""
    raw = bytearray(draw(BUILT))
    raw[:0] = draw(SALADS)[:200]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(raw)))
        raw[at : at + draw(st.integers(0, 20))] = draw(st.binary(max_size=8))
    return bytes(raw)
