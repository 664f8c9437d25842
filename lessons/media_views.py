"""Recordings and pictures: taken in with the form that they stand on, given out at a public address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, abort, current_app, request, send_file, session
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from core import clock, files
from core.database import database
from core.problems import Problem, Refused
from lessons import enclosed, media
from lessons.enclosed import MOST_AUDIO, MOST_ENCLOSED, MOST_PICTURE, HandedIn
from schools.access import current_staff, public

blueprint = Blueprint("media", __name__)
YEAR = 31_536_000  # seconds: an address names its content, so what lies there never changes
ROOMY = 32 * 1024 * 1024  # bytes of a form with files on it: one that is too large is refused by name, and the form comes back
PARTS = 8000  # fields and files of such a form: all the questions of a quiz, pairs among them, in every language
_RECORDING = re.compile(r"(items\.\d{1,3})\.recording((?:\.[a-z]{2,3})?)")
_ENCLOSED = re.compile(r"(lessons\.\d{1,3})\.file")


@blueprint.get("/files/<string(length=64):digest>.<ending>")
@public("nobody guesses a SHA-256; networks and learners fetch it without a login")
def file(digest: str, ending: str) -> Any:
    with database().reading() as db:
        row = media.one(db, digest)
        media_type = row.media_type if row is not None else ""
    if not media_type or files.ENDINGS.get(media_type) != ending:
        abort(404)
    place = files.path_of(folder(), digest)
    if not place.is_file():
        abort(404)
    response: Response = send_file(place, mimetype=media_type, conditional=True, etag=digest, max_age=YEAR)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def folder() -> Path:
    """Where files lie."""
    return cast(Path, current_app.extensions["settings"].files_dir)


def base() -> str:
    """The service's own address, as others reach it."""
    return str(current_app.extensions["settings"].public_base_url)


def roomy(endpoint: str | None, values: dict[str, Any] | None, most: int = ROOMY) -> None:
    """A form of one who has logged in may carry files, and be read to its end so that what she typed comes back.

    For ``Blueprint.url_value_preprocessor``: it must be said before anybody looks at the form.
    """
    if request.method == "POST" and "login" in session:
        request.max_content_length, request.max_form_parts = most, PARTS


def with_files(school_id: int | None) -> tuple[dict[str, str], list[Problem]]:
    """The form's fields, with what was handed in on it kept and named in fields of their own; and what could not be taken.

    Each file is read and kept before its row is written. What is refused takes nothing else with it.
    """
    fields, problems = dict(request.form.items()), []
    for name, uploads in request.files.lists():
        for upload in uploads[:MOST_ENCLOSED]:
            recording, beside = _RECORDING.fullmatch(name), _ENCLOSED.fullmatch(name)
            of = recording or beside
            if of is None or not upload.filename or f"{of[1]}.id" not in fields:
                continue
            try:
                if recording:
                    fields[f"{of[1]}.audio{recording[2]}"] = str(taken(upload, school_id, ("audio",)))
                else:
                    _enclose(fields, of[1], str(taken(upload, school_id, ("audio", "picture"))))
            except Refused as refused:
                where = f"{of[1]}.audio{recording[2]}" if recording else f"{of[1]}.beside"
                problems += [Problem(where, problem.what, problem.remedy) for problem in refused.problems]
        for upload in uploads:
            upload.close()
    return fields, problems


def recordings(school_id: int | None) -> tuple[dict[str, str], list[Problem]]:
    """{name of the wording: what was handed in for it} of the translation form; and why one could not be taken."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for name, upload in request.files.items():
        if name.startswith("f.") and name.endswith(".audio") and upload.filename:
            try:
                found[name.removeprefix("f.")] = str(taken(upload, school_id, ("audio",)))
            except Refused as refused:
                problems += refused.problems
        upload.close()
    return found, problems


def taken(upload: FileStorage, school_id: int | None, families: tuple[str, ...]) -> HandedIn:
    """Keeps one file and writes whose it is. Raises Refused with a sentence that names the file."""
    settings, staff = current_app.extensions["settings"], current_staff()
    name = Path(upload.filename or "").name[:120]
    head = upload.stream.read(files.HEAD)
    upload.stream.seek(0)
    family = files.KINDS.get(files.media_type_of(head), ("", ()))[0]
    most = MOST_PICTURE if family == "picture" else MOST_AUDIO
    try:
        kept = files.keep(folder(), cast(BinaryIO, upload.stream), most=most, families=families)
    except files.TooLarge:
        raise Refused(_too_large(name, family)) from None
    except files.UnknownKind:
        raise Refused(_unknown(name, families)) from None
    except OSError:
        what = _("%(name)s tidak bisa disimpan sekarang.", name=name)
        raise Refused(Problem("", what, _("Coba lagi sebentar lagi."))) from None
    most_in_all = settings.media_mb_per_school * 1_000_000
    with database().writing() as db:
        return media.add(db, school_id, kept, name, staff.id if staff else None, clock.now(), most_in_all)


def _enclose(fields: dict[str, str], lesson: str, reference: str) -> None:
    """A field for one more enclosure of a lesson, with the words that were typed beside the file."""
    at = next(n for n in range(100) if f"{lesson}.beside.{n}.address" not in fields)
    fields[f"{lesson}.beside.{at}.address"] = reference
    fields[f"{lesson}.beside.{at}.label"] = fields.pop(f"{lesson}.file_label", "")


def _too_large(name: str, family: str) -> Problem:
    if family == "picture":
        what = _("%(name)s lebih besar dari %(n)s kB.", name=name, n=MOST_PICTURE // 1000)
        return Problem("", what, _("Kecilkan gambarnya dulu, misalnya dengan tangkapan layar, lalu pilih lagi."))
    what = _("%(name)s lebih besar dari %(n)s MB.", name=name, n=media.megabytes(MOST_AUDIO))
    return Problem("", what, _("Rekam lebih pendek: kira-kira satu setengah menit MP3."))


def _unknown(name: str, families: tuple[str, ...]) -> Problem:
    if "picture" in families:
        return Problem("", _("%(name)s bukan gambar atau rekaman yang kami kenal.", name=name),
                       _("Pilih JPG, PNG, WebP, MP3, WAV, OGG, atau M4A."))  # fmt: skip
    return Problem("", _("%(name)s bukan rekaman yang kami kenal.", name=name), _("Pilih MP3, WAV, OGG, atau M4A."))


def kilobytes(size: int) -> int:
    """Rounded up: what a page says before anybody loads it."""
    return -(-size // 1000)


def _handed_in(reference: object) -> HandedIn | None:
    return enclosed.read(str(reference or ""))


def _in_calls(reference: object) -> bool:
    return bool(enclosed.in_calls(str(reference or ""), base()))


_FILTERS: tuple[tuple[Callable[..., Any], str], ...] = (
    (kilobytes, "kilobytes"), (_handed_in, "handed_in"), (_in_calls, "in_calls"),
)  # fmt: skip
for _filter, _name in _FILTERS:
    blueprint.add_app_template_filter(_filter, _name)
