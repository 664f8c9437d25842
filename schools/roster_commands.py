"""``flask school create``, ``import-roster``, ``export-roster``."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import available_timezones

import click
from flask import Blueprint
from flask_babel import gettext as _

from core import clock, sheets
from core.database import database
from core.problems import Problem, Refused
from schools import people, roster_files, rosters

blueprint = Blueprint("roster_commands", __name__, cli_group=None)


@blueprint.cli.group()
def school() -> None:
    """Schools."""


@school.command("create")
@click.argument("npsn")
@click.option("--name", required=True)
@click.option("--region", "code", required=True, help='The Kemendagri code of its regency or city, such as "34.71".')
@click.option("--region-name", default="", help="The name of that region, where it is new here.")
@click.option("--time-zone", required=True, help="IANA, such as Asia/Makassar.")
def create_school(npsn: str, name: str, code: str, region_name: str, time_zone: str) -> None:
    """Make a school without learners. A school that is there already stays as it is."""
    if not re.fullmatch(r"\d{2}(\.\d{2}){0,3}", code):
        raise click.ClickException('A region is a Kemendagri code, such as "34.71".')
    if time_zone not in available_timezones():
        raise click.ClickException(f"There is no time zone {time_zone}.")
    parts = code.split(".")
    kind = "province" if len(parts) == 1 else "district" if len(parts) > 2 else "city" if int(parts[1]) >= 71 else "regency"
    try:
        with database().writing() as db:
            of = people.region(db, code, region_name or code, kind, time_zone)
            made = people.school(db, npsn, name, of)
            told = f"{made.npsn}\t{made.name}\t{made.time_zone}"
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(told)


@blueprint.cli.command("import-roster")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--school", "npsn", required=True, help="The school's NPSN.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows of a file with bad ones.")
def import_roster(file: Path, npsn: str, dry_run: bool, skip_bad: bool) -> None:
    """Take learners, classes and consent of FILE, CSV or XLSX. A file with any refused row changes nothing."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(sheets.MOST_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None
    entries, problems = roster_files.read(raw)
    try:
        with database().reading() if dry_run else database().writing() as db:
            of = rosters.school_of(db, npsn)
            planned = rosters.plan(db, of, entries, problems)
            lines = [_row(step) for step in planned.steps]
            counts = [planned.count(change) for change in ("new", "changed", "same")]
            is_refused = bool(planned.problems) and not (skip_bad and planned.steps)
            if not dry_run and not is_refused:
                rosters.carry_out(db, of, planned, clock.now())
    except Refused as refused:
        _say(list(refused.problems))
        raise SystemExit(1) from None
    _say(planned.problems)
    if is_refused:
        click.echo(
            _("Tidak ada yang diimpor: %(n)d baris ditolak.", n=len({problem.where for problem in planned.problems})), err=True
        )
        raise SystemExit(1)
    click.echo("\n".join([*(note.what for note in planned.notes), *lines]))
    told = _("%(new)d baru, %(changed)d diubah, %(same)d sama", new=counts[0], changed=counts[1], same=counts[2])
    click.echo(f"{npsn}: {told}{' (dry run)' if dry_run else ''}")


@blueprint.cli.command("export-roster")
@click.option("--school", "npsn", required=True, help="The school's NPSN.")
@click.option("--format", "format_", default="csv", type=click.Choice(["csv", "xlsx"]), show_default=True)
@click.option("--excel", is_flag=True, help="CSV with semicolons and a byte order mark, as an Indonesian Excel wants it.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not to standard output.")
def export_roster(npsn: str, format_: str, excel: bool, output: Path | None) -> None:
    """Print a school's learners, as import-roster reads them back."""
    try:
        with database().reading() as db:
            of = rosters.school_of(db, npsn)
            found = list(rosters.rows(db, of))
            raw = (
                sheets.write_xlsx(rosters.HEAD, found, of.name)
                if format_ == "xlsx"
                else sheets.write_csv(rosters.HEAD, found, excel=excel).encode()
            )
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    if output is None:
        click.echo(raw, nl=False)
        return
    try:
        output.write_bytes(raw)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None


def _row(step: rosters.Step) -> str:
    told = {"new": _("baru"), "changed": ", ".join(step.what), "same": _("sama")}[step.change]
    name = step.entry.name if step.entry.name != roster_files.KEEP else f"id {step.entry.id}"
    return f"line {step.entry.line}: {name}, {step.entry.class_name}: {told}{f'. {step.note}' if step.note else ''}"


def _say(problems: list[Problem]) -> None:
    for problem in problems:
        place = f"{problem.where}: " if problem.where.startswith("line ") else ""
        click.echo(f"{place}{problem.what} {problem.remedy}".rstrip(), err=True)
