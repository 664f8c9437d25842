"""A planner's part of an episode's page: its recordings, scripts and notes, and which station fetched them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from broadcast_schedule import fetches, file_views, papers
from broadcast_schedule.paper_tables import EpisodeFile
from broadcast_schedule.slot_forms import read_number
from broadcast_schedule.tables import Episode, Programme
from broadcast_schedule.views import beside
from core import clock, files
from core.database import database
from core.files import Kept, TooLarge, UnknownKind
from core.problems import Problem, Refused
from core.text import clean, one_line
from core.uploads import takes
from schools.access import current_staff, requires

blueprint = Blueprint("papers", __name__, url_prefix="/plan", template_folder="templates")
MOST_BODY = max(papers.LARGEST.values()) + 1_000_000  # the fields around the file
SHOWN = 60  # stations of a file, unless all are asked for


@blueprint.app_template_filter("kind_of_file")
def kind_of_file(kind: str) -> str:
    """Rekaman"""
    return {"recording": _("Rekaman"), "script": _("Naskah"), "notes": _("Catatan guru")}.get(kind, kind)


@blueprint.app_template_filter("megabytes")
def megabytes(size: int) -> str:
    """12,3 MB; below a tenth of one 45 kB, so that nothing is 0."""
    if size < 100_000:
        return f"{format_decimal(max(round(size / 1000), 1))} kB"
    return f"{format_decimal(round(size / 1_000_000, 1))} MB"


@blueprint.get("/episodes/<int(max=2147483647):episode_id>/files")
@requires("planner")
def of_episode(episode_id: int) -> Any:
    return _page(episode_id, {}, ())


@blueprint.post("/episodes/<int(max=2147483647):episode_id>/files")
@requires("planner")
@takes(MOST_BODY)
def add(episode_id: int) -> Any:
    """``kind``, ``title`` (the file's own name where empty), ``replaces`` (id of an older one), ``file``."""
    values = {name: clean(request.form.get(name, ""), 300) for name in ("kind", "title", "replaces")}
    upload = request.files.get("file")
    try:
        kept = _kept(upload, values["kind"])
        name = ((upload and upload.filename) or "").replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
        title = one_line(values["title"]) or one_line(clean(name.replace("_", " "), 160))
        with database().writing() as db:
            replaces = read_number(values["replaces"]) if values["replaces"] else None
            papers.add(db, episode_id, values["kind"], title, kept, _me(), clock.now(), replaces, _)
    except Refused as refused:
        return _page(episode_id, values, refused.problems), 422
    flash(_("%(title)s sudah ditawarkan kepada stasiun yang menyiarkannya.", title=title), "done")
    return redirect(url_for("papers.of_episode", episode_id=episode_id), 303)


def _kept(upload: Any, kind: str) -> Kept:
    if kind not in papers.KINDS:
        raise Refused(Problem("kind", _("Jenis berkas belum dipilih."), _("Pilih rekaman, naskah, atau catatan guru.")))
    if upload is None or not upload.filename:
        raise Refused(Problem("file", _("Belum ada berkas."), _("Pilih berkasnya.")))
    try:
        return files.keep(file_views.folder(), upload.stream, most=papers.LARGEST[kind], families={papers.KINDS[kind]})
    except TooLarge:
        what = _("Berkas ini lebih besar dari %(size)s.", size=megabytes(papers.LARGEST[kind]))
        raise Refused(Problem("file", what, _("Kirim yang lebih kecil; tidak ada yang disimpan."))) from None
    except UnknownKind:
        wanted = _("MP3, OGG, WAV atau M4A") if papers.KINDS[kind] == "audio" else "PDF"
        raise Refused(
            Problem("file", _("Isi berkas ini bukan %(kinds)s.", kinds=wanted), _("Periksa jenis dan berkasnya."))
        ) from None
    except OSError:
        what = _("Berkas ini tidak dapat disimpan: tempatnya penuh atau rusak.")
        raise Refused(Problem("file", what, _("Beri tahu pengelola."))) from None


@blueprint.post("/files/<int(max=2147483647):file_id>")
@requires("planner")
def change(file_id: int) -> Any:
    """``what`` is remove or restore."""
    what = request.form.get("what", "")
    if what not in ("remove", "restore"):
        abort(404)
    try:
        with database().writing() as db:
            found = db.get(EpisodeFile, file_id) or abort(404)
            episode_id, title = found.episode_id, found.title
            act = papers.remove if what == "remove" else papers.restore
            act(db, file_id, _me(), clock.now(), _)
    except Refused as refused:
        flash(str(refused), "problem")
    else:
        done = _("%(title)s tidak ditawarkan lagi. Berkasnya tetap ada: dapat ditawarkan lagi di bawah.", title=title)
        flash(done if what == "remove" else _("%(title)s ditawarkan lagi.", title=title), "done")
    return redirect(url_for("papers.of_episode", episode_id=episode_id), 303)


@blueprint.get("/files/<int(max=2147483647):file_id>")
@requires("planner")
def download(file_id: int) -> Response:
    """The file for a planner's own eyes or ears; removed ones too. No station has fetched it by that."""
    with database().reading() as db:
        found = db.get(EpisodeFile, file_id) or abort(404)
        db.expunge_all()
    return file_views.send(found).response


def _page(episode_id: int, values: dict[str, str], problems: Any) -> str:
    now = clock.now()
    with database().reading() as db:
        episode = db.get(Episode, episode_id) or abort(404)
        every = papers.of_episode(db, episode_id)
        offered = [one for one in every if one.removed_at is None]
        return render_template(
            "broadcast_schedule/papers.html",
            episode=episode,
            programme=db.get(Programme, episode.programme_id),
            offered=[(one, fetches.by_station(db, one.id, episode_id, now)) for one in offered],
            removed=sorted((one for one in every if one.removed_at), key=lambda one: one.removed_at or now, reverse=True),
            shown=None if request.args.get("all") else SHOWN,
            kinds=[(kind, kind_of_file(kind)) for kind in papers.KINDS],
            largest=papers.LARGEST,
            values=values,
            problems=problems,
            beside=beside(problems),
        )


def _me() -> str:
    staff = current_staff()
    assert staff is not None, "requires() has let her in"
    return staff.login
