"""What keeps files."""

from typing import Protocol

from ticketcore.model import Blob

MAX_BLOB_SIZE = 32 * 2**20
"""Bytes: the most that the blob stores of this library take at once, unless told otherwise.  A choice: room for a
long scanned document, and little enough to be held in memory a few times over."""


class BlobStore(Protocol):
    """Keeps bytes by their content, outside the store and for all tenants alike.

    **Put again.**  The same bytes are the same blob, however often and wherever they are put.  A put that has returned
    is kept: if what was there before is damaged, it is made whole.

    **All or nothing.**  A blob is there whole or not at all, whatever fails or dies when, and is seen whole.

    **Verified.**  What ``get`` gives has the size and the digest of the blob; other bytes are never returned.

    **Limited.**  An instance takes a largest number of bytes at once.  ``get`` has no limit, so that lowering it takes
    nothing away.

    A blob is never changed, and removing one is not part of this.  One instance may be used from many threads, and any
    number of instances may have the same data, in as many processes as the store says.
    """

    def put(self, content: bytes) -> Blob:
        """Keep the bytes: ``Blob.of(content)``.

        ``InvalidInput`` naming ``content`` when it is not bytes or has too many, ``StoreFailure`` when it cannot be
        kept; nothing is left behind then.
        """
        ...

    def get(self, blob: Blob) -> bytes:
        """The bytes.  ``NotFound`` when they are not here, ``StoreFailure`` when they cannot be read or are damaged."""
        ...
