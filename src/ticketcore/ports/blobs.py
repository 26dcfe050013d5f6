"""What keeps files."""

from typing import Protocol

from ticketcore.model import Blob


class BlobStore(Protocol):
    """Keeps bytes by their content, outside the store."""

    def put(self, content: bytes) -> Blob:
        """Keep the bytes; the same bytes again are the same blob."""
        ...

    def get(self, blob: Blob) -> bytes:
        """The bytes.  ``NotFound`` when they are not here."""
        ...
