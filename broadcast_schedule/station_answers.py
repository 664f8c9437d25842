"""What a station's person is told who writes TERIMA, TOLAK, GANTI, SIAR or GAGAL. Anybody else's message is not for us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from broadcast_schedule import as_runs, offers, station_words
from broadcast_schedule.carriage_tables import StationContact
from broadcast_schedule.station_words import Said
from broadcast_schedule.tables import Station
from broadcast_schedule.words import hour, short_day
from core import clock
from core.hot import Hot, Statement
from core.problems import Refused

Phrases = Callable[..., str]
_CONTACT = Statement(
    select(StationContact.station_id, Station.time_zone)
    .join(Station, Station.id == StationContact.station_id)
    .where(StationContact.msisdn == bindparam("of"))
)


def reply_to(db: Hot, msisdn: str, text: str, now: datetime, _: Phrases) -> str | None:
    """The reply; None where the number speaks for no station, or says none of its words: then it is a learner's message."""
    said = station_words.read(text)
    if said is None:
        return None
    contact = db.one(_CONTACT, of=msisdn)
    if contact is None:
        return None
    at = clock.to_ms(now)
    row = offers.by_code(db, said.code, contact.station_id) if said.code is not None else None
    if row is None:
        if said.code is None:
            return _("Tulis juga kodenya, misalnya TERIMA 101, TOLAK 101, GANTI 101 11.00, SIAR 101 atau GAGAL 101 listrik.")
        return _("Kode %(code)s tidak ada pada stasiun Anda. Lihat kodenya di SMS tawaran atau halaman stasiun.", code=said.code)
    try:
        return _answered(db, row, said, at, _)
    except Refused as refused:
        return str(refused)


def _answered(db: Hot, row: Any, said: Said, at: int, _: Phrases) -> str:
    about = {"code": row.code, "title": row.title}
    if said.verb == "accept":
        offers.accept(db, row, "SMS", at)
        return _("Terima kasih. %(code)s %(title)s akan Anda siarkan sesudah jadwal berikutnya terbit.", **about)
    if said.verb == "decline":
        offers.decline(db, row, "SMS", at)
        return _("Tercatat: %(code)s %(title)s tidak Anda siarkan.", **about)
    if said.verb == "propose":
        if not said.time:
            return _("Tulis jamnya, misalnya GANTI %(code)s 11.00.", code=row.code)
        offers.propose(db, row, said.time, "SMS", at, _)
        return _(
            "Usul jam %(time)s untuk %(code)s %(title)s sudah diteruskan kepada penyusun.",
            time=said.time.replace(":", "."),
            **about,
        )
    airing = as_runs.newest(db, row.slot_id, row.channel_id, at)
    if airing is None:
        return _("Tidak ada siaran %(code)s %(title)s yang mulai dalam 36 jam terakhir.", **about)
    start = clock.from_ms(airing.start)
    when = f"{short_day(start, row.time_zone)} {hour(start, row.time_zone)}"
    if said.verb == "aired":
        as_runs.aired(db, airing, "sms", at)
        return _("Tercatat: %(title)s %(when)s sudah siar. Terima kasih.", title=row.title, when=when)
    if not said.rest:
        return _("Tulis juga sebabnya, misalnya GAGAL %(code)s listrik.", code=row.code)
    as_runs.failed(db, airing, said.rest, "sms", at)
    return _("Tercatat: %(title)s %(when)s tidak siar.", title=row.title, when=when)
