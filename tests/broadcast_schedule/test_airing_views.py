"""A planner's pages of one airing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from broadcast_schedule.tables import SlotException
from tests.broadcast_schedule.test_views import at_ten_on_sunday, planner, text

__all__ = ["at_ten_on_sunday", "planner"]


def exceptions(plan):
    with plan.network.database.reading() as db:
        rows = db.scalars(select(SlotException).order_by(SlotException.id))
        return [(f"{e.original_start:%m-%d}", e.kind, e.new_start and f"{e.new_start:%m-%dT%H:%M}", e.new_minutes) for e in rows]


def test_one_more_is_added_seen_and_taken_back(plan, planner):
    slot = plan.slot()
    link = planner.page(f"/plan/slots/{slot}").xpath("//a[contains(., 'Tambah satu siaran')]/@href")[0]
    page = planner.page(link)
    assert [page.get_element_by_id(name).get("value") for name in ("new_date", "new_time", "new_minutes")] == ["", "08:00", "30"]
    sent = planner.send(link, new_date="2026-11-25")
    assert (sent.status_code, sent.location) == (303, f"/plan/channels/{plan.network.west}?from=2026-11-25")
    assert exceptions(plan) == [("11-25", "added", None, None)]
    slots = planner.page(f"/plan/slots/{slot}")
    assert slots.xpath("//li[a[contains(@href, '2026-11-25')]]/span/text()") == ["ditambahkan"]
    one = f"/plan/slots/{slot}/2026-11-25"
    assert "Ini siaran tambahan di luar aturan slotnya." in text(planner.page(one))
    assert planner.send(one, what="skip").status_code == 303
    assert exceptions(plan) == []


def test_one_more_that_clashes_is_told_at_once(plan, planner):
    slot = plan.slot()
    plan.slot(weekdays=frozenset({2}))
    shown = planner.send(f"/plan/slots/{slot}/add", new_date="2026-11-25")
    assert "Ada tabrakan di draf ini" in text(planner.page(shown.location))


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"new_date": "2026-11-30"}, "new_date"),
        ({"new_date": "soon"}, "new_date"),
        ({"new_date": "2026-11-25", "new_time": "25:00"}, "new_time"),
        ({"new_date": "2026-11-25", "new_minutes": "9999"}, "new_minutes"),
    ],
)
def test_one_more_that_cannot_be_is_shown_again(plan, planner, fields, where):
    slot = plan.slot()
    again = planner.send(f"/plan/slots/{slot}/add", **fields)
    assert (again.status_code, exceptions(plan)) == (422, [])
    assert f'href="#{where}"' in again.text
    assert f'value="{fields["new_date"]}"' in again.text


def test_what_was_dragged_is_filled_in_and_nothing_saved(plan, planner):
    slot = plan.slot()
    page = planner.page(f"/plan/slots/{slot}/2026-11-30?by=1500")
    assert [page.get_element_by_id(name).get("value") for name in ("new_date", "new_time")] == ["2026-12-01", "09:00"]
    assert "Belum ada yang tersimpan" in text(page)
    assert exceptions(plan) == []
    back = planner.page(f"/plan/slots/{slot}/2026-11-30?by=-60")
    assert back.get_element_by_id("new_time").get("value") == "07:00"
    for odd in ("", "x", "1e3", "999999999", "--5"):
        page = planner.page(f"/plan/slots/{slot}/2026-11-30?by={odd}")
        assert page.get_element_by_id("new_time").get("value") == "08:00"


def test_what_was_moved_is_dragged_from_where_it_is(plan, planner):
    slot = plan.slot()
    one = f"/plan/slots/{slot}/2026-11-30"
    planner.send(one, what="move", new_date="2026-12-01", new_time="10:00", new_minutes="45")
    page = planner.page(f"{one}?by=60")
    assert [page.get_element_by_id(name).get("value") for name in ("new_date", "new_time", "new_minutes")] == [
        "2026-12-01", "11:00", "45",
    ]  # fmt: skip


def test_an_airing_of_another_day_is_404(plan, planner):
    slot = plan.slot()
    for day in ("2026-11-25", "9999-12-31", "0001-01-01", "soon"):
        assert planner.client.get(f"/plan/slots/{slot}/{day}").status_code == 404
    assert planner.client.get(f"/plan/slots/{slot + 1}/add").status_code == 404


def test_one_more_at_the_end_of_the_calendar_leads_to_a_page(plan, planner):
    slot = plan.slot()
    sent = planner.send(f"/plan/slots/{slot}/add", new_date="2099-12-31")
    assert (sent.status_code, planner.client.get(sent.location).status_code) == (303, 200)
