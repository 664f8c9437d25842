"""A course with its recordings and pictures as one file: a ZIP of ``course.json`` and ``files/<SHA-256>``.

``course.json`` is what lessons.exchange.course_file writes. A course that has nothing beside it is that JSON alone. What is
read is hostile: names are looked up, never followed; a file is read to its own limit and must be what its name says.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, cast

from flask_babel import gettext as _

from core import files
from core.files import Kept
from core.problems import Problem, Refused
from lessons import enclosed
from lessons.enclosed import MOST_AUDIO, MOST_PICTURE
from lessons.exchange import course_file
from lessons.exchange.course_file import Held

MOST_BYTES = 64 * 1024 * 1024  # of the whole file
MOST_FILES = 600
COURSE = "course.json"
_END = struct.Struct("<4s4H2LH")
_WRONG = (zipfile.BadZipFile, KeyError, ValueError, EOFError, RuntimeError, zlib.error, struct.error)


def is_bundle(stream: BinaryIO) -> bool:
    """Whether it is a ZIP that says it holds a course; a spreadsheet is a ZIP too. The stream stands at its beginning after."""
    try:
        with _opened(stream) as bundle:
            return COURSE in bundle.NameToInfo
    except (OSError, *_WRONG):
        return False
    finally:
        stream.seek(0)


def write(held: Held, folder: Path, into: BinaryIO) -> None:
    """The course and every file of it that is there. Media are stored as they are: they do not get smaller."""
    raw = course_file.write(held)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(_told(COURSE, zipfile.ZIP_DEFLATED), raw)
        for digest in sorted(references(held)):
            place = files.path_of(folder, digest)
            if place.is_file():
                with place.open("rb") as source, bundle.open(_told(f"files/{digest}", zipfile.ZIP_STORED), "w") as target:
                    while piece := source.read(files.PIECE):
                        target.write(piece)


def read(stream: BinaryIO) -> Held:
    """The course alone. Raises Refused."""
    try:
        with _opened(stream) as bundle, bundle.open(COURSE) as told:
            return course_file.read(told.read(course_file.MOST_BYTES + 1))
    except (OSError, *_WRONG):
        raise Refused(_broken()) from None


def keep(stream: BinaryIO, held: Held, folder: Path) -> list[Kept]:
    """Keeps the files that the course names; what else lies in the ZIP is not looked at. Raises Refused.

    No row names them yet: where none ever does they are swept away after a day.
    """
    wanted = sorted(references(held))
    if len(wanted) > MOST_FILES:
        raise Refused(Problem("", _("Terlalu banyak rekaman dan gambar di satu berkas."), _("Bagilah menjadi dua pelajaran.")))
    kept: list[Kept] = []
    try:
        with _opened(stream) as bundle:
            for digest in wanted:
                info = bundle.NameToInfo.get(f"files/{digest}")
                if info is None:
                    continue  # it may be here already; publishing says where it is not
                with bundle.open(info) as source:
                    one = files.keep(folder, cast(BinaryIO, source), most=MOST_AUDIO, families=("audio", "picture"))
                if one.digest != digest or (one.media_type.startswith("image/") and one.size > MOST_PICTURE):
                    raise Refused(_broken())
                kept.append(one)
                if sum(each.size for each in kept) > MOST_BYTES:  # packed small: more comes out than went in
                    raise Refused(_broken())
    except (files.TooLarge, files.UnknownKind, *_WRONG):
        raise Refused(_broken()) from None
    except OSError:
        raise Refused(Problem("", _("Berkasnya tidak bisa disimpan sekarang."), _("Coba lagi sebentar lagi."))) from None
    return kept


def references(held: Held) -> set[str]:
    """The digests that a course and its quizzes play or show."""
    said: Iterable[str] = (each.address for lesson in held.course.lessons for each in lesson.enclosures)
    played: Iterable[Mapping[str, str]] = (item.audio for quiz in held.quizzes for item in quiz.items)
    found = (enclosed.read(text) for text in (*said, *(text for words in played for text in words.values())))
    return {each.digest for each in found if each is not None}


def _opened(stream: BinaryIO) -> zipfile.ZipFile:
    """Its list of contents is short and where ``write`` puts it: a long one would fill the memory before it is looked at."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _END.size - 20))
    tail = stream.read()
    if len(tail) < _END.size or tail[:4] == b"PK\x06\x07":
        raise zipfile.BadZipFile
    mark, _disk, _first, _here, entries, length, _at, comment = _END.unpack(tail[-_END.size :])
    if mark != b"PK\x05\x06" or comment or entries > MOST_FILES + 1 or length > 200 * (MOST_FILES + 1):
        raise zipfile.BadZipFile
    stream.seek(0)
    return zipfile.ZipFile(stream)


def _told(name: str, how: int) -> zipfile.ZipInfo:
    """An entry without today's date: the same course is the same file."""
    info = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
    info.compress_type, info.external_attr = how, 0o644 << 16
    return info


def _broken() -> Problem:
    return Problem("", _("Berkas pelajaran ini tidak utuh."), _("Ekspor lagi, dan jangan ubah isinya dengan tangan."))
