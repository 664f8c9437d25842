"""What hangs on an episode: recordings, scripts, teacher's notes. Offered to every station that carries it as published.

The bytes are kept before (core.files), so that no transaction waits for them. Whatever changes what a station is offered raises
its revision, as a publication does: feeds name the files. What is offered follows the published airings, not the draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from broadcast_schedule import draft, editions, timetable
from broadcast_schedule.paper_tables import EpisodeFile
from broadcast_schedule.tables import Episode, Occurrence, Station
from broadcast_schedule.words import Phrases, in_indonesian
from core.downloads import safe_name
from core.files import Kept
from core.problems import Problem, Refused
from core.text import clean, one_line

KINDS = {"recording": "audio", "script": "paper", "notes": "paper"}
"""{kind: the family of core.files that it is of}"""
LARGEST = {"recording": 60_000_000, "script": 10_000_000, "notes": 10_000_000}  # bytes
NAMES = {"recording": "rekaman", "script": "naskah", "notes": "catatan"}  # of a file whose title has no plain letter
MOST = 20  # files that an episode offers at once
BACK = timedelta(days=editions.PAST_DAYS + 2)  # as far back as a feed reaches: so long a station finds what it aired


def add(
    db: Session,
    episode_id: int,
    kind: str,
    title: str,
    kept: Kept,
    by: str,
    now: datetime,
    replaces_id: int | None = None,
    _: Phrases = in_indonesian,
) -> EpisodeFile:
    """Offers a kept file with the episode, in the place of ``replaces_id`` where that is given. Raises Refused by field."""
    title = one_line(clean(title, 160))
    if not title:
        raise Refused(Problem("title", _("Berkas ini belum berjudul."), _("Tulis judulnya.")))
    if db.get(Episode, episode_id) is None or kind not in KINDS:
        raise Refused(_("Episode itu tidak ada lagi."))
    old = db.get(EpisodeFile, replaces_id) if replaces_id is not None else None
    if replaces_id is not None and (old is None or (old.episode_id, old.kind, old.removed_at) != (episode_id, kind, None)):
        what = _("Yang hendak digantikan tidak ditawarkan lagi, atau jenisnya lain.")
        raise Refused(Problem("replaces", what, _("Pilih sekali lagi.")))
    if old is not None:
        old.removed_at, old.removed_by = now, by
        db.flush()
    if len(offered(db, episode_id)) >= MOST:
        raise Refused(
            Problem("file", _("Satu episode menawarkan paling banyak %(n)s berkas.", n=MOST), _("Cabut yang lama dahulu."))
        )
    new = EpisodeFile(
        episode_id=episode_id, kind=kind, title=title, digest=kept.digest, size=kept.size, media_type=kept.media_type,
        replaces_id=replaces_id, added_at=now, added_by=by,
    )  # fmt: skip
    _offer(db, new, _)
    tell_stations(db, episode_id, now, _)
    return new


def remove(db: Session, file_id: int, by: str, now: datetime, _: Phrases = in_indonesian) -> EpisodeFile:
    """Offers it to nobody any more. Said twice it changes nothing. Raises Refused where there is none."""
    found = _found(db, file_id, _)
    if found.removed_at is None:
        found.removed_at, found.removed_by = now, by
        db.flush()
        tell_stations(db, found.episode_id, now, _)
    return found


def restore(db: Session, file_id: int, by: str, now: datetime, _: Phrases = in_indonesian) -> EpisodeFile:
    """Offers it again; what had taken its place goes. Raises Refused where the same bytes are offered already."""
    found = _found(db, file_id, _)
    if found.removed_at is None:
        return found
    for later in _successors(db, found):
        if later.removed_at is None:
            later.removed_at, later.removed_by = now, by
    db.flush()
    found.removed_at, found.removed_by = None, ""
    _offer(db, found, _)
    tell_stations(db, found.episode_id, now, _)
    return found


def _found(db: Session, file_id: int, _: Phrases) -> EpisodeFile:
    found = db.get(EpisodeFile, file_id, with_for_update=True)
    if found is None:
        raise Refused(_("Berkas itu tidak ada."))
    return found


def _offer(db: Session, file: EpisodeFile, _: Phrases) -> None:
    try:
        with db.begin_nested():
            db.add(file)
            db.flush()
    except IntegrityError:
        what = _("Berkas yang sama persis sudah ditawarkan pada episode ini.")
        raise Refused(Problem("file", what, _("Periksa apakah Anda memilih berkas yang benar."))) from None


def _successors(db: Session, file: EpisodeFile) -> list[EpisodeFile]:
    """What replaced it, and what replaced that."""
    found: list[EpisodeFile] = []
    ids = {file.id}
    while later := list(db.scalars(select(EpisodeFile).where(EpisodeFile.replaces_id.in_(ids)))):
        found += later
        ids = {one.id for one in later}
    return found


def tell_stations(db: Session, episode_id: int, now: datetime, _: Phrases = in_indonesian) -> int:
    """A new revision for every station that airs the episode or lately did, and for these airings; how many stations."""
    editions.one_at_a_time(db, _)
    airing = _airing(now) & (Occurrence.episode_id == episode_id)
    carrying = select(Occurrence.station_id).where(airing).distinct()
    ids = list(db.scalars(select(Station.id).where(Station.id.in_(carrying)).order_by(Station.id).with_for_update()))
    for some in draft.parts(ids):
        db.execute(update(Station).where(Station.id.in_(some)).values(revision=Station.revision + 1, revised_at=now))
    if ids:
        its = select(Station.revision).where(Station.id == Occurrence.station_id).scalar_subquery()
        changed = update(Occurrence).where(airing).values(revision=its, updated_at=now)
        db.execute(changed.execution_options(synchronize_session=False))
        db.expire_all()
    return len(ids)


def _airing(now: datetime) -> ColumnElement[bool]:
    return (Occurrence.start > now - BACK) & (Occurrence.status != "cancelled")


def offered(db: Session, episode_id: int) -> list[EpisodeFile]:
    """Recordings first, then scripts, then notes."""
    return [one for one in of_episode(db, episode_id) if one.removed_at is None]


def of_episode(db: Session, episode_id: int) -> list[EpisodeFile]:
    """Removed ones too, the newest of a kind first."""
    found = db.scalars(select(EpisodeFile).where(EpisodeFile.episode_id == episode_id).order_by(EpisodeFile.id.desc()))
    return sorted(found, key=lambda one: list(KINDS).index(one.kind))


def of_airings(
    db: Session, station_id: int, slug: str, since: datetime, until: datetime, base: str
) -> Mapping[int, tuple[timetable.File, ...]]:
    """{episode: what is offered with it} of the station's airings that begin in [since, until). ``base`` begins addresses."""
    airs = exists().where(
        Occurrence.station_id == station_id, Occurrence.start >= since, Occurrence.start < until,
        Occurrence.episode_id == EpisodeFile.episode_id,
    )  # fmt: skip
    found: dict[int, list[EpisodeFile]] = {}
    for one in db.scalars(select(EpisodeFile).where(EpisodeFile.removed_at.is_(None), airs).order_by(EpisodeFile.id)):
        found.setdefault(one.episode_id, []).append(one)
    return {number: tuple(as_values(some, slug, base)) for number, some in found.items()}


