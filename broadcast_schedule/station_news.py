"""What stations' contacts are due to be told: offers, a reminder of one without an answer, a question what was aired.

Each once. Rows say what is due, functions here write that it was told; who sends it is the worker.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from broadcast_schedule.carriage_tables import AskedAsRun, AsRun, Offer, StationContact
from broadcast_schedule.tables import Channel, Occurrence, Programme, Slot, Station
from broadcast_schedule.words import Phrases
from core import clock
from core.hot import Hot, Statement

REMIND_AFTER = timedelta(days=2)
ASKS_FROM, ASKS_UNTIL = 18, 20  # o'clock at the station; then quiet hours begin
LOOKS_BACK = timedelta(hours=24)
LONGEST = 160

_CONTACTS = Statement(
    select(StationContact.id, StationContact.msisdn)
    .where(StationContact.station_id == bindparam("of_station"))
    .order_by(StationContact.id)
)
_OFFERS = (
    select(
        Offer.id, Offer.code, Offer.mode, Offer.delay_minutes, Offer.offered_at, Channel.station_id, Station.time_zone,
        Programme.title, Slot.starts_at, Slot.time_zone.label("slot_zone"),
    )
    .join(Channel, Channel.id == Offer.channel_id)
    .join(Station, Station.id == Channel.station_id)
    .join(Slot, Slot.id == Offer.slot_id)
    .join(Programme, Programme.id == Slot.programme_id)
    .where(Offer.state == "offered", Slot.retired_at.is_(None))
    .order_by(Offer.code)
    .limit(200)
)  # fmt: skip
_UNTOLD = Statement(_OFFERS.where(Offer.told_at.is_(None)))
_UNANSWERED = Statement(_OFFERS.where(Offer.told_at < bindparam("before"), Offer.reminded_at.is_(None)))
_TOLD = Statement(update(Offer.__table__).where(Offer.id == bindparam("of_id")).values(told_at=bindparam("now")))  # type: ignore[arg-type]
_REMINDED = Statement(update(Offer.__table__).where(Offer.id == bindparam("of_id")).values(reminded_at=bindparam("now")))  # type: ignore[arg-type]
_STATIONS = Statement(
    select(Station.id, Station.time_zone).where(Station.id.in_(select(StationContact.station_id))).order_by(Station.id)
)
_UNREPORTED = Statement(
    select(Offer.code, Occurrence.title, Occurrence.start)
    .join(Channel, Channel.id == Occurrence.channel_id)
    .join(Offer, (Offer.slot_id == Occurrence.slot_id) & (Offer.channel_id == Occurrence.channel_id))
    .outerjoin(AsRun, AsRun.occurrence_id == Occurrence.id)
    .where(
        Occurrence.station_id == bindparam("of_station"), Occurrence.status.in_(("planned", "moved")), AsRun.id.is_(None),
        Offer.state == "accepted", Occurrence.end <= bindparam("now"), Occurrence.end > bindparam("since"),
    )
    .order_by(Occurrence.start)
)  # fmt: skip
_ASKED = Statement(
    insert(AskedAsRun.__table__).values(station_id=bindparam("of_station"), day=bindparam("its_day"), asked_at=bindparam("now")),  # type: ignore[arg-type]
    "ON CONFLICT DO NOTHING",
)


def contacts(db: Hot, station_id: int) -> list[Any]:
    return db.all(_CONTACTS, of_station=station_id)


def untold(db: Hot) -> list[Any]:
    """Offers that no contact was told of yet."""
    return db.all(_UNTOLD)


def unanswered(db: Hot, now: datetime) -> list[Any]:
    """Offers told two days ago or earlier, without an answer and without a reminder."""
    return db.all(_UNANSWERED, before=clock.to_ms(now - REMIND_AFTER))


def told(db: Hot, offer_id: int, now: datetime) -> None:
    db.run(_TOLD, of_id=offer_id, now=clock.to_ms(now))


def reminded(db: Hot, offer_id: int, now: datetime) -> None:
    db.run(_REMINDED, of_id=offer_id, now=clock.to_ms(now))


def to_ask(db: Hot, now: datetime) -> list[Any]:
    """Stations with a contact where it is now the hour to ask what was aired."""
    return [row for row in db.all(_STATIONS) if ASKS_FROM <= now.astimezone(clock.zone(row.time_zone)).hour < ASKS_UNTIL]


def unreported(db: Hot, station_id: int, now: datetime) -> list[Any]:
    """What it carried in the last day and said nothing about."""
    return db.all(_UNREPORTED, of_station=station_id, now=clock.to_ms(now), since=clock.to_ms(now - LOOKS_BACK))


def take_day(db: Hot, station: Any, now: datetime) -> bool:
    """True for the first who asks this station today."""
    day = now.astimezone(clock.zone(station.time_zone)).date().isoformat()
    return db.run(_ASKED, of_station=station.id, its_day=day, now=clock.to_ms(now)) == 1


def offer_words(row: Any, _: Phrases) -> str:
    """The SMS of an offer: what, when at its origin, and how to answer."""
    starts = str(row.starts_at)[:5].replace(":", ".")
    zone = clock.now().astimezone(clock.zone(row.slot_zone)).tzname()
    how = _("relai langsung jam %(time)s %(zone)s", time=starts, zone=zone)
    if row.mode == "local":
        how = _("jam setempat %(time)s", time=starts)
    if row.delay_minutes:
        how += _(" +%(n)s menit", n=row.delay_minutes)
    return _(
        "Tawaran %(code)s: %(title)s, %(how)s. Balas TERIMA %(code)s, TOLAK %(code)s, atau GANTI %(code)s 11.00.",
        code=row.code, title=_cut(row.title, 40), how=how,
    )  # fmt: skip


def reminder_words(row: Any, _: Phrases) -> str:
    return _(
        "Tawaran %(code)s %(title)s belum Anda jawab. Balas TERIMA %(code)s, TOLAK %(code)s, atau GANTI %(code)s 11.00.",
        code=row.code, title=_cut(row.title, 40),
    )  # fmt: skip


def question_words(rows: list[Any], time_zone: str, _: Phrases) -> str:
    """Asks for what was carried, as many programmes as one segment holds."""
    zone = clock.zone(time_zone)
    named = [f"{row.code} {_cut(row.title, 24)} {clock.from_ms(row.start).astimezone(zone):%H.%M}" for row in rows]
    while True:
        text = _(
            "Siar atau tidak? %(which)s. Balas SIAR %(code)s atau GAGAL %(code)s dan sebabnya.",
            which="; ".join(named), code=rows[0].code,
        )  # fmt: skip
        if len(text) <= LONGEST or len(named) == 1:
            return text
        named.pop()


def _cut(title: str, most: int) -> str:
    return title if len(title) <= most else title[: most - 2].rstrip() + ".."
