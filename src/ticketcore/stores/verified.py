"""What every blob store on disk does with the bytes that it read."""

from ticketcore.errors import NotFound, StoreFailure, StoreFault
from ticketcore.model import Blob


def verified(content: bytes, blob: Blob, path: str) -> bytes:
    """The content, which was kept in ``path`` under the digest of the blob.

    ``StoreFailure`` when it has another digest; ``NotFound`` when it has this one but not the size of the blob, which
    nobody can have put.
    """
    found = Blob.of(content)
    if found.sha256 != blob.sha256:
        detail = f"{found.size} bytes with the SHA-256 {found.sha256} are kept as the blob {blob.sha256}"
        raise StoreFailure(path, StoreFault.CORRUPT, detail)
    if found.size != blob.size:
        raise NotFound("blob", blob.sha256)
    return content
