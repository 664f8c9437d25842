from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime

import pytest
from flask import render_template_string

from core import pages

CONTRACT = "default-src 'none'; script-src 'self'; style-src 'self'"


def test_the_first_view_is_under_14_kB_compressed(client):
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    address = re.search(r'<link rel="stylesheet" href="([^"]+)"', gzip.decompress(page.data).decode()).group(1)
    style = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert (page.headers["Content-Encoding"], style.headers["Content-Encoding"]) == ("gzip", "gzip")
    assert len(page.data) + len(style.data) < 14_000
    assert style.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_style_that_was_fetched_is_not_sent_again(client):
    first = client.get("/static/kentongan.css", headers={"Accept-Encoding": "gzip"})
    again = client.get("/static/kentongan.css", headers={"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("wish", ["identity", "gzip;q=0", "identity, *;q=0", ""])
def test_without_gzip_pages_come_as_they_are(client, wish):
    page = client.get("/", headers={"Accept-Encoding": wish})
    assert ("Content-Encoding" in page.headers, "Accept-Encoding" in page.vary, page.data[-8:].strip()) == (
        False,
        True,
        b"</html>",
    )


@pytest.mark.parametrize("address", ["/", "/login", "/phone", "/nothing"])
def test_every_page_has_its_headers_and_its_frame(client, address):
    page = client.get(address)
    assert page.headers["Content-Security-Policy"].startswith(CONTRACT)
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    html = page.text
    assert [html.count(part) for part in ('class="skip"', "<main", "<h1", 'role="status"', "<footer")] == [1, 1, 1, 1, 1]
    assert re.findall(r"(?:src|href)=\"https?://", html) == []


def test_the_language_is_chosen_by_link_then_cookie_then_browser(client, monkeypatch):
    monkeypatch.setattr(pages, "languages", lambda: ("id", "en"))
    asked = [
        ("/", {}),
        ("/", {"Accept-Language": "en-GB,en;q=0.8"}),
        ("/?lang=en", {}),  # kept in a cookie
        ("/", {}),
        ("/?lang=xx", {}),
    ]
    pages_said = [client.get(address, headers=headers).text for address, headers in asked]
    said = [re.search(r'<html lang="(\w+)"', html).group(1) for html in pages_said]
    assert said == ["id", "en", "en", "en", "en"]


def test_same_page_keeps_the_query(app):
    with app.test_request_context("/plan/?station=a&page=3&x=%26"):
        assert pages.same_page(page=None, sort="-name") == "/plan/?station=a&x=%26&sort=-name"


def test_the_reader_is_not_asked_again_where_reading_failed(app):
    from flask import g

    app.extensions["reader"] = lambda: 1 / 0
    with app.test_request_context("/"):
        g.unreadable = True
        assert pages.whose_page() is None


def test_days_hours_and_money_in_indonesian(app):
    at = datetime(2020, 4, 13, 1, 0, tzinfo=UTC)
    with app.test_request_context("/"):
        assert (pages.day(at), pages.hour(at), pages.hour(at, "Asia/Jayapura")) == (
            "Senin, 13 April 2020",
            "08.00 WIB",
            "10.00 WIT",
        )
        assert (pages.number(1234.5), pages.rupiah(12500)) == ("1.234,5", "Rp 12.500")


MACROS = '{% from "macros.html" import bars, field, problems, pages, phone with context %}'


def test_bars_are_drawn_and_told_in_a_table(app):
    rows = [{"label": "A & B", "value": 10, "shown": "5 benar", "parts": [("right", 5), ("almost", 2), ("wrong", 3)]}]
    with app.test_request_context("/"):
        html = render_template_string(MACROS + '{{ bars("b", "Soal", rows, ["Soal", "Benar", "Hampir", "Salah"]) }}', rows=rows)
    assert re.findall(r'class="part (\w*)" x="([\d.]+)%" y="24" width="([\d.]+)%"', html) == [
        ("right", "0", "50.0"), ("almost", "50.0", "20.0"), ("wrong", "70.0", "30.0"),
    ]  # fmt: skip
    assert re.findall(r'data-label="(\w+)">(\d+)<', html) == [("Benar", "5"), ("Hampir", "2"), ("Salah", "3")]
    assert "A &amp; B" in html


def test_bars_of_nothing_do_not_fail(app):
    with app.test_request_context("/"):
        assert "<svg" in render_template_string(
            MACROS + '{{ bars("b", "Kosong", [], ["A", "B"]) }}{{ bars("c", "Nol", [{"label": "x", "value": 0}], ["A", "B"]) }}'
        )


def test_a_field_names_its_problem(app):
    with app.test_request_context("/"):
        html = render_template_string(
            MACROS + '{{ field("Nama", "name", "<b>", "Masih kosong.", hint="Nama lengkap", required=true) }}'
        )
    assert re.search(r'<input id="name"[^>]*aria-describedby="name-hint name-fault" aria-invalid="true"', html)
    assert 'value="&lt;b&gt;"' in html


def test_page_links_keep_ends_and_neighbours(app):
    with app.test_request_context("/x?sort=name&page=5"):
        html = render_template_string(MACROS + "{{ pages(5, 20) }}")
    assert re.findall(r">(\d+)<", html) == ["1", "3", "4", "5", "6", "7", "20"]
    assert 'href="/x?sort=name&amp;page=4" rel="prev"' in html


def test_a_part_without_a_name_is_no_field(client):
    parts = ('form-data; name="login"', "form-data", 'form-data; filename="x"')
    body = "".join(f"--b\r\nContent-Disposition: {part}\r\n\r\nx\r\n" for part in parts) + "--b--\r\n"
    answer = client.post("/login", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 400  # for want of its token, as any such form


@pytest.mark.parametrize(
    ("base", "headers", "remote", "name", "is_secure"),
    [
        ("https://ketuk.example", {}, "127.0.0.1", "__Host-kentongan", True),
        ("http://ketuk.example", {}, "127.0.0.1", "__Host-kentongan", True),  # a proxy that says nothing of itself
        ("http://127.0.0.1:8000", {"X-Forwarded-For": "192.0.2.1"}, "127.0.0.1", "__Host-kentongan", True),
        ("http://127.0.0.1:8000", {}, "192.0.2.1", "__Host-kentongan", True),
        ("http://127.0.0.1:8000", {}, "127.0.0.1", "kentongan", False),
        ("http://localhost:8000", {}, "127.0.0.1", "kentongan", False),
        ("http://127.0.0.1:8000", {"Host": "[::1"}, "127.0.0.1", "__Host-kentongan", True),
    ],
)
def test_the_cookie_of_a_public_service_is_secure_but_for_who_looks_in_on_this_machine(
    app, base, headers, remote, name, is_secure
):
    app.config.update(SESSION_COOKIE_NAME="__Host-kentongan", SESSION_COOKIE_SECURE=True)
    answer = app.test_client().get("/login", base_url=base, headers=headers, environ_overrides={"REMOTE_ADDR": remote})
    cookie = answer.headers["Set-Cookie"]
    assert (cookie.partition("=")[0], "; Secure" in cookie) == (name, is_secure)
