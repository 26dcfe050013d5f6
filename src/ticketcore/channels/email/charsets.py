"""Bytes to text, whatever charset a mail declares.

Only codecs that decode text are in the table: Python knows some by whose names a mail could ask for anything else
(base64, zlib, idna, unicode_escape).  Many names stand for a wider charset than they say, since that is what the
writing programs meant: GB 2312 for GB 18030, Latin-1 for windows-1252, ISO-2022-JP for the one with vendor characters.
"""

import re
from functools import lru_cache

CERTAIN = 8
"""From so many non-ASCII bytes on, text that is valid UTF-8 is taken as such against a declared other charset.

Fewer may be both: a Chinese name of two characters in GBK is valid UTF-8 three times in a hundred.
"""

_WESTERN = "cp1252"
_JAPANESE = "iso2022_jp"
_WIDE = frozenset(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"))
_NOT_ASCII = _WIDE | {_JAPANESE, "iso2022_kr", "hz"}
"""Codecs in which bytes below 128 are not simply ASCII."""

_NAMES = {
    "utf-8": "utf8 utf8mb4 utf8mb3 unicode11utf8 unicode20utf8 utf8sig",
    **{codec: codec.replace("-", "") for codec in _WIDE},
    _WESTERN: "usascii ascii ansix341968 iso646us iso88591 latin1 l1 ibm819 cp819 windows1252 cp1252 ansi western",
    **{f"cp125{i}": f"windows125{i} cp125{i}" for i in (0, 1, 3, 5, 6, 7, 8)},
    **{f"iso8859-{i}": f"iso8859{i}" for i in (2, 3, 4, 5, 6, 7, 10, 13, 14, 15, 16)},
    "iso8859-8": "iso88598 iso88598i iso88598e",
    "cp1254": "windows1254 cp1254 iso88599 latin5",
    "cp874": "iso885911 tis620 windows874 cp874",
    "koi8-r": "koi8r koi8",
    "koi8-u": "koi8u koi8ru",
    **{f"cp{i}": f"cp{i} ibm{i}" for i in (437, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866)},
    "mac-roman": "macintosh macroman mac",
    "mac-cyrillic": "maccyrillic",
    "gb18030": "gb18030 gb2312 gb231280 gbk cp936 ms936 windows936 chinese isogb2312 cngb euccn eucgb2312cn gb",
    "hz": "hz hzgb2312",
    "cp950": "big5 big5eten cnbig5 cp950 windows950 big5tw",
    "big5hkscs": "big5hkscs",
    "cp932": "shiftjis sjis mskanji windows31j cp932 ms932 shiftjiscp932",
    "euc_jp": "eucjp eucjpms ujis cp51932",
    _JAPANESE: "iso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jpms cp50220 cp50221 cp50222 jis",
    "cp949": "ksc56011987 ksc5601 ksc56011989 kscs5601 kscs56011987 euckr cp949 windows949 uhc korean",
    "johab": "johab cp1361",
    "iso2022_kr": "iso2022kr",
}
_CODECS = {name: codec for codec, names in _NAMES.items() for name in names.split()}
_ASCII = bytes(range(128))
_HALF = b"\x81"
_MAX_PIECES = 200_000
"""How many lines and escapes of ISO-2022-JP are looked at one by one; more is no letter."""

_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI])")


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    name = re.sub("[^a-z0-9]", "", charset[:60].lower())
    return _CODECS.get(name) or _CODECS.get(name.removeprefix("cs")) or _CODECS.get(name.removeprefix("x"))


