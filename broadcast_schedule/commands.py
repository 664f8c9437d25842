"""``flask station …``, ``flask station-key …``, ``flask export-timetable``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import BinaryIO

import click
from flask import Blueprint, current_app
from sqlalchemy.orm import Session

from broadcast_schedule import guide, station_keys, stations
from broadcast_schedule.editions import HORIZON_DAYS, PAST_DAYS
from broadcast_schedule.feeds import feeds
from broadcast_schedule.planning import today_in
from broadcast_schedule.tables import Station
from core import clock
from core.database import database
from core.problems import Refused

blueprint = Blueprint("broadcast", __name__, cli_group=None)


@blueprint.cli.group()
def station() -> None:
    """Stations."""


@station.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="As listeners know it.")
@click.option("--time-zone", required=True, help="IANA, such as Asia/Makassar.")
@click.option("--medium", type=click.Choice(["radio", "tv"]), default="radio", show_default=True)
@click.option("--frequency", default="", help='Such as "FM 92.6 MHz".')
def create_station(slug: str, name: str, time_zone: str, medium: str, frequency: str) -> None:
    """Make an empty station with one channel."""
    try:
        with database().writing() as db:
            stations.create_station(db, slug, name, time_zone, medium=medium, frequency=frequency)
    except Refused as refused:
        raise _ended(refused) from None
    click.echo(f"{slug}: {name}, {time_zone}")


@blueprint.cli.group("station-key")
def station_key() -> None:
    """Keys with which stations pull their timetables."""


@station_key.command("create")
@click.argument("slug")
def create_key(slug: str) -> None:
    """Print a key and a calendar token. They are not shown again."""
    try:
        with database().writing() as db:
            _print(station_keys.create_keys(db, _station(db, slug), clock.now()))
    except Refused as refused:
        raise _ended(refused) from None


@station_key.command("rotate")
@click.argument("slug")
def rotate_key(slug: str) -> None:
    """Print a new key; the one before it works until it is revoked."""
    with database().writing() as db:
        _print(station_keys.rotate_keys(db, _station(db, slug), clock.now()))


@station_key.command("revoke")
@click.argument("slug")
@click.option("--all", "everything", is_flag=True, help="The newest too: the station can pull nothing until it has another.")
def revoke_key(slug: str, everything: bool) -> None:
    """End the older of two keys (or the only one)."""
    with database().writing() as db:
        found = _station(db, slug)
        ended = station_keys.revoke_keys(db, found, clock.now(), everything)
        for key in ended:
            click.echo(f"revoked {key.kind} {key.prefix}…")
        for key in station_keys.live_keys(db, found.id):
            click.echo(f"live {key.kind} {key.prefix}…")
        if not ended:
            click.echo("There was no key.")


@blueprint.cli.command("export-timetable")
@click.option("--station", "slug", required=True)
@click.option("--format", "extension", required=True, help="ics, xml, json, …")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First local day; today.")
@click.option("--days", type=click.IntRange(1, 400), default=14, show_default=True)
@click.option("--output", type=click.File("wb"), default="-", help="A file instead of standard output.")
def export_timetable(slug: str, extension: str, first: datetime | None, days: int, output: BinaryIO) -> None:
    """Write a station's published timetable, as its feed gives it."""
    feed = next((f for f in feeds().values() if extension in (f.extension, f.name)), None)
    if feed is None:
        raise click.ClickException(
            f"Format {extension} tidak ada. / There is no format {extension}. Ada / there are: {', '.join(feeds())}."
        )
    now = clock.now()
    with database().reading() as db:
        found = _station(db, slug)
        today = today_in(found.time_zone, now)
        from_date = first.date() if first is not None else today
        oldest, newest = today - timedelta(days=PAST_DAYS), today + timedelta(days=HORIZON_DAYS)
        if not oldest <= from_date <= newest:
            raise click.ClickException(f"--from harus antara {oldest} dan {newest}. / It must be from {oldest} to {newest}.")
        until, base = min(from_date + timedelta(days=days), newest), current_app.extensions["settings"].public_base_url
        output.write(feed.render(guide.window(db, found, from_date, days, until=until, base=base)))


def _station(db: Session, slug: str) -> Station:
    found = guide.station_by_slug(db, slug)
    if found is None:
        raise click.ClickException(f"Stasiun {slug} tidak ada. / There is no station {slug}.")
    return found


def _print(keys: station_keys.Keys) -> None:
    click.echo(f"key {keys.key}")
    click.echo(f"calendar_token {keys.calendar_token}")
    click.echo("Simpan sekarang: keduanya tidak ditampilkan lagi. / Keep them now: they are not shown again.", err=True)


def _ended(refused: Refused) -> click.ClickException:
    return click.ClickException(" ".join(str(problem) for problem in refused.problems))
