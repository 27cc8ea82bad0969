"""Zips written here are read by others, and depend on their content alone."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from plbuild import archive

MEMBERS = {"[Content_Types].xml": b"<a/>" * 500, "leer/ñandú €.txt": b"x", "empty": b""}


def test_zipfile_reads_what_was_packed() -> None:
    data = archive.pack(MEMBERS)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        assert {info.filename: package.read(info) for info in package.infolist()} == MEMBERS
        assert [info.flag_bits for info in package.infolist()] == [0, 0x800, 0]
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.create_system for info in package.infolist()} == {0}
    assert archive.read(data) == MEMBERS


def test_the_records_are_those_of_pythons_own_zipfile() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in MEMBERS.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            package.writestr(info, content)
    assert archive.pack(MEMBERS) == buffer.getvalue()


def test_pythons_own_command_finds_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archive.pack(MEMBERS))
    done = subprocess.run([sys.executable, "-m", "zipfile", "-t", str(path)], capture_output=True, check=True)  # noqa: S603  Python itself
    assert done.stdout.strip() == b"Done testing"


def test_a_member_deflated_once_goes_into_many_packages() -> None:
    shared = archive.member("shared", b"same " * 1000)
    packages = [archive.join([shared, archive.member("own", text)]) for text in (b"a", b"b")]
    assert [archive.read(data) for data in packages] == [
        {"shared": b"same " * 1000, "own": text} for text in (b"a", b"b")
    ]
    assert all(shared.packed in data for data in packages)


def test_pieces_stand_in_any_order_in_any_file() -> None:
    contents = [b"one " * 5000, b"", "zwei é ".encode() * 9, b"<three/>"]
    pieces = [archive.piece([content[:7], content[7:]]) for content in contents]
    for order in ([0, 1, 2, 3], [3, 0, 0, 2], [1], []):
        whole = b"".join(contents[place] for place in order)
        data = archive.join([archive.of_pieces("ä.xml", [pieces[place] for place in order])])
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            assert package.testzip() is None
            assert package.read("ä.xml") == whole


def test_an_empty_package() -> None:
    assert archive.read(archive.join([])) == {}


def test_too_much_for_a_zip_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="more than 65,535 members"):
        archive.join([archive.member("x", b"")] * 65_536)
    monkeypatch.setattr(archive, "_MOST_BYTES", 100)
    with pytest.raises(ValueError, match="big is larger than 4 GiB"):
        archive.member("big", bytes(101))
    with pytest.raises(ValueError, match="package is larger than 4 GiB"):
        archive.pack({"a": b"x", "b": b"x", "c": b"x"})
