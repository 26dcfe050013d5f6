"""Blobs in a directory: the contract of a blob store, and what is the file system's own (links, faults, leftovers)."""

import os
import resource
import stat
import sys
import tempfile
import time
from pathlib import Path

import pytest
from damage import fault_of

from ticketcore.errors import InvalidInput, NotFound, StoreFailure, StoreFault
from ticketcore.model import Blob
from ticketcore.stores import DirectoryBlobs
from ticketcore.testing import BlobStoreConformance, BlobStoreUnderTest
from ticketcore.testing.processes import in_process, in_processes

SMALL = 2 * 2**20
PICTURE = b"picture" * 1000
BLOB = Blob.of(PICTURE)


class TestDirectoryBlobs(BlobStoreConformance):
    @pytest.fixture
    def under_test(self, tmp_path):
        return BlobStoreUnderTest(
            open=lambda: DirectoryBlobs(tmp_path / "blobs", max_size=SMALL),
            max_size=SMALL,
            damage=lambda _, blob: garble(file_of(tmp_path / "blobs", blob)),
        )


def file_of(path, blob=BLOB):
    return path / blob.sha256[:2] / blob.sha256


def garble(file):
    content = file.read_bytes()
    file.write_bytes(bytes([content[0] ^ 1]) + content[1:])


def files_in(path):
    return sorted(file.name for file in path.rglob("*") if not file.is_dir())


def still_works(blobs, content=PICTURE):
    return blobs.get(blobs.put(content)) == content


@pytest.fixture
def path(tmp_path):
    return tmp_path / "blobs"


@pytest.fixture
def blobs(path):
    return DirectoryBlobs(path)


@pytest.fixture
def outside(tmp_path):
    """A place that nothing in the directory may lead to."""
    place = tmp_path / "outside"
    place.mkdir()
    return place


# What is made.


def test_a_blob_is_one_file_named_by_its_digest(path, blobs):
    assert blobs.put(PICTURE) == blobs.put(PICTURE) == BLOB
    assert file_of(path).read_bytes() == PICTURE
    assert files_in(path) == [BLOB.sha256]


def test_the_same_bytes_from_many_processes_are_one_file(path):
    in_processes([lambda: [DirectoryBlobs(path).put(PICTURE) for _ in range(20)]] * 4)
    assert files_in(path) == [BLOB.sha256]


@pytest.mark.parametrize("mask", [0, 0o22, 0o77])
def test_what_is_made_is_private(path, mask):
    def child():
        os.umask(mask)
        DirectoryBlobs(path).put(PICTURE)

    in_process(child)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in [path, *path.rglob("*")] if file.is_dir()}
    assert (modes, stat.S_IMODE(file_of(path).stat().st_mode)) == ({0o700}, 0o600)


def test_a_put_is_on_the_disk_before_it_has_its_name_and_its_name_before_the_end(path):
    """Nothing here loses power; what is seen is that the calls come in the order that survives it."""
    called = []

    def profile(_frame, event, function):
        if event == "c_call" and function in (os.fsync, os.rename, os.mkdir):
            called.append(function.__name__)

    sys.setprofile(profile)
    try:
        blobs = DirectoryBlobs(path)
        blobs.put(PICTURE)
        blobs.put(PICTURE)
    finally:
        sys.setprofile(None)
    new, known = ["mkdir", "mkdir", "fsync", "rename", "fsync", "fsync"], ["mkdir", "fsync", "fsync"]
    assert called == ["mkdir", "fsync", *new, *known]


def test_nothing_stays_open(path, blobs):
    blobs.put(b"directory instead")
    file_of(path, Blob.of(b"directory instead")).unlink()
    file_of(path, Blob.of(b"directory instead")).mkdir()
    before = os.listdir("/dev/fd")
    for _ in range(3):
        still_works(blobs)
        fault_of(lambda: blobs.put(b"directory instead"))
        fault_of(lambda: blobs.get(Blob.of(b"directory instead")))
        with pytest.raises(NotFound):
            blobs.get(Blob.of(b"missing"))
    assert os.listdir("/dev/fd") == before


