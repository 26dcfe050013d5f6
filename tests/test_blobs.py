"""Files kept by their content: what a blob is, and what all blob stores share."""

import pytest

from ticketcore import Desk, Inbound, Parts
from ticketcore.codec import decode, encode
from ticketcore.errors import InvalidInput
from ticketcore.model import Blob, File, Kind, Message
from ticketcore.ports import MAX_BLOB_SIZE
from ticketcore.stores import DirectoryBlobs, MemoryBlobs, MemoryStore, SqliteBlobs
from ticketcore.testing import BlobStoreConformance, BlobStoreUnderTest
from ticketcore.testing.filled import filled

SMALL = 2 * 2**20
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


class TestMemoryBlobs(BlobStoreConformance):
    @pytest.fixture
    def under_test(self):
        blobs = MemoryBlobs(max_size=SMALL)
        return BlobStoreUnderTest(open=lambda: blobs, processes=False, durable=False, max_size=SMALL)


@pytest.mark.parametrize("size", [-1, True, 1.5, "1", None])
def test_a_limit_is_a_number_of_bytes(size):
    with pytest.raises(InvalidInput) as refused:
        MemoryBlobs(max_size=size)
    assert refused.value.field == "MemoryBlobs.max_size"


@pytest.mark.parametrize("make", [MemoryBlobs, DirectoryBlobs, SqliteBlobs])
def test_the_usual_limit(make, tmp_path):
    blobs = make() if make is MemoryBlobs else make(tmp_path / "blobs")
    with pytest.raises(InvalidInput, match="at most 33554432 bytes, is 33554433") as refused:
        blobs.put(bytes(MAX_BLOB_SIZE + 1))
    assert refused.value.field == "content"


def test_a_message_with_a_file_that_is_too_large_is_refused_whole():
    blobs = MemoryBlobs(max_size=10)
    desk = Desk(MemoryStore(), tenant="acme", parts=Parts(blobs=blobs))
    with pytest.raises(InvalidInput, match="at most 10 bytes, is 11"):
        desk.receive(Inbound("chat", "shop", "kim", attachments=[File(b"small"), File(b"much larger")]))
    assert desk.store.events("acme") == ()
    assert blobs.get(Blob.of(b"small")) == b"small", "it stays, and harms nobody"
