"""``flask import-timetable``."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
from flask import Blueprint

from broadcast_schedule import editions, guide, importing
from broadcast_schedule.import_writes import portions, take
from broadcast_schedule.importing.reading import MAX_BYTES, SECONDS, Reading, Source
from broadcast_schedule.imports import Weighed, weigh
from broadcast_schedule.slot_forms import read_date
from core import clock
from core.database import database
from core.problems import Problem, Refused

blueprint = Blueprint("import_commands", __name__, cli_group=None)


@blueprint.cli.command("import-timetable")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--station", "slug", required=True, help="The station's short name.")
@click.option("--channel", default="", help="Name or key of the channel for rows that name none; the station's first.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
@click.option("--publish", "is_published", is_flag=True, help="Publish at once; without it the file becomes a draft.")
@click.option("--allow-clashes", is_flag=True, help="Publish although something airs at the same time on one channel.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows and UIDs, leave the refused ones.")
@click.option("--replace", "window", default="", metavar="FROM..TO", help="Local days in which what vanished is taken out.")
def import_timetable(
    file: Path, slug: str, channel: str, dry_run: bool, is_published: bool, allow_clashes: bool, skip_bad: bool, window: str
) -> None:
    """Read a timetable: CSV, iCalendar or XMLTV, told by its content.

    Refused lines and UIDs are named on standard error, one sentence each; then nothing is changed and the exit code is 1.
    """
    replaced = _window(window)
    now = clock.now()
    try:
        with database().reading() as db:
            station = guide.station_by_slug(db, slug)
            if station is None:
                raise click.ClickException(f"Stasiun {slug} tidak ada. / There is no station {slug}.")
            source = Source(station.time_zone, (station.name, station.slug), channel.strip(), file.name, until(SECONDS))
            reading = importing.read(_bytes(file), source)
            for problem in reading.bad:
                click.echo(f"{problem.where}: {problem}", err=True)
            if reading.bad and not skip_bad:
                raise SystemExit(1)
            found = weigh(db, station, reading, now, replaced=replaced, tick=source.tick)
            station_id = station.id
        _report(reading, found, dry_run)
        if is_published and found.clashes and not allow_clashes:
            raise click.ClickException(
                f"Tidak diterbitkan, tidak ada yang diubah: {len(found.clashes)} tabrakan. Pakai --allow-clashes bila memang "
                f"demikian. / Not published, nothing changed: {len(found.clashes)} clashes (--allow-clashes)."
            )
        if dry_run:
            return
        waiting = list(found.waiting)
        first, *others = portions(found)
        for portion in others:
            with database().writing() as db:
                waiting += take(db, station_id, portion, now)
        with database().writing() as db:  # published together with the last of it: a refusal leaves nothing of a small file
            waiting += take(db, station_id, first, now)
            if is_published:
                published = editions.publish(db, now, None, allow_clashes=allow_clashes, only=waiting)
                click.echo(f"Edisi {published.number}." if published.number else "Tidak ada perubahan untuk diterbitkan.")
    except Refused as refused:
        for problem in refused.problems:
            click.echo(f"{problem.where}: {problem}" if problem.where.startswith("line ") else str(problem), err=True)
        raise SystemExit(1) from None


def until(seconds: float) -> Callable[[], None]:
    """To be called often; raises Refused once so many seconds have gone, on a machine with much else to do a few more."""
    end, worked = time.monotonic() + seconds, time.thread_time() + seconds * 2 / 3

    def tick() -> None:
        now = time.monotonic()
        if now > end and (time.thread_time() > worked or now > end + seconds * 2 / 3):
            what = "Berkas ini perlu lebih dari 15 detik untuk dibaca."
            raise Refused(Problem("file", what, "Bagi menjadi beberapa berkas."))

    return tick


def _bytes(file: Path) -> bytes:
    """No more than what says that it is too much."""
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _window(text: str) -> tuple[date, date] | None:
    if not text:
        return None
    first, _dots, last = text.partition("..")
    begin, end = read_date(first), read_date(last)
    if begin is None or end is None or end < begin:
        raise click.BadParameter("FROM..TO, seperti / such as 2026-01-01..2026-06-30.", param_hint="--replace")
    return begin, end


def _report(reading: Reading, found: Weighed, is_dry: bool) -> None:
    for note in found.notes:
        click.echo(f"{note.where}: {note}")
    for name in found.channels:
        click.echo(f"Saluran baru: {name}")
    gone = len(found.gone) + len(found.skipped)
    counts = f"{len(found.new)} baru, {len(found.changed)} berubah, {found.same} sama, {gone} hilang"
    refused = f", {len(reading.bad)} ditolak" if reading.bad else ""
    click.echo(f"{reading.format}: {counts}{refused}, {len(found.clashes)} tabrakan." + (" (uji coba)" if is_dry else ""))
    for clash in found.clashes:
        click.echo(f"{clash.where}: {clash}")