def test_a_relative_path_is_where_the_process_was(tmp_path):
    def child():
        os.chdir(tmp_path)
        blobs = DirectoryBlobs("blobs")
        os.chdir("/")
        blobs.put(PICTURE)

    in_process(child)
    assert files_in(tmp_path) == [BLOB.sha256]


# Where there is no place.


@pytest.mark.parametrize("size", [-1, True, 1.5, "1", None])
def test_a_limit_is_a_number_of_bytes(path, size):
    with pytest.raises(InvalidInput) as refused:
        DirectoryBlobs(path, max_size=size)
    assert refused.value.field == "DirectoryBlobs.max_size"
    assert not path.exists()


def test_a_lower_limit_takes_nothing_away(path, blobs):
    blobs.put(PICTURE)
    assert DirectoryBlobs(path, max_size=0).get(BLOB) == PICTURE


def test_a_file_is_no_directory_and_is_left_alone(path):
    path.write_bytes(b"mine")
    assert fault_of(lambda: DirectoryBlobs(path)) is StoreFault.UNREADABLE
    assert path.read_bytes() == b"mine"


def test_the_directory_above_is_not_made(path):
    assert fault_of(lambda: DirectoryBlobs(path / "below")) is StoreFault.UNREADABLE
    assert not path.exists()


def test_a_directory_that_is_gone_is_a_failure_and_not_a_missing_blob(path, blobs):
    blobs.put(PICTURE)
    path.rename(path.with_name("elsewhere"))
    assert fault_of(lambda: blobs.get(BLOB)) is StoreFault.UNREADABLE
    assert fault_of(lambda: blobs.put(PICTURE)) is StoreFault.UNREADABLE
    path.with_name("elsewhere").rename(path)
    assert still_works(blobs)


def test_a_platform_without_what_it_takes_is_told_at_once(path, monkeypatch):
    monkeypatch.setattr(os, "supports_dir_fd", set())
    with pytest.raises(StoreFailure, match="SqliteBlobs"):
        DirectoryBlobs(path)


def test_a_file_that_may_not_grow_is_full_and_leaves_nothing(path, blobs):
    def child():
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        assert fault_of(lambda: blobs.put(PICTURE)) is StoreFault.FULL
        assert files_in(path) == []
        assert still_works(blobs, b"small")
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        assert still_works(blobs)

    in_process(child)


def test_no_descriptors_left_is_a_failure_and_leaves_nothing(path, blobs):
    def child():
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        lowest = os.open("/", os.O_RDONLY)
        os.close(lowest)
        for spare in range(4):
            resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + spare, hard))
            fault = fault_of(lambda: blobs.put(PICTURE))
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            assert fault is StoreFault.UNREADABLE
            assert files_in(path) == []
        assert still_works(blobs)

    in_process(child)


def as_nobody(work):
    """Do the work in a directory of a user who may not write everywhere, as root may."""

    def child():
        if os.getuid() == 0:
            os.setuid(65534)
        with tempfile.TemporaryDirectory() as directory:
            work(Path(directory) / "blobs")

    in_process(child)


def test_a_directory_that_may_not_be_written_says_so_and_is_read():
    def work(path):
        blobs = DirectoryBlobs(path)
        blobs.put(PICTURE)
        places = [path, path / "incoming", file_of(path).parent]
        for place in places:
            place.chmod(0o500)
        try:
            assert fault_of(lambda: blobs.put(b"another")) is StoreFault.READ_ONLY
            assert DirectoryBlobs(path).get(BLOB) == PICTURE
        finally:
            for place in places:
                place.chmod(0o700)
        assert still_works(blobs, b"another")

    as_nobody(work)


def test_a_file_that_may_not_be_read_is_no_missing_blob_and_is_written_anew():
    def work(path):
        blobs = DirectoryBlobs(path)
        blobs.put(PICTURE)
        file_of(path).chmod(0)
        assert fault_of(lambda: blobs.get(BLOB)) is StoreFault.UNREADABLE
        assert still_works(blobs)

    as_nobody(work)


# Links, and other things that are no files of ours.


