"""Blob stores with one fault each, and the conformance suite over them; ``test_blob_faults.py`` runs it.

``Plain`` and ``Folder`` have none: what the others do to them is the fault.  This file's name keeps pytest from
collecting it by itself, since almost all in it fails.
"""

import hashlib
import threading
import uuid

import pytest

from ticketcore.errors import InvalidInput, NotFound, StoreFailure, StoreFault
from ticketcore.model import Blob
from ticketcore.testing import BlobStoreConformance, BlobStoreUnderTest

MAX_SIZE = 400_000


class Plain:
    """A blob store in memory, to be given a fault."""

    def __init__(self):
        self.contents = {}

    def put(self, content):
        blob = Blob.of(content, MAX_SIZE)
        self.contents[blob] = content
        return blob

    def get(self, blob):
        if blob not in self.contents:
            raise NotFound("blob", blob.sha256)
        return self.contents[blob]


class Folder:
    """A blob store in a folder, to be given a fault."""

    def __init__(self, path):
        self.path = path
        path.mkdir(exist_ok=True)

    def put(self, content):
        blob = Blob.of(content, MAX_SIZE)
        self.write(self.path / blob.sha256, content)
        return blob

    def write(self, file, content):
        part = self.part()
        part.write_bytes(content)
        part.replace(file)

    def part(self):
        return self.path / uuid.uuid4().hex

    def get(self, blob):
        try:
            content = (self.path / blob.sha256).read_bytes()
        except FileNotFoundError:
            raise NotFound("blob", blob.sha256) from None
        return self.verified(blob, content)

    def verified(self, blob, content):
        if Blob.of(content) != blob:
            raise StoreFailure(str(self.path), StoreFault.CORRUPT, "other bytes")
        return content

    def close(self):
        pass


# Bytes that come back otherwise.


class KeepsOneForEachSize(Plain):
    """The sizes are taken for names."""

    def put(self, content):
        blob = super().put(content)
        self.contents = {other: kept for other, kept in self.contents.items() if other.size != blob.size}
        self.contents[blob] = content
        return blob

    def get(self, blob):
        return next((kept for other, kept in self.contents.items() if other.size == blob.size), b"")


class CutsLongOnes(Plain):
    """A column or a buffer is too short for some."""

    def get(self, blob):
        return super().get(blob)[:2000]


class MendsEndsOfLines(Plain):
    """A file is opened as text."""

    def get(self, blob):
        return super().get(blob).replace(b"\r\n", b"\n")


class StripsSpaces(Plain):
    """A column forgets spaces at the ends."""

    def get(self, blob):
        return super().get(blob).strip(b" ")


class EndsAtZero(Plain):
    """Some driver works with C's strings."""

    def get(self, blob):
        return super().get(blob).partition(b"\0")[0]


# Names.


class NamesByChance(Plain):
    """Each put has a name of its own."""

    def put(self, content):
        Blob.of(content, MAX_SIZE)
        blob = Blob(uuid.uuid4().hex * 2, len(content))
        self.contents[blob] = content
        return blob


class NamesByAnotherDigest(Plain):
    def put(self, content):
        Blob.of(content, MAX_SIZE)
        blob = Blob(hashlib.sha3_256(content).hexdigest(), len(content))
        self.contents[blob] = content
        return blob


class GivesNothingForWhatIsMissing(Plain):
    def get(self, blob):
        return self.contents.get(blob, b"")


class RaisesWhatTheDriverRaises(Plain):
    def get(self, blob):
        return self.contents[blob]


class ShortensNames(Folder):
    """A blob is found by a part of its digest."""

    def write(self, file, content):
        super().write(file.with_name(file.name[:40]), content)

    def get(self, blob):
        try:
            return (self.path / blob.sha256[:40]).read_bytes()
        except FileNotFoundError:
            raise NotFound("blob", blob.sha256) from None


class IgnoresTheSize(Folder):
    def verified(self, blob, content):
        return super().verified(Blob(blob.sha256, len(content)), content)


# What is taken.


class TakesAnySize(Plain):
    def put(self, content):
        blob = Blob.of(content)
        self.contents[blob] = content
        return blob


class TakesOneLess(Plain):
    def put(self, content):
        Blob.of(content, MAX_SIZE - 1)
        return super().put(content)


class KeepsWhatIsTooLarge(Plain):
    """It is written, and then refused."""

    def put(self, content):
        self.contents[Blob.of(content)] = content
        return super().put(content)


class TakesText(Plain):
    def put(self, content):
        return super().put(content.encode() if isinstance(content, str) else content)


class TakesWhateverGivesBytes(Plain):
    def put(self, content):
        try:
            return super().put(bytes(content))
        except TypeError:
            raise InvalidInput("content", "must be bytes") from None


# Many at once.


class WritesToOnePlace(Folder):
    """All puts share the name of the file that they write to first."""

    def part(self):
        return self.path / "part"


