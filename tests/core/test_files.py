import hashlib
import io
import os

import pytest

from core import files

MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"sound" * 100
PDF = b"%PDF-1.7\n" + b"x" * 200


def kept(folder, raw, most=10_000, families=("audio", "paper")):
    return files.keep(folder, io.BytesIO(raw), most=most, families=families)


def names(folder):
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_file_is_named_by_its_content_and_kept_once(tmp_path):
    digest = hashlib.sha256(MP3).hexdigest()
    assert kept(tmp_path, MP3) == kept(tmp_path, MP3) == (digest, len(MP3), "audio/mpeg")
    assert names(tmp_path) == [f"{digest[:2]}/{digest}"]
    assert files.path_of(tmp_path, digest).read_bytes() == MP3


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xfb\x90\x00", "audio/mpeg"), (b"OggS\x00", "audio/ogg"), (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"), (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-1.4", "application/pdf"),
        (b"<svg onload=", ""), (b"<html>", ""), (b"MZ", ""), (b"PK\x03\x04", ""), (b"RIFF", ""), (b"", ""),
    ],
)  # fmt: skip
def test_the_first_bytes_tell_what_it_is(head, media_type):
    assert files.media_type_of(head) == media_type


@pytest.mark.parametrize("raw", [b"", b"<script>alert(1)</script>", b"\x89PNG\r\n\x1a\n" + b"x" * 50])
def test_what_was_not_asked_for_leaves_nothing(tmp_path, raw):
    with pytest.raises(files.UnknownKind):
        kept(tmp_path, raw)
    assert names(tmp_path) == []


def test_a_file_of_exactly_the_most_is_taken_and_one_byte_more_leaves_nothing(tmp_path):
    assert kept(tmp_path, PDF, most=len(PDF)).size == len(PDF)
    with pytest.raises(files.TooLarge):
        kept(tmp_path, PDF + b"y", most=len(PDF))
    assert len(names(tmp_path)) == 1


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", "0" * 64 + "/x"])
def test_only_a_digest_names_a_place(tmp_path, name):
    with pytest.raises(ValueError):
        files.path_of(tmp_path, name)


def test_sweeping_takes_only_what_is_old_and_unnamed(tmp_path):
    named, unnamed, young = (kept(tmp_path, PDF + bytes([n])).digest for n in range(3))
    for digest in (named, unnamed):
        os.utime(files.path_of(tmp_path, digest), (0, 0))
    part = tmp_path / ".part-left"
    part.write_bytes(b"half")
    os.utime(part, (0, 0))
    assert files.sweep(tmp_path, {named}) == 2
    assert names(tmp_path) == sorted(f"{digest[:2]}/{digest}" for digest in (named, young))
