"""CSV: dated rows (``date,start,end,…``) and weekly rows (``weekdays,starts_on,start,end,…``), in one file if need be. Pure.

Columns may come in any order and case, separated by ``,`` or ``;``. Hours are ``08:00`` or ``08.00`` of the row's zone; an
end before its start is the next day's. A length is exact: of a weekly row what its two hours say, of a dated row what
lies between them on that date. A row is the same as an earlier one by channel, date and start.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from broadcast_schedule.importing.reading import (
    MAX_OCCURRENCES,
    NEWEST,
    OLDEST,
    Entry,
    Reading,
    Source,
    Unreadable,
    fitting,
    minutes_between,
    read_description,
    read_title,
    read_zone,
)
from broadcast_schedule.patterns import DAYS
from broadcast_schedule.recurrence import Rule, first_date, to_utc, write_weekdays
from core.problems import N_, Problem, Refused
from core.text import clean, one_line

TITLES = ("series", "programme", "title")
KNOWN = {
    *("date", "start", "end", "time_zone", "channel", "episode", "audience", "weekdays", "starts_on", "ends_on"),
    *("station", "medium", "frequency", "description", "language", "quiz_keyword", "status", "id", "lesson"),
    *TITLES,
}
INDONESIAN = {"SENIN": 0, "SELASA": 1, "RABU": 2, "KAMIS": 3, "JUMAT": 4, "SABTU": 5, "MINGGU": 6}
KEYWORD = re.compile(r"[A-Z][A-Z0-9]{1,11}")


def looks_like(start: bytes) -> bool:
    """Whether the first line names columns of ours."""
    start = re.sub(rb"^sep=[;,]\s*\n", b"", start)
    header = start.split(b"\n", 1)[0].decode("ascii", "replace").lower()
    return len(KNOWN & {cell.strip(' "\r\t') for cell in re.split("[,;]", header)}) >= 2


def read(raw: bytes, source: Source) -> Reading:
    """Raises Refused where the header does not say what the columns are."""
    found = Reading()
    rows = _rows(_text(raw))
    number, header = next(((number, cells) for number, cells in rows if isinstance(cells, list) and any(cells)), (1, []))
    columns = _columns(header, number, found)
    seen: dict[str, list[Entry]] = {}
    lines: dict[str, int] = {}
    for number, cells in rows:
        source.tick()
        where = f"line {number}"
        if isinstance(cells, list) and not any(cell.strip() for cell in cells):
            continue
        try:
            if isinstance(cells, str):
                raise Unreadable(N_("baris ini bukan CSV: %(error)s."), error=cells)
            if any(cell.strip() for cell in cells[len(columns) :]):
                raise Unreadable(N_("ada lebih banyak sel daripada kolom."))
            row = {name: _plain(cell) for name, cell in zip(columns, cells, strict=False)}
            entry = _entry(row, where, source)
            _check_once(entry, seen.setdefault(_same(entry), []), lines)
        except Unreadable as problem:
            found.bad.append(problem.at(where))
            continue
        seen[_same(entry)].append(entry)
        lines[f"{_same(entry)} {entry.part}"] = number
        found.entries.append(entry)
        if len(found.entries) > MAX_OCCURRENCES:
            break
    return found


def _text(raw: bytes) -> str:
    """UTF-8 with or without a byte order mark, else Windows-1252. Raises Refused for what is neither."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused(Problem("file", N_("Berkas ini bukan teks UTF-8 atau Windows-1252."), N_("Simpan lagi sebagai CSV UTF-8.")))