class WritesToOnePlaceOfAProcess(WritesToOnePlace):
    """The threads of a process take turns, but the processes do not."""

    lock = threading.Lock()

    def write(self, file, content):
        with self.lock:
            super().write(file, content)


class RefusesTheSecond(Folder):
    """Who comes second fails over the file of the first."""

    def write(self, file, content):
        if not file.exists():
            with file.open("xb") as new:
                new.write(content)


class WritesInPlace(Folder):
    """The file has its name before it has its content."""

    def write(self, file, content):
        file.write_bytes(content)


class LocksInTheProcess(WritesInPlace):
    """The threads of a process see no halves, but other processes do."""

    lock = threading.Lock()

    def write(self, file, content):
        with self.lock:
            super().write(file, content)

    def get(self, blob):
        with self.lock:
            return super().get(blob)


class SaysThatHalvesAreMissing(WritesInPlace):
    """Halves are told from wholes when they are read, but one that is there is not written again."""

    def write(self, file, content):
        if not file.exists():
            super().write(file, content)

    def verified(self, blob, content):
        if Blob.of(content) != blob:
            raise NotFound("blob", blob.sha256)
        return content


# What lasts.


class WritesBehind(Folder):
    """What was put is written when there is time."""

    def __init__(self, path):
        super().__init__(path)
        self.waiting = {}

    def write(self, file, content):
        self.waiting[file] = content
        if len(self.waiting) > 3:
            self.close()

    def get(self, blob):
        waiting = self.waiting.get(self.path / blob.sha256)
        return super().get(blob) if waiting is None else self.verified(blob, waiting)

    def close(self):
        while self.waiting:
            super().write(*self.waiting.popitem())


class WritesBehindAndForgets(WritesBehind):
    def close(self):
        if len(self.waiting) > 3:
            super().close()


class ReturnsWhatItReads(Folder):
    def verified(self, blob, content):
        return content


class LooksAtTheSizeOnly(Folder):
    def verified(self, blob, content):
        return super().verified(Blob.of(content) if len(content) == blob.size else blob, content)


class TakesDamageForMissing(Folder):
    def verified(self, blob, content):
        if Blob.of(content) != blob:
            raise NotFound("blob", blob.sha256)
        return content


class TrustsWhatIsThere(Folder):
    """What is damaged is not made whole when it is put again."""

    def write(self, file, content):
        if not file.exists():
            super().write(file, content)


FAULTS = {
    "test_any_bytes_come_back": (KeepsOneForEachSize,),
    "test_bytes_are_not_text": (MendsEndsOfLines, StripsSpaces, EndsAtZero),
    "test_same_bytes_same_blob": (NamesByChance,),
    "test_digest_is_sha_256": (NamesByChance, NamesByAnotherDigest),
    "test_missing_blob_is_named": (GivesNothingForWhatIsMissing, RaisesWhatTheDriverRaises, ShortensNames),
    "test_size_limit": (TakesAnySize, TakesOneLess, KeepsWhatIsTooLarge, CutsLongOnes),
    "test_only_bytes": (TakesText, TakesWhateverGivesBytes),
    "test_wrong_size": (IgnoresTheSize, ReturnsWhatItReads),
    "test_puts_at_once": (WritesToOnePlace, RefusesTheSecond),
    "test_puts_at_once_between_processes": (WritesToOnePlaceOfAProcess, RefusesTheSecond),
    "test_half_a_blob": (WritesInPlace,),
    "test_half_a_blob_between_processes": (LocksInTheProcess,),
    "test_half_a_blob_when_killed": (WritesInPlace, SaysThatHalvesAreMissing, WritesBehind),
    "test_half_a_blob_when_killed_at_random": (WritesBehind,),
    "test_damaged_content": (ReturnsWhatItReads, LooksAtTheSizeOnly, TakesDamageForMissing, TrustsWhatIsThere),
    "test_opened_again": (WritesBehindAndForgets,),
}
"""Which tests of the suite must fail on which blob stores: each test on one at least."""

SOUND = (Plain, Folder)
FAULTY = tuple(dict.fromkeys(blobs for several in FAULTS.values() for blobs in several))


def garble(blobs, blob):
    file = blobs.path / blob.sha256
    file.write_bytes(file.read_bytes()[::-1])


class TestBlobs(BlobStoreConformance):
    @pytest.fixture(params=(*SOUND, *FAULTY), ids=lambda blobs: blobs.__name__)
    def under_test(self, request, tmp_path):
        if issubclass(request.param, Plain):
            blobs = request.param()
            return BlobStoreUnderTest(open=lambda: blobs, processes=False, durable=False, max_size=MAX_SIZE)
        return BlobStoreUnderTest(
            open=lambda: request.param(tmp_path / "blobs"),
            close=lambda blobs: blobs.close(),
            max_size=MAX_SIZE,
            damage=garble,
        )
