"""A kept file on its way out: whole, in part, or not at all."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from core import downloads
from core.downloads import NoSuchPart, safe_name, span
from tests.conftest import Browser, settings_for

RAW = bytes(range(256)) * 1000
DIGEST = hashlib.sha256(RAW).hexdigest()


@pytest.fixture(scope="module")
def get(tmp_path_factory):
    """(status, headers, bytes, was it sent to its end) of a request for RAW."""
    folder = tmp_path_factory.mktemp("downloads")
    place = folder / "file"
    place.write_bytes(RAW)
    ends = []

    def view():
        sent = downloads.send(place, digest=DIGEST, media_type="audio/mpeg", name="x.mp3")
        ends.append(sent.is_to_the_end)
        return sent.response

    own_app = create_app(settings_for(folder))
    own_app.test_client_class = Browser
    own_app.add_url_rule("/stations/kept", "kept", view)

    def ask(method="GET", **headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = own_app.test_client().open("/stations/kept", method=method, headers=given)
        return answer.status_code, answer.headers, answer.data, ends[-1]

    yield ask
    own_app.extensions["database"].close()


def test_the_whole_file(get):
    status, headers, body, is_to_the_end = get()
    assert (status, body, is_to_the_end) == (200, RAW, True)
    told = ("ETag", "Content-Type", "Content-Length", "Content-Disposition", "Accept-Ranges")
    assert {name: headers[name] for name in told} == {
        "ETag": f'"{DIGEST}"', "Content-Type": "audio/mpeg", "Content-Length": "256000",
        "Content-Disposition": 'attachment; filename="x.mp3"', "Accept-Ranges": "bytes",
    }  # fmt: skip
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_head_says_the_same_and_sends_nothing(get):
    _, whole, _, _ = get()
    status, headers, body, is_to_the_end = get("HEAD", Range="bytes=0-9")
    assert (status, body, is_to_the_end) == (200, b"", False)
    assert (headers["Content-Length"], headers["ETag"]) == (whole["Content-Length"], whole["ETag"])


@pytest.mark.parametrize("held", [f'"{DIGEST}"', f'W/"{DIGEST}"', f'"other", "{DIGEST}"', "*"])
def test_who_has_it_is_told_so(get, held):
    status, headers, body, is_to_the_end = get(If_None_Match=held, Range="bytes=0-9")
    assert (status, headers["ETag"], body, is_to_the_end) == (304, f'"{DIGEST}"', b"", False)


@pytest.mark.parametrize(
    ("wanted", "start", "stop", "is_to_the_end"),
    [
        ("bytes=0-99", 0, 100, False), ("bytes=100-", 100, 256_000, True), ("bytes=-100", 255_900, 256_000, True),
        ("bytes=255999-255999", 255_999, 256_000, True), ("bytes=0-999999", 0, 256_000, True),
        ("bytes=-999999", 0, 256_000, True), ("bytes=70000-140000", 70_000, 140_001, False),
    ],
)  # fmt: skip
def test_a_part_of_it(get, wanted, start, stop, is_to_the_end):
    status, headers, body, to_the_end = get(Range=wanted, If_Range=f'"{DIGEST}"')
    assert (status, body, to_the_end) == (206, RAW[start:stop], is_to_the_end)
    assert (headers["Content-Range"], headers["Content-Length"]) == (f"bytes {start}-{stop - 1}/256000", str(stop - start))


@pytest.mark.parametrize("wanted", ["bytes=256000-", "bytes=999999-1000000", "bytes=-0"])
def test_a_part_behind_the_end(get, wanted):
    status, headers, body, is_to_the_end = get(Range=wanted)
    assert (status, headers["Content-Range"], body, is_to_the_end) == (416, "bytes */256000", b"", False)


ODD = ["bytes=0-1,5-6", "bytes=9-2", "bytes=-", "lines=1-2", "bytes", "bytes=a-b", "bytes=--5", "bytes=0-" + "9" * 40, "x" * 5000]


@pytest.mark.parametrize("wanted", ODD)
def test_what_is_no_single_range_gives_all_of_it(get, wanted):
    assert get(Range=wanted)[0::2] == (200, RAW)


@pytest.mark.parametrize("condition", ['"other"', f'W/"{DIGEST}"', "Sun, 22 Nov 2026 03:00:00 GMT"])
def test_a_part_of_another_file_is_not_continued(get, condition):
    assert get(Range="bytes=100-", If_Range=condition)[0::2] == (200, RAW)


@given(st.text(alphabet="bytes=-0123456789, x", max_size=40), st.integers(1, 10**9))
def test_no_range_leads_outside_the_file(wanted, size):
    try:
        found = span(wanted, size)
    except NoSuchPart:
        return
    assert found is None or 0 <= found[0] < found[1] <= size


@given(st.text(max_size=200))
def test_a_name_is_safe_on_every_system(words):
    name = safe_name(words, DIGEST, "audio/mpeg", "rekaman")
    assert len(name) <= 75
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert name.endswith(f"-{DIGEST[:8]}.mp3")


def test_names():
    assert safe_name("Magnet & Besi (1)", DIGEST, "audio/mpeg", "rekaman") == f"magnet-besi-1-{DIGEST[:8]}.mp3"
    assert safe_name("../../etc/passwd", DIGEST, "application/pdf", "naskah") == f"etc-passwd-{DIGEST[:8]}.pdf"
    assert safe_name("磁石", DIGEST, "application/pdf", "naskah") == f"naskah-{DIGEST[:8]}.pdf"