def _rows(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """(first physical line, cells) of every record, or in place of the cells what is wrong with its quotes."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].strip().lower() in ("sep=;", "sep=,"):  # a word between Excel and itself
        lines[0] = ""
    first = next((line for line in lines if line.strip()), "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, str(error)
            continue
        yield number, cells


def _columns(cells: list[str], number: int, found: Reading) -> list[str]:
    names = [one_line(clean(cell, 60)).lower().replace(" ", "_") for cell in cells]
    where = f"line {number}"
    for name in dict.fromkeys(names):
        if name in KNOWN and names.count(name) > 1:
            raise Refused(Problem(where, N_("kolom %(name)s ada dua kali."), facts={"name": name}))
        if name and name not in KNOWN:
            found.notes.append(
                Problem(where, N_("kolom %(name)s tidak dikenal dan tidak dibaca."), facts={"name": name}, stops=False)
            )
    lacking = [name for name in ("start", "end") if name not in names]
    if not {"date", "weekdays"} & set(names):
        lacking.append("date")
    if not set(TITLES) & set(names):
        lacking.append("series")
    if lacking:
        raise Refused(Problem(where, N_("kolom %(names)s tidak ada."), facts={"names": ", ".join(lacking)}))
    return names


def _plain(cell: str) -> str:
    """Without the apostrophe by which our own CSV keeps a spreadsheet from reading a formula."""
    cell = cell.strip()
    return cell[1:] if re.match(r"'[=+\-@]", cell) else cell


def _entry(row: Mapping[str, str], where: str, source: Source) -> Entry:
    title = read_title(next((row[name] for name in TITLES if row.get(name)), ""))
    missing = [name for name in ("start", "end") if not row.get(name)]
    if row.get("weekdays") and row.get("date"):
        raise Unreadable(N_("baris ini menyebut tanggal (date) dan hari (weekdays) sekaligus."))
    if not row.get("weekdays") and not row.get("date"):
        missing.append("weekdays" if row.get("starts_on") and "date" not in row else "date")
    if row.get("weekdays") and not row.get("starts_on"):
        missing.append("starts_on")
    if missing:
        raise Unreadable(N_("sel %(names)s kosong."), names=", ".join(missing))
    zone = read_zone(row.get("time_zone", ""), source.zone)
    starts, is_next_day = _hour(row["start"], "start")
    if is_next_day:
        raise Unreadable(N_("24:00 hanya dapat menjadi akhir; awal hari berikutnya ditulis 00:00."))
    ends, ends_next_day = _hour(row["end"], "end")
    keyword = row.get("quiz_keyword", "").upper()
    if keyword and not KEYWORD.fullmatch(keyword):
        raise Unreadable(N_("kata kunci kuis %(keyword)s terdiri dari selain 2 sampai 12 huruf dan angka."), keyword=keyword[:20])
    day, rule = _when(row, starts, ends, ends_next_day, zone)
    channel = fitting(row.get("channel", ""), 120) or source.channel or _by_station(row.get("station", ""), source)
    return Entry(
        key=f"{day}|{starts:%H:%M}",
        part=write_weekdays(rule.weekdays),
        where=where,
        channel=channel,
        rule=rule,
        title=title,
        episode=fitting(row.get("episode", ""), 200),
        description=read_description(row.get("description", "")),
        audience=fitting(row.get("audience", ""), 40),
        language=fitting(row.get("language", ""), 8) or "id",
        quiz_keyword=keyword,
    )


def _by_station(name: str, source: Source) -> str:
    """A timetable of several stations: the others' rows are channels of theirs."""
    name = fitting(name, 120)
    return "" if name.casefold() in {each.casefold() for each in source.station} else name


def _when(row: Mapping[str, str], starts: time, ends: time, ends_next_day: bool, zone: str) -> tuple[date, Rule]:
    """(first date as written, rule: begun on its first day)"""
    is_over_midnight = ends_next_day or ends < starts
    if not row.get("weekdays"):
        day = _date(row["date"], "date")
        end = datetime.combine(day + timedelta(days=is_over_midnight), ends)
        return day, Rule(day, starts, minutes_between(to_utc(datetime.combine(day, starts), zone), to_utc(end, zone)), zone)
    day = _date(row["starts_on"], "starts_on")
    last = _date(row["ends_on"], "ends_on") if row.get("ends_on") else None
    end = datetime.combine(day + timedelta(days=is_over_midnight), ends)
    rule = Rule(day, starts, minutes_between(datetime.combine(day, starts), end), zone, _weekdays(row["weekdays"]), ends_on=last)
    first = first_date(rule)
    if first is None:
        raise Unreadable(N_("tidak ada hari siaran antara starts_on dan ends_on."))
    return day, replace(rule, starts_on=first)


def _same(entry: Entry) -> str:
    return f"{entry.channel.casefold()}|{entry.key}"


def _check_once(entry: Entry, others: list[Entry], lines: Mapping[str, int]) -> None:
    """Weekly rows of one date and start are two where their weekdays are; any other second one is told by its line."""
    for other in others:
        if entry.rule.is_once or other.rule.is_once or entry.rule.weekdays & other.rule.weekdays:
            line = lines[f"{_same(other)} {other.part}"]
            raise Unreadable(N_("saluran, tanggal, dan jam mulainya sama dengan baris %(line)s."), line=line)


def _hour(text: str, column: str) -> tuple[time, bool]:
    """(hour, whether it is 24:00: midnight of the next day)"""
    found = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?", text.strip(), re.ASCII)
    if found is None or int(found[1]) > 24 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise Unreadable(N_("%(column)s %(text)s bukan jam seperti 08:00."), column=column, text=clean(text, 30))
    if int(found[3] or 0):
        raise Unreadable(N_("%(column)s %(text)s menyebut detik; detik tidak disimpan."), column=column, text=text)
    if int(found[1]) == 24:
        if int(found[2]):
            raise Unreadable(N_("%(column)s %(text)s bukan jam seperti 08:00."), column=column, text=text)
        return time(), True
    return time(int(found[1]), int(found[2])), False


def _date(text: str, column: str) -> date:
    text = text.strip()
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text, re.ASCII)
    local = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text, re.ASCII)
    try:
        found = date(*map(int, iso.groups())) if iso else date(*map(int, reversed(local.groups()))) if local else None
    except ValueError:
        found = None
    if found is None:
        what = N_("%(column)s %(text)s bukan tanggal seperti 2026-07-13 atau 13/07/2026.")
        raise Unreadable(what, column=column, text=clean(text, 30))
    if not OLDEST <= found < NEWEST:
        raise Unreadable(N_("tanggalnya harus antara tahun 1900 dan 2099."))
    return found


def _weekdays(text: str) -> frozenset[int]:
    """{0, 1, 2, 3, 4} of MO-FR, {0, 2} of "MO,WE" or "Senin Rabu". SA-MO goes over the weekend."""
    found: set[int] = set()
    for part in re.split(r"[\s,;/+]+", re.sub(r"\s*[-–]\s*", "-", text.strip()).upper()):
        first, dash, last = part.partition("-")
        begin, end = _weekday(first, text), _weekday(last, text) if dash else None
        found.add(begin)
        while end is not None and begin != end:
            begin = (begin + 1) % 7
            found.add(begin)
    return frozenset(found)


def _weekday(name: str, text: str) -> int:
    if name in DAYS:
        return DAYS.index(name)
    if name in INDONESIAN:
        return INDONESIAN[name]
    raise Unreadable(N_("hari %(text)s tidak terbaca; tulis seperti MO-FR atau MO,WE."), text=clean(text, 40))
