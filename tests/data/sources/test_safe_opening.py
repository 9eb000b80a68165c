"""What is hostile or broken is refused before anybody opens it, in one sentence that says what to do."""

from __future__ import annotations

import os
import socket
import sys
import zipfile

import pytest

from data.errors import DataError, EmptyFile, UnreadableFile
from data.sources import archives
from data.sources.safe_opening import check_opening


def refusal(path, kind=UnreadableFile):
    with pytest.raises(kind) as caught:
        check_opening(path)
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    assert isinstance(caught.value, DataError)
    return sentence


def test_a_good_table_passes_in_every_format(write_table):
    for name in ("a.csv", "a.xlsx", "a.ods"):
        assert check_opening(write_table([["area", "count"], ["E06000059", 5]], name)) is None


def test_a_file_that_changed_is_looked_at_again(tmp_path):
    path = tmp_path / "sent.csv"
    path.write_text("a,b\n1,2\n")
    check_opening(path)
    path.write_bytes(b"a,b\n1,\x002,3\n")
    assert "binary" in refusal(path)


of_unix = pytest.mark.skipif(sys.platform == "win32", reason="pipes, devices and links are of Unix")


@of_unix
def test_a_pipe_a_device_and_a_socket_are_refused_without_opening_them(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "pipe or a device" in refusal(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    assert "pipe or a device" in refusal(tmp_path / "zero.csv")
    monkeypatch.chdir(tmp_path)  # the address of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.csv")
        assert "pipe or a device" in refusal(tmp_path / "socket.csv")


@of_unix
def test_a_link_is_followed_only_to_a_file(tmp_path):
    (tmp_path / "good.csv").write_text("a,b\n1,2\n")
    (tmp_path / "link.csv").symlink_to("good.csv")
    check_opening(tmp_path / "link.csv")
    (tmp_path / "nowhere.csv").symlink_to("gone.csv")
    assert "no such file" in refusal(tmp_path / "nowhere.csv")
    (tmp_path / "circle.csv").symlink_to("circle.csv")
    assert "cannot be found" in refusal(tmp_path / "circle.csv")
    (tmp_path / "folder.csv").symlink_to(tmp_path)
    assert "folder" in refusal(tmp_path / "folder.csv")


def test_no_bytes_at_all(tmp_path):
    (tmp_path / "sent.csv").write_bytes(b"")
    assert "empty" in refusal(tmp_path / "sent.csv", EmptyFile)


@pytest.mark.parametrize(("at", "words"), [(3, "binary"), (70_000, "not text"), (3_000_000, "not text")])
def test_a_nul_anywhere_in_text_is_refused(tmp_path, at, words):
    content = bytearray(b"area,count\n" * 300_000)
    content[at] = 0
    (tmp_path / "sent.csv").write_bytes(content)
    assert words in refusal(tmp_path / "sent.csv")


def test_text_that_changes_its_encoding_on_the_way_is_refused_or_read_as_windows_letters(tmp_path):
    path = tmp_path / "sent.csv"
    path.write_bytes(b"area,count\n" + "Café,1\n".encode() * 100_000 + "Café,1\n".encode("cp1252"))
    check_opening(path)  # every byte is a letter of Windows-1252
    path.write_bytes(b"area,count\n" + b"\x81\x8d,1\n" * 20)
    assert "unknown way" in refusal(path)


@pytest.mark.parametrize(("letters", "passes"), [((1 << 20) - 1, True), ((1 << 20) + 10, False)])
def test_a_line_without_an_end_is_refused(tmp_path, letters, passes):
    path = tmp_path / "sent.csv"
    path.write_bytes(b"a,b\n" + b"x" * letters + b"\n1,2\n")
    if passes:
        check_opening(path)
    else:
        assert "no end" in refusal(path)


def test_a_workbook_with_a_list_of_too_many_parts_is_refused(tmp_path):
    path = tmp_path / "sent.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(archives.MAX_PARTS + 1):
            archive.writestr(f"{number}.xml", b"")
    assert "too many parts" in refusal(path)
