"""A blob store in memory."""

from ticketcore.checks import check_whole
from ticketcore.errors import NotFound
from ticketcore.model import Blob
from ticketcore.ports import MAX_BLOB_SIZE


class MemoryBlobs:
    """A ``BlobStore`` in memory, for tests and simulations.  A put of more than ``max_size`` bytes is refused.

    What it keeps ends with the process; a fork has a copy of its own from then on.
    """

    def __init__(self, *, max_size: int = MAX_BLOB_SIZE) -> None:
        check_whole(max_size, "MemoryBlobs.max_size", 0)
        self._max_size = max_size
        self._contents: dict[Blob, bytes] = {}

    def put(self, content: bytes) -> Blob:
        """See ``BlobStore``.  O(n) in the bytes."""
        blob = Blob.of(content, self._max_size)
        self._contents[blob] = content
        return blob

    def get(self, blob: Blob) -> bytes:
        """See ``BlobStore``.  ``NotFound`` when they are not here.  O(1)."""
        try:
            return self._contents[blob]
        except KeyError:
            raise NotFound("blob", blob.sha256) from None