def test_a_link_instead_of_a_blob_is_not_followed(path, blobs, outside):
    blobs.put(PICTURE)
    target = outside / "target"
    target.write_bytes(PICTURE)
    file_of(path).unlink()
    file_of(path).symlink_to(target)
    assert fault_of(lambda: blobs.get(BLOB)) is StoreFault.CORRUPT
    assert still_works(blobs), "the link is replaced"
    assert not file_of(path).is_symlink()
    target.write_bytes(b"left alone")
    assert blobs.get(BLOB) == PICTURE


def test_a_link_instead_of_a_subdirectory_is_not_followed(path, blobs, outside):
    blobs.put(PICTURE)
    file_of(path).parent.rename(outside / "moved")
    file_of(path).parent.symlink_to(outside / "moved")
    assert fault_of(lambda: blobs.get(BLOB)) is StoreFault.CORRUPT
    (outside / "moved" / BLOB.sha256).unlink()
    assert fault_of(lambda: blobs.put(PICTURE)) is StoreFault.CORRUPT
    assert files_in(outside) == []


def test_a_link_instead_of_the_place_for_what_comes_in_is_not_followed(path, blobs, outside):
    old = outside / "old"
    old.touch()
    os.utime(old, (0, 0))
    (path / "incoming").symlink_to(outside)
    assert fault_of(lambda: blobs.put(PICTURE)) is StoreFault.CORRUPT
    DirectoryBlobs(path)
    assert files_in(outside) == ["old"]


def test_the_directory_itself_may_be_a_link(path, outside):
    path.symlink_to(outside)
    assert still_works(DirectoryBlobs(path))
    assert files_in(outside) == [BLOB.sha256]


@pytest.mark.parametrize("content", [PICTURE, b""])
def test_a_pipe_instead_of_a_blob_is_not_waited_for(path, blobs, content):
    blob = blobs.put(content)
    file_of(path, blob).unlink()
    os.mkfifo(file_of(path, blob))
    assert fault_of(lambda: blobs.get(blob)) is StoreFault.CORRUPT
    assert still_works(blobs, content)


def test_a_directory_instead_of_a_blob_and_a_file_instead_of_a_directory_are_damage(path, blobs):
    file_of(path).mkdir(parents=True)
    assert fault_of(lambda: blobs.get(BLOB)) is StoreFault.CORRUPT
    assert fault_of(lambda: blobs.put(PICTURE)) is StoreFault.CORRUPT
    file_of(path).rmdir()
    file_of(path).parent.rmdir()
    file_of(path).parent.touch()
    assert fault_of(lambda: blobs.get(BLOB)) is StoreFault.CORRUPT
    assert fault_of(lambda: blobs.put(PICTURE)) is StoreFault.CORRUPT
    assert files_in(path) == [BLOB.sha256[:2]]


@pytest.mark.parametrize("other", [b"", PICTURE[:-1], PICTURE + b"!", PICTURE[::-1]], ids=["no", "less", "more", "as"])
def test_a_file_with_other_bytes_is_damage(path, blobs, other):
    blobs.put(PICTURE)
    file_of(path).write_bytes(other)
    assert fault_of(lambda: blobs.get(BLOB)) is StoreFault.CORRUPT
    assert still_works(blobs)
    assert file_of(path).read_bytes() == PICTURE


def test_a_file_that_was_removed_is_missing(path, blobs):
    blobs.put(PICTURE)
    file_of(path).unlink()
    with pytest.raises(NotFound):
        blobs.get(BLOB)
    assert still_works(blobs)


# What those who died left behind.


def test_what_was_left_behind_is_removed_a_day_later_and_never_a_blob(path, blobs):
    blobs.put(b"another")
    ages = {"fresh": 0, "of this morning": 12, BLOB.sha256: 48} | {f"of yesterday {i}": 25 for i in range(10)}
    for name, hours in ages.items():
        part = path / "incoming" / name
        part.write_bytes(PICTURE)
        os.utime(part, (time.time() - hours * 3600,) * 2)
        part.with_suffix(".directory").mkdir()
        os.utime(part.with_suffix(".directory"), (0, 0))
    with pytest.raises(NotFound):
        blobs.get(BLOB)
    DirectoryBlobs(path)
    assert files_in(path / "incoming") == ["fresh", "of this morning"]
    assert still_works(blobs, b"another")
