"""Readers that others wrote pull our feeds over HTTP: Debian's vdirsyncer and khal, curl, recurring-ical-events, tv_sort."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import recurring_ical_events
from icalendar import Calendar

from core import clock
from tests.services import XMLTV_DTD, clean_environment, needs

STATION = "tvri-nasional"


@pytest.fixture
def monday(plan):
    """The Monday of next week: two airings on it, one of the week after called off."""
    today = clock.now().date()
    monday = today + timedelta(days=7 - today.weekday())
    now = clock.now()
    plan.slot(starts_on=monday, quiz_keyword="SAINS", episode="Magnet")
    plan.slot(starts_on=monday, starts_at=plan.wanted().starts_at.replace(hour=23, minute=30), minutes=60)
    plan.publish(now)
    slot = 1
    plan.depart(slot, (monday + timedelta(days=7)).isoformat(), "skipped", now)
    plan.publish(now)
    return monday


@pytest.fixture
def address(served, plan, monday):
    """{extension: address with the calendar token}"""
    token = plan.network.keys[STATION].calendar_token
    window = f"from={monday}&days=14"
    return lambda extension: f"{served}/stations/{STATION}/timetable.{extension}?{window}&key={token}"


def run(command, folder, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, env=clean_environment(folder), **more)


@pytest.mark.slow
@needs("vdirsyncer", "khal")
def test_a_calendar_subscribes_and_shows_the_week(address, tmp_path, monday):
    (tmp_path / "calendar").mkdir()
    (tmp_path / "vdirsyncer").write_text(
        f"""[general]
status_path = "{tmp_path}/status/"
[pair kentongan]
a = "feed"
b = "here"
collections = null
conflict_resolution = "a wins"
[storage feed]
type = "http"
url = "{address("ics")}"
[storage here]
type = "filesystem"
path = "{tmp_path}/calendar/"
fileext = ".ics"
"""
    )
    (tmp_path / "khal").write_text(
        f"""[calendars]
[[tvri]]
path = {tmp_path}/calendar
readonly = True
[locale]
local_timezone = Asia/Jayapura
default_timezone = Asia/Jayapura
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {tmp_path}/khal.db
"""
    )
    sync = ["vdirsyncer", "-c", str(tmp_path / "vdirsyncer")]
    run([*sync, "discover", "kentongan"], tmp_path, input="y\n" * 9)
    run([*sync, "sync"], tmp_path)
    kept = {path: path.read_bytes() for path in (tmp_path / "calendar").iterdir()}
    assert len(kept) == 4
    run([*sync, "sync"], tmp_path)
    assert {path: path.read_bytes() for path in (tmp_path / "calendar").iterdir()} == kept  # nothing is stored twice
    listed = run(
        ["khal", "-c", str(tmp_path / "khal"), "list", "--format", "{start-date} {start-time} {title}", str(monday), "2d"],
        tmp_path,
    )
    lines = [line for line in listed.stdout.splitlines() if re.match(r"[0-9]{4}-.* [0-9]{2}:", line)]
    assert lines == [f"{monday} 10:00 X-Sains", f"{monday + timedelta(days=1)} 01:30 X-Sains"]  # 08.00 WIB is 10.00 WIT


@needs("curl")
def test_curl_asks_again_in_every_way(address, tmp_path):
    def curl(*arguments):
        found = run(["curl", "-sS", "-D", "-", "-o", str(tmp_path / "body"), *arguments, address("json")], tmp_path)
        head, *lines = found.stdout.splitlines()
        return int(head.split()[1]), {k.lower(): v for k, _c, v in (line.partition(": ") for line in lines if ":" in line)}

    status, plain = curl()
    size = (tmp_path / "body").stat().st_size
    status, packed = curl("-H", "Accept-Encoding: gzip")
    assert (status, packed["content-encoding"], int(packed["content-length"]) < size) == (200, "gzip", True)
    assert plain["etag"] != packed["etag"]
    status, head = curl("--head")
    assert (status, head["etag"], int(head["content-length"])) == (200, plain["etag"], size)
    for tag in (plain["etag"], f"W/{plain['etag']}", f'"other", {plain["etag"]}', "*"):
        assert curl("-H", f"If-None-Match: {tag}")[0] == 304, tag
    assert curl("-H", 'If-None-Match: "other"')[0] == 200
    status, again = curl("-H", "Accept-Encoding: gzip", "-H", f"If-None-Match: {packed['etag']}")
    assert (status, again["etag"]) == (304, packed["etag"])


def test_a_library_that_expands_rules_finds_the_same(address, client, monday):
    raw = client.get("/stations" + address("ics").partition("/stations")[2]).data
    calendar = Calendar.from_ical(raw)
    found = recurring_ical_events.of(calendar).between(monday, monday + timedelta(days=14))
    told = [(e["DTSTART"].dt.astimezone(UTC), str(e["STATUS"])) for e in sorted(found, key=lambda e: e["DTSTART"].dt)]
    first = datetime(monday.year, monday.month, monday.day, 1, tzinfo=UTC)
    late, week = timedelta(hours=15, minutes=30), timedelta(days=7)
    assert told == [
        (first, "CONFIRMED"), (first + late, "CONFIRMED"), (first + week, "CANCELLED"), (first + late + week, "CONFIRMED"),
    ]  # fmt: skip


@needs("xmltv")
def test_the_tools_of_xmltv_have_nothing_to_say(address, client, tmp_path):
    path = tmp_path / "guide.xml"
    path.write_bytes(client.get("/stations" + address("xml").partition("/stations")[2]).data)
    validated = run(["tv_validate_file", f"--dtd-file={XMLTV_DTD}", str(path)], tmp_path)
    assert "Validated ok" in validated.stdout + validated.stderr
    assert run(["tv_sort", "--by-channel", str(path)], tmp_path).stderr == ""
