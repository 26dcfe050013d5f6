"""Files kept by their content."""

import pytest

from ticketcore import NotFound
from ticketcore.codec import decode, encode
from ticketcore.errors import InvalidInput
from ticketcore.model import Blob, Kind, Message
from ticketcore.stores import MemoryBlobs
from ticketcore.testing.filled import filled

DIGEST = "0123456789abcdef" * 4


HOSTILE = ["../../etc/passwd", DIGEST[2:] + "..", DIGEST[1:] + "/", "\0" * 64, DIGEST + "\n", "\u0663" * 64]
WRONG = ["", DIGEST[1:], DIGEST + "0", DIGEST.upper(), DIGEST.encode(), None, 7]


@pytest.mark.parametrize("sha256", [*HOSTILE, *WRONG])
def test_a_blob_with_anything_but_a_digest_cannot_be_built(sha256):
    with pytest.raises(InvalidInput, match="64 hexadecimal digits") as refused:
        Blob(sha256, 1)
    assert refused.value.field == "Blob.sha256"


@pytest.mark.parametrize("size", [-1, 1.0, "1", None, True])
def test_a_blob_with_anything_but_a_size_cannot_be_built(size):
    with pytest.raises(InvalidInput) as refused:
        Blob(DIGEST, size)
    assert refused.value.field == "Blob.size"


def test_a_stored_message_with_a_hostile_blob_is_not_decoded():
    message = filled(Message)
    text = encode(message)
    assert decode(Kind.MESSAGE, text) == message
    for other in ("../../etc/passwd", message.attachments[0].blob.sha256.upper()):
        with pytest.raises(ValueError, match="64 hexadecimal digits"):
            decode(Kind.MESSAGE, text.replace(message.attachments[0].blob.sha256, other))


def test_the_same_bytes_are_the_same_blob():
    blobs = MemoryBlobs()
    one, two, other = blobs.put(b"picture"), blobs.put(b"picture"), blobs.put(b"")
    assert one == two != other
    assert (blobs.get(one), blobs.get(other), one.size, other.size) == (b"picture", b"", 7, 0)


def test_what_is_not_here_is_named():
    with pytest.raises(NotFound) as missing:
        MemoryBlobs().get(Blob("0" * 64, 1))
    assert (missing.value.kind, missing.value.id) == ("blob", "0" * 64)
