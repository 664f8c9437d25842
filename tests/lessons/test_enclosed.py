import pytest

from lessons import enclosed
from lessons.course import Enclosure, Item, Lesson, Quiz
from lessons.enclosed import HandedIn

DIGEST = "ab" * 32
MP3, OGG, PNG = (str(HandedIn(DIGEST, ending, 209_001)) for ending in ("mp3", "ogg", "png"))


def test_a_reference_says_what_it_is_without_being_fetched():
    assert f"file:{DIGEST}.mp3:209001" == MP3
    assert enclosed.read(MP3) == HandedIn(DIGEST, "mp3", 209_001)
    assert (enclosed.read(MP3).kind, enclosed.read(PNG).kind) == ("audio", "picture")
    assert enclosed.address(MP3, "https://ketuk.example") == f"https://ketuk.example/files/{DIGEST}.mp3"
    assert enclosed.address("https://x.example/1.mp3", "https://ketuk.example") == "https://x.example/1.mp3"


@pytest.mark.parametrize(
    "text",
    ["", "file:", f"file:{DIGEST}", f"file:{DIGEST}.exe:9", f"file:{DIGEST}.mp3:0", f"file:{DIGEST}.mp3:9\n",
     f"file:{DIGEST[1:]}.mp3:9", f"file:{DIGEST.upper()}.mp3:9", f" {MP3}", "file:///etc/passwd"],
)  # fmt: skip
def test_what_is_no_reference_is_none(text):
    assert enclosed.read(text) is None


@pytest.mark.parametrize(
    ("reference", "base", "played"),
    [
        (MP3, "https://k.example", f"https://k.example/files/{DIGEST}.mp3"), (MP3, "", ""), (OGG, "https://k.example", ""),
        (PNG, "https://k.example", ""), ("https://x.example/1.ogg", "", "https://x.example/1.ogg"),
        ("ftp://x/1.mp3", "https://k", ""),
    ],
)  # fmt: skip
def test_calls_play_what_networks_can_fetch(reference, base, played):
    assert enclosed.in_calls(reference, base) == played


def test_an_address_of_ours_is_known_when_it_comes_back():
    base = "https://k.example/sekolah"
    assert enclosed.ours(f"{base}/files/{DIGEST}.mp3", base) == (DIGEST, "mp3")
    others = (f"https://evil.example/files/{DIGEST}.mp3", f"{base}/files/{DIGEST}.mp3?x", f"{base}/files/../{DIGEST}.mp3")
    assert [enclosed.ours(typed, base) for typed in others] == [None, None, None]
    assert enclosed.ours(f"/files/{DIGEST}.mp3", "") is None


def test_whatever_may_be_a_digest_is_named():
    typed = f"https://k.example/files/{'cd' * 32}.mp3"
    text = f'{{"audio": {{"id": "{MP3}", "en": "{typed}"}}, "more": "{"e" * 65}"}}'
    assert enclosed.named(text) == {DIGEST, "cd" * 32}
    assert enclosed.references(text) == {DIGEST}


def test_a_file_that_leaves_has_whole_addresses():
    item = Item("a", "number", {"id": "2?"}, {"number": "2"}, audio={"id": MP3, "en": "https://x.example/1.mp3"})
    [gone] = enclosed.abroad(Quiz("A1", {"id": "A"}, (item,)), "https://k.example").items
    assert dict(gone.audio) == {"id": f"https://k.example/files/{DIGEST}.mp3", "en": "https://x.example/1.mp3"}


def test_a_form_cannot_make_up_an_address():
    known = (Enclosure("audio", "https://x.example/1.mp3", 700, {"id": "Lama"}),)
    assert enclosed.enclosure(PNG, {"id": "Akar"}) == Enclosure("picture", PNG, 209_001, {"id": "Akar"})
    assert enclosed.enclosure("https://x.example/1.mp3", {"id": "Baru"}, known) == Enclosure(
        "audio", "https://x.example/1.mp3", 700, {"id": "Baru"}
    )
    assert [enclosed.enclosure(made_up, {}, known) for made_up in ("https://y.example/2.png", "javascript:alert(1)", "")] == [
        None
    ] * 3


def test_what_stops_and_what_is_advice():
    def told(problems):
        return [(problem.where, problem.stops) for problem in problems]

    assert told(enclosed.recording_problems({"id": MP3, "en": OGG, "jv": PNG, "su": "ftp://x/1.mp3"})) == [
        ("audio.en", False), ("audio.jv", True), ("audio.su", True),
    ]  # fmt: skip
    bare = Enclosure("picture", PNG, 209_001, {})
    lesson = Lesson("a", {"id": "A"}, {"id": "B"}, (bare, Enclosure("audio", MP3, 9, {}), Enclosure("audio", "x", 9, {})))
    assert told(enclosed.enclosure_problems(lesson)) == [("beside.0.label", True), ("beside.2", True)]
    many = Lesson("a", {"id": "A"}, {"id": "B"}, (Enclosure("audio", MP3, 9, {}),) * 7)
    assert told(enclosed.enclosure_problems(many)) == [("beside", True)]