def as_values(files: Iterable[EpisodeFile], slug: str, base: str) -> list[timetable.File]:
    """As feeds say them to a station, recordings first."""
    ordered = sorted(files, key=lambda one: (list(KINDS).index(one.kind), one.id))
    return [
        timetable.File(
            one.kind, one.title, one.size, one.digest, one.media_type, name_of(one), f"{base}/stations/{slug}/files/{one.digest}"
        )
        for one in ordered
    ]


def name_of(file: EpisodeFile) -> str:
    return safe_name(file.title, file.digest, file.media_type, NAMES.get(file.kind, "berkas"))


def fetchable(db: Session, station_id: int, digest: str, now: datetime) -> list[EpisodeFile]:
    """The offered files of these bytes whose episode the station airs or lately aired, as published; oldest first."""
    airs = exists().where(
        Occurrence.station_id == station_id, Occurrence.episode_id == EpisodeFile.episode_id, _airing(now)
    )  # fmt: skip
    wanted = select(EpisodeFile).where(EpisodeFile.digest == digest, EpisodeFile.removed_at.is_(None), airs)
    return list(db.scalars(wanted.order_by(EpisodeFile.id)))


def counted(db: Session, episode_ids: Iterable[int]) -> dict[int, int]:
    """{episode: how many files it offers}"""
    wanted = select(EpisodeFile.episode_id, func.count()).where(
        EpisodeFile.episode_id.in_(list(episode_ids)), EpisodeFile.removed_at.is_(None)
    )
    return dict(db.execute(wanted.group_by(EpisodeFile.episode_id)).all())


def digests(db: Session) -> set[str]:
    """All that a row names, removed ones too: what must not be swept off the disk."""
    return set(db.scalars(select(EpisodeFile.digest).distinct()))
