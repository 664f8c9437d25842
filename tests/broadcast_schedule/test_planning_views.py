"""A planner's pages beyond a channel's week: from a date on, episodes, seasons, blackouts, the grid, going back."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import select

from broadcast_schedule import carriage, episodes, overlays
from broadcast_schedule.episodes import EpisodeDraft
from broadcast_schedule.overlays import SeasonDraft
from broadcast_schedule.planning_tables import Blackout, Season, SeasonEffect
from broadcast_schedule.tables import Edition, Episode, Slot
from tests.broadcast_schedule.test_views import at_ten_on_sunday, planner, text

__all__ = ["at_ten_on_sunday", "planner"]


def row(plan, table):
    with plan.network.database.reading() as db:
        return db.scalars(select(table)).one()


def test_from_a_date_on(plan, planner):
    slot = plan.slot()
    plan.publish()
    link = planner.page(f"/plan/slots/{slot}/2026-12-07").xpath("//a[contains(., 'mulai tanggal ini')]/@href")[0]
    assert "Perubahan berlaku mulai Senin, 7 Desember 2026." in text(planner.page(link))
    assert planner.send(link, starts_at="09:00").status_code == 303
    plan.publish()
    assert [r[0] for r in plan.rows(limit=3)] == ["11-23T01:00", "11-30T01:00", "12-07T02:00"]
    assert "Sebelum Senin, 7 Desember 2026 slot ini mengudara menurut aturan lain." in text(planner.page(f"/plan/slots/{slot}"))


def test_saving_a_running_slot_unchanged_splits_nothing(plan, planner):
    slot = plan.slot(starts_on=date(2026, 11, 2))
    plan.publish()
    planner.send(f"/plan/slots/{slot}", presenter="Bu Sri")
    found = row(plan, Slot)
    assert (found.earlier, found.starts_on, found.presenter) == ([], date(2026, 11, 2), "Bu Sri")
    planner.send(f"/plan/slots/{slot}", starts_at="09:00")
    found = row(plan, Slot)
    assert (len(found.earlier), found.starts_on) == (1, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("fields", "pattern"),
    [({"repeats": "month_day", "month_day": "-1"}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
     ({"repeats": "nth", "nth": "2", "nth_day": "TH", "every_weeks": "3"}, "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TH")],
)  # fmt: skip
def test_a_slot_every_month(plan, planner, fields, pattern):
    new = f"/plan/channels/{plan.network.west}/slots/new"
    given = {"programme_id": str(plan.network.programme), "starts_on": "2026-11-23", "starts_at": "08:00", "count": "3"}
    assert planner.send(new, **given, **fields).status_code == 303
    slot = row(plan, Slot)
    assert slot.pattern == pattern
    page = planner.page(f"/plan/slots/{slot.id}")
    assert page.xpath("//select[@name='repeats']/option[@selected]/@value") == [fields["repeats"]]
    assert planner.send(f"/plan/slots/{slot.id}").status_code == 303
    assert row(plan, Slot).pattern == pattern
    plan.publish()
    assert len(plan.rows(limit=9)) == 3


@pytest.mark.parametrize(
    ("fields", "where"),
    [({"repeats": "month_day", "month_day": "32"}, "month_day"), ({"repeats": "nth", "nth": "6"}, "nth"),
     ({"repeats": "FREQ=HOURLY"}, "repeats"), ({"count": "x"}, "count"), ({"count": "3", "ends_on": "2026-12-31"}, "count"),
     ({"count": "0"}, "count")],
)  # fmt: skip
def test_what_cannot_repeat_is_said_beside_its_field(plan, planner, fields, where):
    slot = plan.slot()
    answer = planner.send(f"/plan/slots/{slot}", **fields)
    assert answer.status_code == 422
    assert f'id="{where}-fault"' in answer.get_data(as_text=True)


def test_episodes_are_written_laid_and_repeated(plan, planner):
    slot = plan.slot(ends_on=date(2026, 12, 7))
    again = plan.slot(starts_at=time(20, 0), ends_on=date(2026, 12, 7))
    address = f"/plan/programmes/{plan.network.programme}/episodes"
    for n, title in ((1, "Magnet"), (2, "Listrik")):
        assert planner.send(address, title=title, number=str(n), ready_on="2026-11-20", ready_time="").status_code == 303
    one, two = (e.id for e in _episodes(plan))
    assert planner.send(f"/plan/episodes/{one}", lesson="IPA magnet").status_code == 303
    laid = {f"place-{two}": "1", f"place-{one}": "2", "run_from": "2026-11-23", "follows": "slot"}
    assert planner.send(f"/plan/slots/{slot}/episodes", **laid).status_code == 303
    assert planner.send(f"/plan/slots/{again}/episodes", form=1, repeats_id=str(slot)).status_code == 303
    said = text(planner.page(f"/plan/slots/{slot}/episodes"))
    assert "Senin, 23 November 2026: ListrikSenin, 30 November 2026: MagnetSenin, 7 Desember 2026: tanpa episode" in said
    assert "Senin, 23 November 2026: Listrik" in text(planner.page(f"/plan/slots/{again}/episodes"))


def _episodes(plan):
    with plan.network.database.reading() as db:
        return list(db.scalars(select(Episode).order_by(Episode.id)))


@pytest.mark.parametrize("fields", [{"title": ""}, {"number": "x"}, {"ready_on": "0001-01-01"}, {"ready_on": "x"}])
def test_an_episode_that_cannot_be_is_shown_again(plan, planner, fields):
    answer = planner.send(f"/plan/programmes/{plan.network.programme}/episodes", **{"title": "Magnet", **fields})
    assert (answer.status_code, _episodes(plan)) == (422, [])


def test_a_season_is_made_moved_and_removed(plan, planner):
    slot = plan.slot(weekdays=frozenset(range(7)))
    plan.publish()
    given = {"name": "Ramadan 1448", "starts_on": "2027-02-08", "ends_on": "2027-03-09", "is_provisional": "1"}
    address = planner.send("/plan/seasons/new", **given).headers["Location"]
    assert planner.send(address, to="/effects", slot_id=str(slot), kind="moved", starts_at="04:00", minutes="").status_code == 303
    plan.publish()
    assert planner.send(address, to="/shift", days="1").status_code == 303
    season = row(plan, Season)
    assert (season.starts_on, season.ends_on, season.is_provisional) == (date(2027, 2, 9), date(2027, 3, 10), True)
    said = text(planner.page("/plan/publish"))
    assert ("2 siaran berubah." in said, "perkiraan" in text(planner.page("/plan/seasons"))) == (True, True)
    assert planner.send(address, to="/remove").status_code == 303
    with plan.network.database.reading() as db:
        assert (db.scalars(select(Season)).all(), db.scalars(select(SeasonEffect)).all()) == ([], [])


@pytest.mark.parametrize("fields", [{"name": ""}, {"starts_on": "x"}, {"ends_on": "2027-01-01"}, {"ends_on": "9999-12-31"}])
def test_a_season_that_cannot_be_is_shown_again(plan, planner, fields):
    given = {"name": "Ramadan", "starts_on": "2027-02-08", "ends_on": "2027-03-09", **fields}
    assert planner.send("/plan/seasons/new", **given).status_code == 422


def test_an_old_page_of_a_season_moves_nothing(plan, planner):
    ramadan = plan.made(overlays.save_season, SeasonDraft("Ramadan", date(2027, 2, 8), date(2027, 3, 9)))
    page = planner.page(f"/plan/seasons/{ramadan}")
    plan.do(overlays.shift_season, ramadan, 1)
    token, version = (
        page.xpath(f"string(//form[contains(@action, 'shift')]//input[@name='{n}']/@value)") for n in ("csrf_token", "version")
    )
    answer = planner.client.post(f"/plan/seasons/{ramadan}/shift", data={"csrf_token": token, "version": version, "days": "1"})
    assert (answer.status_code, row(plan, Season).starts_on) == (422, date(2027, 2, 9))


def test_a_holiday_is_taken_up_as_a_blackout_of_one_station(plan, planner):
    slot = plan.slot(weekdays=frozenset(range(7)))
    plan.do(carriage.carry, slot, plan.network.east, "relay")
    plan.publish()
    page = planner.page("/plan/holidays")
    link = page.xpath("//tr[contains(., 'Nyepi') and contains(., 'libur nasional')]//a[1]/@href")[0]
    assert planner.send(link, station_id="2").status_code == 303
    found = row(plan, Blackout)
    assert (found.station_id, str(found.starts_at), str(found.ends_at)) == (2, "2027-03-08 00:00:00", "2027-03-09 00:00:00")
    assert [p.revisions for p in [plan.publish()]] == [{"rri-jayapura": 2}]
    assert planner.send("/plan/blackouts", to="/remove").status_code == 303
    assert plan.publish().revisions == {"rri-jayapura": 3}


@pytest.mark.parametrize(
    "fields", [{"first_day": "x"}, {"last_time": "25:00"}, {"last_day": "2027-03-07"}, {"first_day": "9999-12-31"}, {"name": " "}]
)
def test_a_blackout_that_cannot_be_is_shown_again(plan, planner, fields):
    given = {"name": "Nyepi", "first_day": "2027-03-08", "last_day": "2027-03-09", **fields}
    assert planner.send("/plan/blackouts", **given).status_code == 422


def test_the_audit_says_what_meets_when(plan, planner):
    plan.slot(every_weeks=51)
    assert "Tidak ada tabrakan, sekarang dan untuk seterusnya." in text(planner.page("/plan/audit"))
    plan.slot(every_weeks=52, starts_on=date(2026, 11, 30))
    assert "Senin, 28 September 2076" in text(planner.page("/plan/audit"))


@pytest.mark.parametrize("zoom", ["day", "week", "month", "term"])
def test_the_grid_shows_and_narrows(plan, planner, zoom):
    plan.slot(weekdays=frozenset(range(7)))
    plan.made(overlays.save_season, SeasonDraft("Ujian", date(2026, 11, 23), date(2026, 11, 23)))
    shown = text(planner.page(f"/plan/grid?zoom={zoom}&from=2026-11-23"))
    assert "Ujian" in shown
    if zoom == "day":
        assert "X-Sains08.0009.0010.00TVRI Nasional" in shown
    if zoom == "week":
        assert shown.count("08.00–08.30 WIB") == 7
    for narrower in ("level=SMA", f"station={plan.network.east}"):
        page = planner.page(f"/plan/grid?zoom={zoom}&from=2026-11-23&{narrower}")
        assert page.xpath("count(//tbody//a[contains(., 'X-Sains')])") == 0


def test_the_grids_days_are_those_of_its_zone(plan, planner):
    plan.slot(starts_at=time(23, 0))
    assert "Senin, 23 November 2026" in text(planner.page("/plan/grid?zoom=day&from=2026-11-23"))
    page = planner.page("/plan/grid?zoom=day&from=2026-11-24&zone=Asia/Jayapura")
    assert page.xpath("count(//tbody//a[contains(., 'X-Sains')])") == 1


@pytest.mark.parametrize("query", ["zoom=year", "zone=Europe/Paris", "from=9999-12-31", "from=0001-01-01"])
def test_a_grid_that_is_not_there_is_404(planner, query):
    planner.page(f"/plan/grid?{query}", status=404)


def test_odd_queries_of_the_grid_harm_nothing(planner):
    planner.page("/plan/grid?station=abc&level=%00%3Cscript%3E&from=x")
    planner.page("/plan/coverage?page=0&stations=x")
    planner.page("/plan/coverage?page=99999", status=404)


def test_coverage_says_who_carries_what_from_west_to_east(plan, planner):
    slot = plan.slot()
    plan.do(carriage.carry, slot, plan.network.east, "local", 60)
    page = planner.page("/plan/coverage")
    rows = [[" ".join(cell.text_content().split()) for cell in r] for r in page.xpath("//tbody/tr")]
    assert rows == [
        ["WIB (Asia/Jakarta)"],
        ["TVRI Nasional", "asal"],
        ["WIT (Asia/Jayapura)"],
        ["RRI Jayapura", "jam setempat, +60 menit"],
    ]


def test_going_back_shows_what_it_changes_first(plan, planner):
    slot = plan.slot()
    plan.publish()
    plan.slot(slot, starts_at=time(9, 0))
    plan.publish()
    assert "Edisi 2" in text(planner.page("/plan/editions/"))
    address = planner.page("/plan/editions/1").xpath("//a[contains(., 'Kembali ke edisi ini')]/@href")[0]
    assert "Pindah: X-Sains Sen 23 Nov 09.00 ke 08.00 WIB (62 kali)" in text(planner.page(address))
    assert row_of(plan, slot).starts_at == time(9, 0)
    plan.slot(slot, starts_at=time(10, 0))  # somebody's draft: it is said that it goes
    answer = planner.send(address)
    assert answer.status_code == 303
    assert "Seperti edisi 1." in text(planner.page(answer.headers["Location"]))
    with plan.network.database.reading() as db:
        assert db.get(Edition, 3).rolled_back_to == 1
    planner.page("/plan/editions/9/back", status=404)


def row_of(plan, slot):
    with plan.network.database.reading() as db:
        return db.get(Slot, slot)


def test_nothing_is_published_that_was_not_seen(plan, planner):
    slot = plan.slot()
    plan.publish()
    plan.slot(slot, starts_at=time(9, 0))
    plan.publish()
    page = planner.page("/plan/editions/1/back")
    token = page.xpath("string(//main//input[@name='csrf_token']/@value)")
    answer = planner.client.post("/plan/editions/1/back", data={"csrf_token": token, "seen": "x"})
    assert (answer.status_code, row_of(plan, slot).starts_at) == (422, time(9, 0))


def test_an_episode_of_a_programme_shows_in_its_list(plan, planner):
    plan.made(episodes.save_episode, plan.network.programme, EpisodeDraft("Magnet", 1, "magnet"))
    assert "Magnet1MAGNET" in text(planner.page(f"/plan/programmes/{plan.network.programme}/episodes"))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31,-1", "tiap bulan, tanggal 31, terakhir"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=2TH,-1FR", "tiap 2 bulan, Kamis ke-2, Jumat terakhir"),
        ("FREQ=YEARLY", "FREQ=YEARLY"),
    ],
)
def test_a_channels_page_says_how_a_slot_repeats(plan, planner, pattern, said):
    plan.slot(weekdays=frozenset(), pattern=pattern)
    page = planner.page(f"/plan/channels/{plan.network.west}")
    assert page.xpath("string(//td[@data-label='Hari'])") == said