def decode(content: bytes, charset: str = "") -> tuple[str, str]:
    """The text, and what was odd, if anything.  Linear in the bytes; never raises.

    The declared charset is a claim: bytes that can only be UTF-8 are UTF-8.  What cannot be decoded becomes U+FFFD.

    >>> decode("naïve café".encode(), "iso-8859-1")
    ('naïve café', 'declared iso-8859-1, is utf-8')
    """
    codec = _codec(charset) if charset else None
    if content.isascii() and codec not in _NOT_ASCII:
        return content.decode("ascii"), ""
    if codec in _WIDE and content.isascii() and b"\0" not in content:
        return content.decode("ascii"), f"declared {charset[:60]}, is ascii"
    if codec in _WIDE:
        return _wide(content, str(codec))
    utf_8 = _strictly(content, "utf-8")
    if codec == "utf-8" and utf_8 is not None:
        return utf_8.removeprefix("\ufeff"), ""
    if codec is None:
        odd = f"unknown charset {charset[:60]}" if charset else ""
        return (utf_8, odd) if utf_8 is not None else (content.decode("utf-8", "replace"), odd or "not utf-8")
    sure = codec == _WESTERN or len(content.translate(None, _ASCII)) >= CERTAIN
    if utf_8 is not None and codec not in _NOT_ASCII and sure:
        return utf_8.removeprefix("\ufeff"), f"declared {charset[:60]}, is utf-8"
    declared = _iso_2022_jp(content) if codec == _JAPANESE else _strictly(content, codec)
    if declared is not None:
        return declared, ""
    if codec == _WESTERN:
        return content.decode("latin-1"), ""
    if utf_8 is not None and not content.isascii():
        return utf_8, f"declared {charset[:60]}, is utf-8"
    return content.decode(codec, "replace"), f"bytes that are not {charset[:60]} were replaced"


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeError:
        return None


def _wide(content: bytes, codec: str) -> tuple[str, str]:
    """UTF-16 and UTF-32: without a byte order mark, where the zeros stand says which end comes first."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff") or content[:4] == b"\0\0\xfe\xff"
    if codec in ("utf-16", "utf-32") and not marked:
        step = 2 if codec == "utf-16" else 4
        codec += "-be" if content[::step].count(0) >= content[step - 1 :: step].count(0) else "-le"
    text = _strictly(content, codec)
    if text is not None:
        return text.removeprefix("\ufeff"), ""
    utf_8 = _strictly(content, "utf-8")
    if utf_8 is not None:
        return utf_8, f"declared {codec}, is utf-8"
    return content.decode(codec, "replace"), f"bytes that are not {codec} were replaced"


def _iso_2022_jp(content: bytes) -> str | None:
    """ISO-2022-JP with the vendor characters of NEC and IBM, which Python's codec lacks but its cp932 has.

    The escapes of ISO 2022 (RFC 1468) say which set follows; a pair of JIS bytes is the same cell in Shift JIS, two
    rows to a lead byte.
    """
    text = _strictly(content, _JAPANESE)
    if text is not None or content.count(b"\n") + content.count(b"\x1b") > _MAX_PIECES:
        return text
    pieces = _ESCAPE.split(content)
    shown = [_strictly(pieces[0], "ascii")]
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape in (b"$@", b"$B"):
            lines = [_strictly(_shift_jis(line), "cp932") for line in piece.split(b"\n")]
            shown.append(None if None in lines else "\n".join(line or "" for line in lines))
        elif escape == b"(I":
            shown.append(_strictly(bytes(byte | 0x80 if 0x21 <= byte < 0x60 else byte for byte in piece), "cp932"))
        else:
            shown.append(_strictly(piece, "ascii"))
    return None if None in shown else "".join(piece or "" for piece in shown)


def _shift_jis(pairs: bytes) -> bytes:
    """The cells of JIS X 0208 as Shift JIS; half a character, which the codec refuses, for what is no row of pairs."""
    out = bytearray()
    for row, cell in zip(pairs[::2], pairs[1::2], strict=False):
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            return _HALF
        out.append((row + 1) // 2 + (0x70 if row < 0x5F else 0xB0))
        if row % 2:
            out.append(cell + (0x1F if cell < 0x60 else 0x20))
        else:
            out.append(cell + 0x7E)
    return bytes(out) if len(pairs) % 2 == 0 or pairs.endswith(b"\r") else _HALF
