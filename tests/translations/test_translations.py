"""The language files: whole, up to date with the code, fit for a phone; and no page of one language shows another's."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from lxml import html

from core import gsm7
from core.phrases import FOLDER, SOURCE, languages
from core.settings import ROOT
from core.translations import extracted
from demo.commands import seed

OTHERS = [code for code in languages() if code != SOURCE]
WHOLE = ["en"]  # any other may be begun and unfinished
PLACE = re.compile(r"%\(\w+\)[sd]|%%")
PHONE = ("lessons/dialogue/**.py", "workers/inbox.py", "gateway/ussd_webhooks.py")
LONGER = 12  # septets that a phone's phrase may be longer than in Indonesian


@cache
def catalog(code: str) -> Catalog:
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


def key(message: Message) -> tuple[str, ...]:
    return (message.context or "", *_both(message.id))


def _both(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def phrases_of(code: str) -> list[Message]:
    return [message for message in catalog(code) if message.id]


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Catalog:
    """What the code says now."""
    with extracted(tmp_path_factory.mktemp("template")).open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize("code", OTHERS)
def test_the_file_has_every_phrase_of_the_code_and_no_other(code, template):
    """Red: run ``flask translate update`` and say the new phrases."""
    here, wanted = {key(m) for m in phrases_of(code)}, {key(m) for m in template if m.id}
    assert (sorted(wanted - here), sorted(here - wanted)) == ([], [])


@pytest.mark.parametrize("code", WHOLE)
def test_every_phrase_is_said(code):
    lacking = [key(m) for m in phrases_of(code) if m.fuzzy or not all(text.strip() for text in _both(m.string))]
    assert lacking == []
    plurals = [key(m) for m in phrases_of(code) if m.pluralizable and len(m.string) != catalog(code).num_plurals]
    assert plurals == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_phrase_keeps_its_places(code):
    torn = [
        (m.id, text)
        for m in phrases_of(code)
        for text in _both(m.string)
        if text and sorted(PLACE.findall(text)) != sorted(PLACE.findall(_both(m.id)[0]))
    ]
    assert torn == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_phrase_ends_and_begins_as_its_source(code):
    """A full stop, a colon, a blank or a line break lost is a sentence run into the next one."""
    ends = re.compile(r"^\s*|[.:?!]?\s*$")
    torn = [
        (m.id, text)
        for m in phrases_of(code)
        for text in _both(m.string)
        if text and ends.findall(text) != ends.findall(_both(m.id)[0])
    ]
    assert torn == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_a_phone_says_is_in_its_alphabet_and_short(code):
    said = dict(zip(map(key, phrases_of(code)), phrases_of(code), strict=True))
    method_map = [(pattern, "python") for pattern in PHONE]
    found = {message for _, _, message, _, _ in extract_from_dir(ROOT, method_map, keywords={"_": None, "N_": None})}
    assert len(found) > 40
    texts = [(id, said["", id].string or id) for id in sorted(found)]
    assert [text for _, text in texts if not gsm7.is_gsm7(text)] == []
    assert [text for id, text in texts if gsm7.septets(text) > gsm7.septets(id) + LONGER] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_files_head_names_nobody_and_no_day(code):
    text = (FOLDER / code / "LC_MESSAGES" / "messages.po").read_text("utf-8")
    head = text.partition("\n\n")[0]
    assert re.findall(r"\d{4}|@|PROJECT|ORGANIZATION|Creation|Revision-Date|Translator|/home|/work", head) == []
    assert f'"Language: {code}\\n"' in head.splitlines()
    assert "#, fuzzy" not in text


STARTS = ("/", "/phone", "/login", "/learn", "/teach/", "/plan/", "/school/", "/station/", "/ops/", "/no-such-page")
NUMBERS = re.compile(r"\d+")


def _pieces(page: html.HtmlElement) -> list[str]:
    """Every text that a reader of ``page`` sees or hears, but for what is marked as another language's."""
    for other in page.xpath("//*[@lang and @lang != /html/@lang]|//script|//textarea"):
        other.drop_tree()
    found = page.xpath("//text()|//@aria-label|//@title|//@placeholder|//@alt|//meta[@name='description']/@content")
    return [" ".join(piece.split()) for piece in found if piece.strip()]


@cache
def _sentences(code: str) -> list[re.Pattern[str]]:
    """For each phrase that is another in ``code``: a pattern of its Indonesian. Short ones must stand alone to count."""
    patterns = []
    for message in phrases_of(code):
        for source, said in zip(_both(message.id), _both(message.string), strict=False):
            words = PLACE.sub("", source).split()
            if source == said or not words:
                continue
            body = ".+?".join(re.escape(part) for part in PLACE.split(source))
            is_long = len([word for word in words if len(word) > 2]) >= 3
            patterns.append(re.compile(body if is_long else rf"\A{body}\Z"))
    return patterns


@cache
def _is_left(code: str, piece: str) -> bool:
    return any(pattern.search(piece) for pattern in _sentences(code))


def leftovers(code: str, page: bytes) -> list[str]:
    return [piece for piece in dict.fromkeys(_pieces(html.fromstring(page))) if _is_left(code, piece)]


def _login(client, login: str, password: str) -> None:
    token = html.fromstring(client.get("/login").data).xpath("string(//input[@name='csrf_token']/@value)")
    assert client.post("/login", data={"csrf_token": token, "login": login, "password": password}).status_code == 303


def _crawl(client, code: str) -> dict[str, bytes]:
    """{address: page} of the main pages and of those that they lead to, one of each shape."""
    client.get(f"/?lang={code}")  # kept in a cookie
    found: dict[str, bytes] = {}
    shapes: set[str] = set()
    waiting = [*STARTS]
    while waiting:
        address = waiting.pop(0).partition("#")[0]
        if (shape := NUMBERS.sub("n", address.partition("?")[0])) in shapes:
            continue
        shapes.add(shape)
        response = client.get(address)
        if response.status_code in (302, 303):
            waiting.insert(0, response.headers["Location"])
        elif response.mimetype == "text/html":
            found[address] = response.data
            page = html.fromstring(response.data)
            assert (address, page.get("lang")) == (address, code)
            links = page.xpath("//main//a/@href|//header//a/@href")
            waiting += [link for link in links if link.startswith("/") and ".csv" not in link]
    return found


@pytest.mark.parametrize("code", WHOLE)
@pytest.mark.slow
def test_no_page_shows_indonesian_to_a_reader_of_another_language(app, code):
    made = seed()
    readers = [made["admin"], made["schools"]["A"]["teachers"][0]]
    shown: dict[str, bytes] = {}
    for reader in readers:
        client = app.test_client()
        _login(client, reader["login"], reader["password"])
        shown |= {address: page for address, page in _crawl(client, code).items() if address not in shown}
    assert len(shown) > 30
    assert {address: left for address, page in shown.items() if (left := leftovers(code, page))} == {}


def test_a_phrase_left_in_indonesian_is_seen():
    page = (
        b"<html lang='en'><p>Pilih kuis:<p lang='id'>Pilih kuis:<p>Kuis baru<p title='Kuis'>5 murid menjawab, 2 selesai.</html>"
    )
    assert leftovers("en", page) == ["Pilih kuis:", "Kuis baru", "Kuis", "5 murid menjawab, 2 selesai."]


def test_the_front_pages_example_is_in_the_readers_language(client):
    said = [html.fromstring(client.get(f"/?lang={code}").data).xpath("string(//samp)").split("\n")[0] for code in ("id", "en")]
    assert said == ["1/10 Mana yang senilai dengan 1/2?", "1/10 Which is equal to 1/2?"]
