"""Files kept by their content."""

import pytest

from ticketcore import NotFound
from ticketcore.model import Blob
from ticketcore.stores import MemoryBlobs


def test_the_same_bytes_are_the_same_blob():
    blobs = MemoryBlobs()
    one, two, other = blobs.put(b"picture"), blobs.put(b"picture"), blobs.put(b"")
    assert one == two != other
    assert (blobs.get(one), blobs.get(other), one.size, other.size) == (b"picture", b"", 7, 0)


def test_a_blob_is_named_by_the_sha_256_of_its_bytes():
    """The digest of "abc" is the test vector of FIPS 180-2, appendix B.1."""
    assert MemoryBlobs().put(b"abc").sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_is_not_here_is_named():
    with pytest.raises(NotFound) as missing:
        MemoryBlobs().get(Blob("0" * 64, 1))
    assert (missing.value.kind, missing.value.id) == ("blob", "0" * 64)
