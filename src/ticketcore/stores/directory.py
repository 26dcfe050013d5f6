"""A blob store in a directory, for hosts with POSIX file systems.

A blob is the file ``ab/ab...``: its digest, in a subdirectory named by the first two digits of it.  It is written to
``incoming`` under a random name, brought to the disk, and renamed into place, which POSIX does whole or not at all;
then the directories are brought to the disk too.  So a name of a blob never stands for half of one, and what a process
that died has left in ``incoming`` is never taken for a blob.

Inside the directory every name is opened relative to the open directory above it, and no symbolic link is followed:
what stands there leads nowhere else.
"""

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ticketcore.checks import check_whole
from ticketcore.errors import NotFound, StoreFailure, StoreFault
from ticketcore.model import Blob
from ticketcore.ports import MAX_BLOB_SIZE
from ticketcore.stores.verified import verified

_INCOMING = "incoming"
_STALE = 24 * 60 * 60
"""Seconds without a write after which a file in ``incoming`` is nobody's: no put takes that long."""

_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
"""Of a pipe that stands where a blob should be: do not wait for its writer."""

_FAULTS = {
    errno.ENOSPC: StoreFault.FULL,
    errno.EDQUOT: StoreFault.FULL,
    errno.EFBIG: StoreFault.FULL,
    errno.EROFS: StoreFault.READ_ONLY,
    errno.ELOOP: StoreFault.CORRUPT,
    errno.ENOTDIR: StoreFault.CORRUPT,
    errno.EISDIR: StoreFault.CORRUPT,
    errno.ENXIO: StoreFault.CORRUPT,
}
"""The last four: a link, or something else that is neither file nor directory, stands where we made one."""
_DENIED = (errno.EACCES, errno.EPERM)


class DirectoryBlobs:
    """A ``BlobStore`` in the directory ``path``, made when it is not there; the one above it must be.

    Any number of threads and processes may use the directory at once, with one instance or with many, before and after
    a fork; an instance keeps nothing open.  A put of more than ``max_size`` bytes is refused.

    What ``put`` has returned for survives the death of the process and the loss of power, as far as the disk keeps what
    it says it has written.  What we make is readable by this user alone.  A file that somebody who died was writing is
    removed when the directory is opened a day later.

    ``StoreFailure`` when the directory cannot be used, or holds something else than we put there.
    """

    def __init__(self, path: str | os.PathLike[str], *, max_size: int = MAX_BLOB_SIZE) -> None:
        check_whole(max_size, "DirectoryBlobs.max_size", 0)
        self._path = os.path.abspath(path)
        self._max_size = max_size
        if os.open not in os.supports_dir_fd:
            detail = "this platform opens no file relative to a directory; use SqliteBlobs"
            raise StoreFailure(self._path, StoreFault.UNREADABLE, detail)
        with _failing(self._path, StoreFault.READ_ONLY):
            if _make(self._path):
                _sync(os.path.dirname(self._path))
        if not os.path.isdir(self._path):
            raise StoreFailure(self._path, StoreFault.UNREADABLE, "it is no directory")
        _sweep(self._path)

    def put(self, content: bytes) -> Blob:
        """See ``BlobStore``.  O(n) in the bytes."""
        blob = Blob.of(content, self._max_size)
        first = blob.sha256[:2]
        with _failing(self._path, StoreFault.READ_ONLY), _opened(self._path, _DIRECTORY) as root:
            _make(first, root)
            with _opened(first, _DIRECTORY | _NO_LINK, root) as directory:
                if not _holds(directory, blob.sha256, content):
                    _write(root, directory, blob.sha256, content)
                os.fsync(directory)  # Also when it was there: whoever put it may not have come this far.
            os.fsync(root)
        return blob

    def get(self, blob: Blob) -> bytes:
        """See ``BlobStore``.  O(n) in the bytes.  ``NotFound`` when they are not here."""
        with _failing(self._path, StoreFault.UNREADABLE), _opened(self._path, _DIRECTORY) as root:
            try:
                with _opened(blob.sha256[:2], _DIRECTORY | _NO_LINK, root) as directory:
                    content = _read(directory, blob.sha256)
            except FileNotFoundError:
                raise NotFound("blob", blob.sha256) from None
        return verified(content, blob, self._path)


@contextmanager
def _failing(path: str, denied: StoreFault) -> Iterator[None]:
    """Turns the errors of the system into ours; ``denied`` is what a lack of permission comes to."""
    try:
        yield
    except OSError as error:
        code = error.errno or 0
        fault = denied if code in _DENIED else _FAULTS.get(code, StoreFault.UNREADABLE)
        raise StoreFailure(path, fault, str(error)) from error


@contextmanager
def _opened(name: str, flags: int, directory: int | None = None) -> Iterator[int]:
    """The descriptor of what has this name in the directory, closed in the end."""
    descriptor = os.open(name, flags, 0o600, dir_fd=directory)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _make(name: str, directory: int | None = None) -> bool:
    """Have the subdirectory; whether it is new."""
    try:
        os.mkdir(name, 0o700, dir_fd=directory)
    except FileExistsError:
        return False
    return True


def _sync(path: str) -> None:
    with _opened(path, _DIRECTORY) as directory:
        os.fsync(directory)


def _read(directory: int, name: str) -> bytes:
    with _opened(name, os.O_RDONLY | _NO_LINK | _NO_WAIT, directory) as descriptor:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENXIO, "not a plain file", name)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read()


def _holds(directory: int, name: str, content: bytes) -> bool:
    """Whether the file has exactly this content.  One that cannot be read has not, and is written anew."""
    try:
        return _read(directory, name) == content
    except OSError:
        return False


def _write(root: int, directory: int, name: str, content: bytes) -> None:
    _make(_INCOMING, root)
    with _opened(_INCOMING, _DIRECTORY | _NO_LINK, root) as incoming:
        part = os.urandom(16).hex()
        try:
            with _opened(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, incoming) as descriptor:
                with open(descriptor, "wb", closefd=False) as file:
                    file.write(content)
                os.fsync(descriptor)
            os.rename(part, name, src_dir_fd=incoming, dst_dir_fd=directory)
        except BaseException:
            with suppress(OSError):
                os.unlink(part, dir_fd=incoming)
            raise


def _sweep(path: str) -> None:
    """Remove what nobody is writing any more; what cannot be removed does no harm."""
    oldest = time.time() - _STALE
    with suppress(OSError), _opened(path, _DIRECTORY) as root, _opened(_INCOMING, _DIRECTORY | _NO_LINK, root) as parts:
        for name in os.listdir(parts):
            with suppress(OSError):
                if os.stat(name, dir_fd=parts, follow_symlinks=False).st_mtime < oldest:
                    os.unlink(name, dir_fd=parts)
