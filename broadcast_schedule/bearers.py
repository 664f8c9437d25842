"""How a station's channels are received, as receivers of RadioDNS want to know it."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcast_schedule.feed_tables import Bearer
from broadcast_schedule.tables import Channel, Station
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused
from core.text import clean, one_line

# gcc: country code and ECC, for Indonesia cf2; fm's frequency in steps of 10 kHz, five digits
URIS = (
    re.compile(r"fm:[0-9a-f]{3}\.[0-9a-f]{4}\.[0-9]{5}"),
    re.compile(r"dab:[0-9a-f]{3}\.[0-9a-f]{4}\.([0-9a-f]{4}|[0-9a-f]{8})\.[0-9a-f]{1,3}(\.[0-9a-f-]+)?"),
    re.compile(r"(drm|amss):[0-9a-f]{6}"),
    re.compile(r"https?://[^\s/]+\.[^\s]+"),
)
MIME = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")


def bearers(db: Session, station_id: int) -> list[tuple[Channel, list[Bearer]]]:
    """Every channel with its bearers, the cheapest first."""
    channels = list(db.scalars(select(Channel).where(Channel.station_id == station_id).order_by(Channel.id)))
    found = db.scalars(select(Bearer).where(Bearer.channel_id.in_([c.id for c in channels])).order_by(Bearer.cost, Bearer.uri))
    by_channel: dict[int, list[Bearer]] = {channel.id: [] for channel in channels}
    for one in found:
        by_channel[one.channel_id].append(one)
    return [(channel, by_channel[channel.id]) for channel in channels]


def add(
    db: Session,
    station: Station,
    channel_id: int,
    uri: str,
    cost: str,
    mime: str,
    kbps: str,
    now: datetime,
    _: Phrases = in_indonesian,
) -> Bearer:
    """Raises Refused by field. The station's revision rises: its feeds say something new."""
    uri, mime = one_line(clean(uri, 200)), one_line(clean(mime, 60)).lower()
    if "://" not in uri:
        uri = uri.lower()
    found = []
    channel = db.get(Channel, channel_id)
    if channel is None or channel.station_id != station.id:
        found.append(Problem("channel_id", _("Saluran itu tidak ada."), _("Pilih saluran dari daftar.")))
    if not any(pattern.fullmatch(uri) for pattern in URIS):
        what = _("Pembawa ini tidak terbaca.")
        found.append(
            Problem("uri", what, _("Tulis seperti fm:cf2.c123.10250, dab:cf2.1000.c221.0, atau alamat https siaran langsung."))
        )
    elif db.scalar(select(Bearer.id).where(Bearer.channel_id == channel_id, Bearer.uri == uri)) is not None:
        found.append(Problem("uri", _("Pembawa itu sudah ada."), _("Hapus dulu yang lama.")))
    if not re.fullmatch(r"[0-9]{1,4}", cost.strip(), re.ASCII):
        found.append(Problem("cost", _("Urutan harus bilangan antara 0 dan 9999."), _("Yang terkecil dicoba lebih dulu.")))
    if "://" in uri and not MIME.fullmatch(mime):
        found.append(Problem("mime", _("Siaran lewat internet perlu jenisnya."), _("Misalnya audio/mpeg.")))
    if kbps.strip() and not re.fullmatch(r"[0-9]{1,6}", kbps.strip(), re.ASCII):
        found.append(Problem("kbps", _("Laju bit harus bilangan.")))
    if found:
        raise Refused(found)
    is_stream = "://" in uri
    bearer = Bearer(
        channel_id=channel_id,
        uri=uri,
        cost=int(cost),
        mime=mime if is_stream else "",
        kbps=int(kbps) if is_stream and kbps.strip() else None,
    )
    db.add(bearer)
    _tell(station, now)
    db.flush()
    return bearer


def remove(db: Session, station: Station, bearer_id: int, now: datetime, _: Phrases = in_indonesian) -> None:
    bearer = db.get(Bearer, bearer_id)
    channel = db.get(Channel, bearer.channel_id) if bearer is not None else None
    if bearer is None or channel is None or channel.station_id != station.id:
        raise Refused(_("Pembawa itu tidak ada lagi."))
    db.delete(bearer)
    _tell(station, now)
    db.flush()


def _tell(station: Station, now: datetime) -> None:
    station.revision += 1
    station.revised_at = now
