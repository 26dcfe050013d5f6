"""Transfer encodings: the bytes that a part's lines stand for (RFC 2045, 6)."""

from binascii import Error, a2b_base64, a2b_qp

_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_MAX_PIECES = 250_000
"""How many pieces with padding each are told apart; programs that write such pad every line."""

_PLAIN = frozenset(("", "7bit", "8bit", "binary", "none"))


def transferred(content: bytes, encoding: str) -> tuple[bytes, str]:
    """The bytes meant, and what was odd.  Of an unknown encoding they are left as they came."""
    if encoding in _PLAIN:
        return content, ""
    if encoding == "quoted-printable":
        return a2b_qp(content), ""
    if encoding == "base64":
        return from_base64(content)
    return content, f"unknown transfer encoding {encoding[:60]}"


def from_base64(content: bytes) -> tuple[bytes, str]:
    """The bytes of base64 that may hold garbage, lack its padding, or be several pieces with padding each.

    >>> from_base64(b"aGk="), from_base64(b"a-G*k"), from_base64(b"aGk=aGk=")
    ((b'hi', ''), (b'hi', 'damaged base64'), (b'hihi', 'damaged base64'))
    """
    letters = content.replace(b"\n", b"").replace(b"\r", b"")
    try:
        return a2b_base64(letters, strict_mode=True), ""
    except Error:
        return _from_odd_base64(letters.translate(None, b" \t"))


def _from_odd_base64(letters: bytes) -> tuple[bytes, str]:
    try:
        return a2b_base64(letters, strict_mode=True), ""
    except Error:
        pieces = map(_from_piece, letters.split(b"=", _MAX_PIECES))
        return b"".join(pieces), "damaged base64" if letters else ""


def _from_piece(piece: bytes) -> bytes:
    letters = piece.translate(None, _NOT_BASE64)
    if len(letters) % 4 == 1:  # Six bits that are no byte.
        letters = letters[:-1]
    return a2b_base64(letters + b"=" * (-len(letters) % 4))
