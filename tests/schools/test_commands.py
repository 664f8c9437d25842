"""Accounts by command: of a station that is there, and of no other."""

from __future__ import annotations

from sqlalchemy import select

from broadcast_schedule import stations
from schools.tables import Staff


def test_an_account_of_a_station_wants_a_station_that_is_there(app, database):
    run = app.test_cli_runner().invoke
    create = ["staff", "create", "siaran", "--name", "Siaran", "--role", "station", "--station", "rri-contoh"]
    refused = run(args=create)
    assert (refused.exit_code, refused.output) == (1, "Error: Tidak ada stasiun dengan nama pendek rri-contoh.\n")
    with database.writing() as db:
        stations.create_station(db, "rri-contoh", "RRI Contoh", "Asia/Jakarta")
    assert run(args=create).exit_code == 0
    with database.reading() as db:
        assert db.execute(select(Staff.login, Staff.station_slug)).all() == [("siaran", "rri-contoh")]
