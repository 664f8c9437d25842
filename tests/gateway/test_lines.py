"""Lines: found by their token, priced by prefix, loaded from TOML and shown as such."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import OperationalError

from core.problems import Refused
from gateway import line_files
from gateway.lines import lines, segment_price, typical_segment_price
from gateway.tables import Line

TOML = """
[[line]]
provider = "http"
medium = "sms"
address = "77123"
profile = "kannel"
send_url = "http://127.0.0.1:13013/cgi-bin/sendsms"
token = "abcdefghijklmnopqrstuvwxyz"
prices = { "" = 350, "+62811" = 300 }
options = { username = "u", password = "p\\"\\u00e9", states = { "3" = "sent" } }

[[line]]
provider = "simulator"
medium = "ussd"
address = "*123*77#"
budget = 120
default_course = "PECAHAN"
is_active = false
"""


@pytest.mark.parametrize(
    ("msisdn", "price"), [("+6281112345678", 300), ("+62812", 350), ("", 350), ("+62811", 300), ("62811999", 300)]
)
def test_the_longest_prefix_is_the_price(msisdn, price):
    assert segment_price(Line(prices={"": 350, "+62811": 300}), msisdn) == price


def test_a_line_without_prices_costs_nothing_and_the_cheapest_is_typical():
    assert segment_price(Line(prices={}), "+62811") == 0
    assert (
        typical_segment_price([Line(prices={}), Line(prices={"": 350}), Line(prices={"62": 200}), Line(prices={"": 400})]) == 350
    )


def test_the_typical_price_is_there_for_the_authoring_page(app, make_line):
    make_line("http", "sms", prices={"": 275})
    assert app.extensions["segment_price"]() == 275


def test_the_strictest_sms_line_is_what_authoring_warns_by(app, make_line):
    with app.app_context():
        assert app.extensions["sms_route"]() == "strict"
    for token, medium, route in (("a", "sms", "none"), ("b", "sms", "registered"), ("c", "ussd", "strict")):
        make_line("http", medium=medium, filters=route, address=route, token=token * 32)
    with app.app_context():
        app.extensions["lines"].expire()
        assert app.extensions["sms_route"]() == "registered"


def test_a_file_and_what_is_shown_are_the_same(app, database, tmp_path):
    (tmp_path / "lines.toml").write_text(TOML, encoding="utf-8")
    run = app.test_cli_runner().invoke
    assert run(args=["lines", "load", str(tmp_path / "lines.toml")]).output == "2 jalur dimuat. / lines loaded.\n"
    shown = run(args=["lines", "show"]).output
    (tmp_path / "shown.toml").write_text(shown, encoding="utf-8")
    assert run(args=["lines", "load", str(tmp_path / "shown.toml")]).exit_code == 0
    assert run(args=["lines", "show"]).output == shown
    first, second = line_files.read(shown)
    assert first == line_files.read(TOML)[0]
    assert len(second.pop("token")) == 32  # made for it, and kept
    assert second == line_files.read(TOML)[1]
    assert lines().find("http", "abcdefghijklmnopqrstuvwxyz", "sms").address == "77123"
    assert lines().active("ussd") == []


def test_a_changed_token_keeps_the_one_before(app, database):
    data = line_files.read(TOML)[0]
    for token in (data["token"], "n" * 30, "n" * 30):
        with database.writing() as db:
            line = line_files.save(db, {**data, "token": token})
            found = (line.token, line.old_token)
    assert found == ("n" * 30, "abcdefghijklmnopqrstuvwxyz")
    with database.writing() as db:
        assert line_files.save(db, {**data, "token": "n" * 30, "old_token": ""}).old_token is None


def test_a_token_of_two_lines_is_said(app, tmp_path):
    rows = 'provider = "simulator"\nmedium = "sms"\ntoken = "abcdefghijklmnopqrstuvwxyz"\n'
    (tmp_path / "x.toml").write_text(f'[[line]]\naddress = "1"\n{rows}[[line]]\naddress = "2"\n{rows}')
    result = app.test_cli_runner().invoke(args=["lines", "load", str(tmp_path / "x.toml")])
    assert (result.exit_code, result.output) == (1, "Sebuah token dipakai dua jalur. / Two lines have the same token.\n")


def test_the_lines_serve_while_the_database_is_away(app, database, make_line, monkeypatch):
    make_line("simulator", "sms")
    assert len(lines().active()) == 1
    lines().expire()

    def away():
        raise OperationalError("SELECT", {}, OSError("away"))

    monkeypatch.setattr(database, "reading", away)
    assert len(lines().active()) == 1


def test_where_no_thread_can_be_had_the_lines_are_read_without(database, make_line, monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    make_line("simulator", "sms")
    assert len(lines().active()) == 1
    make_line("simulator", "ussd")
    monkeypatch.setattr(lines(), "_read_at", 1.0)  # long ago, and not so that a change was told
    monkeypatch.setattr(database, "is_sqlite", False)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert [len(lines().active()), len(lines().active())] == [2, 2]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('provider = "nobody"', "provider must be one of"),
        ('medium = "fax"', "medium must be one of"),
        ('medium = "voice"', "http has no voice"),
        ('address = ""', "address must be"),
        ('profile = "smpp"', "profile must be one of"),
        ('send_url = "ftp://x"', "send_url must begin"),
        ('token = "short"', "token must be"),
        ("budget = 10", "budget must be"),
        ("budget = true", "budget must be a int"),
        ('budget = "160"', "budget must be a int"),
        ("price = 3", "price is not a field"),
        ('prices = { "x" = 3 }', "prices must map"),
        ("prices = { 62 = 3.5 }", "prices must map"),
        ('options = { accepted = "(" }', "options.accepted is not a regular"),
        ("options = { send = { to = 1 } }", "options.send must map"),
        ('options = { send_as = "xml" }', "options.send_as must be"),
        ('options = { send = { msg = "{text" } }', "options.send must map"),
        ('options = { ucs2 = { msg = "{hex!x}" } }', "options.ucs2 must map"),
        ('options = { headers = { "X-To" = "{0}" } }', "options.headers must map"),
        ('options = { dlr_path = "/{msgid}" }', "options.dlr_path may name"),
        ("options = { dlr_path = 3 }", "options.dlr_path may name"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(app, tmp_path, change, said):
    name = change.split(" ")[0]
    base = {"provider": 'provider = "http"', "medium": 'medium = "sms"', "address": 'address = "1"'}
    rows = [*{**base, name: change}.values()]
    good = '[[line]]\nprovider = "simulator"\nmedium = "sms"\naddress = "9"\n'
    with pytest.raises(Refused) as refused:
        line_files.read(good + "[[line]]\n" + "\n".join(rows))
    assert str(refused.value).startswith(f"[[line]] 2: {said}")
    (tmp_path / "lines.toml").write_text(good + "[[line]]\n" + "\n".join(rows), encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["lines", "load", str(tmp_path / "lines.toml")])
    assert (result.exit_code, lines().active()) == (1, [])


@pytest.mark.parametrize("text", ["", "[line]", "x = 1", "[[line", "line = 3", "[[line]]\nprovider='http'\n[other]"])
def test_a_file_that_is_no_list_of_lines_is_refused(text):
    with pytest.raises(Refused):
        line_files.read(text)
