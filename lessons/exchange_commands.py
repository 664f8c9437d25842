"""``flask import-quiz``, ``export-quiz``, ``import-course``, ``export-course``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, cast

import click
from flask import Blueprint, current_app
from flask_babel import gettext as _

from core import clock
from core.database import database
from core.files import Kept
from core.problems import Problem, Refused
from lessons import authoring, course_bundle, course_exchange, enclosed, exchange, exporting, importing, media, media_views
from lessons.course import FIRST, Item, say
from lessons.exchange import course_file
from lessons.exchange.course_file import Held
from lessons.exchange.made import short
from lessons.kinds import kinds
from lessons.tables import Quiz

blueprint = Blueprint("exchange_commands", __name__, cli_group=None)


@blueprint.cli.command("import-quiz")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--course", "code", required=True, help="Code of the course that the quiz belongs to.")
@click.option("--keyword", default="", help="What learners send. Left out, one is made of the title.")
@click.option("--title", default="", help="Left out: what the file calls itself, or its name.")
@click.option("--school", "npsn", default="", help="The NPSN whose quiz it is. Left out: the course's school, or every school's.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good questions of a file with bad ones.")
@click.option("--publish", is_flag=True, help="Publish it too.")
def import_quiz(file: Path, code: str, keyword: str, title: str, npsn: str, dry_run: bool, skip_bad: bool, publish: bool) -> None:
    """Make a draft quiz of FILE: GIFT, Aiken, Moodle XML, CSV or XLSX, told by its content.

    A file with any refused question changes nothing. The same file again changes nothing.
    """
    read = exchange.read(_bytes(file), file.name)
    _say(read.problems)
    if not read.found or (read.problems and not skip_bad):
        click.echo(
            _("Tidak ada yang diimpor: %(n)d baris ditolak.", n=len({problem.where for problem in read.problems})), err=True
        )
        raise SystemExit(1)
    for found in read.found:
        click.echo(f"line {found.line}: {_row(found.item)}")
        for note in found.notes:
            click.echo(f"  {note.told(_)}")
    now = clock.now()
    try:
        wanted = importing.read_keyword(keyword)
        with database().reading() if dry_run else database().writing() as db:
            course = importing.course_of(db, code)
            school = importing.school_of(db, npsn).id if npsn else course.school_id
            target = importing.Target(course, school, wanted, title, read.title or file.stem, media_views.base())
            planned = importing.plan(db, read.items, target)
            row = planned.row
            if not dry_run:
                row = importing.carry_out(db, planned, None, school, now)
                if publish:
                    authoring.publish_quiz(db, row, None, now)
            told = {"new": _("baru"), "changed": _("diubah"), "same": _("sama, tidak ada yang berubah")}[planned.change]
            number = f"quiz {row.id} " if row is not None else ""
            keyword = planned.draft.keyword if row is None else row.keyword
    except Refused as refused:
        _say(refused.problems)
        raise SystemExit(1) from None
    counted = _("%(n)d soal", n=len(read.items))
    click.echo(f"{number}{keyword}: {counted}, {told}{' (dry run)' if dry_run else ''}")


@blueprint.cli.command("export-quiz")
@click.argument("quiz_id", type=click.IntRange(1, 2**31 - 1))
@click.option("--format", "format_", default="gift", type=click.Choice(["gift", "csv", "xlsx"]), show_default=True)
@click.option("--excel", is_flag=True, help="CSV with semicolons and a byte order mark, as an Indonesian Excel wants it.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not to standard output.")
def export_quiz(quiz_id: int, format_: str, excel: bool, output: Path | None) -> None:
    """Print a quiz's draft. GIFT is what Moodle reads; CSV and XLSX hold everything."""
    with database().reading() as db:
        row = db.get(Quiz, quiz_id)
        if row is None:
            raise click.ClickException(f"There is no quiz {quiz_id}.")
        draft = authoring.draft_of(row)
    draft = enclosed.abroad(draft, media_views.base())
    raw, notes = exporting.write(draft, format_, excel=excel)
    for note in notes:
        told = note.told(_)
        click.echo(f"{told.where.replace('line', _('soal'))}: {told.what} {told.remedy}".rstrip(), err=True)
    _write(raw, output)


@blueprint.cli.command("import-course")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--school", "npsn", default="", help="The NPSN whose course it becomes. Left out: every school's.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@click.option("--publish", is_flag=True, help="Publish the course and its quizzes too.")
def import_course(file: Path, npsn: str, dry_run: bool, publish: bool) -> None:
    """Take a course of FILE, as export-course wrote it, with its quizzes. The same file again changes nothing."""
    try:
        held, kept = _course(file, keep=not dry_run)
        most = current_app.extensions["settings"].media_mb_per_school * 1_000_000
        with database().reading() if dry_run else database().writing() as db:
            school = importing.school_of(db, npsn).id if npsn else None
            for one in kept:
                media.add(db, school, one, held.course.code, None, clock.now(), most)
            done = course_exchange.take(db, held, school, None, clock.now(), dry_run=dry_run, publish=publish)
    except Refused as refused:
        _say(refused.problems)
        raise SystemExit(1) from None
    for line in done:
        click.echo(f"{line}{' (dry run)' if dry_run else ''}")


@blueprint.cli.command("export-course")
@click.argument("code")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not to standard output.")
def export_course(code: str, output: Path | None) -> None:
    """Print a course with its quizzes as one file, which import-course takes back to the same thing.

    It is JSON, or where the course has recordings or pictures a ZIP of that and of them.
    """
    try:
        with database().reading() as db:
            held = course_exchange.hold(db, importing.course_of(db, code))
    except Refused as refused:
        _say(refused.problems)
        raise SystemExit(1) from None
    if not course_bundle.references(held):
        _write(course_file.write(held), output)
        return
    with tempfile.TemporaryFile() as packed:
        course_bundle.write(held, media_views.folder(), cast(BinaryIO, packed))
        packed.seek(0)
        _write(packed.read(), output)


def _course(file: Path, keep: bool) -> tuple[Held, list[Kept]]:
    """The course of a file, and what it brought along, on the disk already where ``keep``. Raises Refused."""
    try:
        with file.open("rb") as opened:
            if not course_bundle.is_bundle(opened):
                return course_file.read(opened.read(course_file.MOST_BYTES + 1)), []
            held = course_bundle.read(opened)
            return held, course_bundle.keep(opened, held, media_views.folder()) if keep else []
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None


def _write(raw: bytes, output: Path | None) -> None:
    if output is None:
        click.echo(raw, nl=False)
        return
    try:
        output.write_bytes(raw)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(exchange.MOST_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None


def _say(problems: Iterable[Problem]) -> None:
    """One sentence each on standard error, with its line before it."""
    for problem in problems:
        told = problem.told(_)
        place = f"{told.where}: " if told.where.startswith("line ") else ""
        click.echo(f"{place}{told.what} {told.remedy}".rstrip(), err=True)


def _row(item: Item) -> str:
    """A question in one line: its kind, how it begins, what is right."""
    kind = kinds()[item.kind]
    return f"{_(kind.label)}: {short(say(item.prompt, FIRST))} -> {short(kind.mark(item, '', FIRST).right)}"
