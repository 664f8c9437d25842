"""A recording or a picture that was handed in, as drafts and editions name it: by its content, not by an address of today. Pure.

``file:<SHA-256 in hex>.<ending>:<bytes>`` is all that a page or a call must know before anything is fetched. Where the service
moves to another host the drafts stay as they are: who shows or plays it makes the address. Typed ``https://…`` addresses stand
beside it and stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from core.problems import N_, Problem
from lessons.course import FIRST, Enclosure, Item, Lesson, Quiz, Words

MOST_AUDIO, MOST_PICTURE = 1_500_000, 500_000  # bytes: a minute and a half at 128 kbit/s; a picture that fills a screen
MOST_ENCLOSED = 6  # of one lesson
PICTURES = ("jpg", "png", "webp")
IN_CALLS = ("mp3", "wav")  # what telephone networks play; browsers play the others too
_REFERENCE = re.compile(r"file:([0-9a-f]{64})\.(mp3|ogg|wav|m4a|jpg|png|webp):([1-9][0-9]{0,8})")
_TYPED = re.compile(r"https?://[^\s\x00-\x1f<>\"]{1,300}")
_OURS = re.compile(r"/files/([0-9a-f]{64})\.(mp3|ogg|wav|m4a|jpg|png|webp)")
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


class HandedIn(NamedTuple):
    """``size`` in bytes; ``ending`` as its address has it."""

    digest: str
    ending: str
    size: int

    @property
    def kind(self) -> Literal["picture", "audio"]:
        return "picture" if self.ending in PICTURES else "audio"

    @property
    def path(self) -> str:
        """Where anybody fetches it, below the service's own address."""
        return f"/files/{self.digest}.{self.ending}"

    def __str__(self) -> str:
        return f"file:{self.digest}.{self.ending}:{self.size}"


def read(reference: str) -> HandedIn | None:
    """None for what is an address that somebody typed, or nothing at all."""
    found = _REFERENCE.fullmatch(reference)
    return HandedIn(found[1], found[2], int(found[3])) if found else None


def address(reference: str, base: str = "") -> str:
    """The address of what was handed in, below ``base`` ("" for a page of ours); a typed address as it is."""
    found = read(reference)
    return base + found.path if found else reference


def in_calls(reference: str, base: str) -> str:
    """The address that a telephone network can play; "" where it cannot: then the words are spoken."""
    found = read(reference)
    if found is not None:
        return base + found.path if base and found.ending in IN_CALLS else ""
    return reference if _TYPED.fullmatch(reference) else ""


def references(text: str) -> set[str]:
    """The digests of everything handed in that a text (a draft as JSON) plays or shows."""
    return {found[1] for found in _REFERENCE.finditer(text)}


def named(text: str) -> set[str]:
    """Whatever may be a digest in a text, in a typed address too: nobody sweeps what this names."""
    return set(_DIGEST.findall(text))


def ours(typed: str, base: str) -> tuple[str, str] | None:
    """(digest, ending) of an address of our own that came back from a file; None for another's."""
    found = _OURS.fullmatch(typed.removeprefix(base)) if base and typed.startswith(base) else None
    return (found[1], found[2]) if found else None


def abroad(quiz: Quiz, base: str) -> Quiz:
    """``quiz`` with whole addresses, for a file that leaves us."""
    return replace(quiz, items=tuple(_item_abroad(item, base) for item in quiz.items))


def _item_abroad(item: Item, base: str) -> Item:
    return replace(item, audio={code: address(said, base) for code, said in item.audio.items()}) if item.audio else item


def enclosure(reference: str, label: Words, known: Sequence[Enclosure] = ()) -> Enclosure | None:
    """What a form's field means: something handed in, or one of ``known`` whose address was typed. None for anything else."""
    found = read(reference)
    if found is not None:
        return Enclosure(found.kind, reference, found.size, label)
    old = next((each for each in known if each.address == reference), None)
    return replace(old, label=label) if old is not None else None


def recording_problems(audio: Words) -> Iterator[Problem]:
    """What keeps an item's recordings from being played, and where they are not."""
    for code, said in audio.items():
        where, found = "audio" if code == FIRST else f"audio.{code}", read(said)
        if (found is None and not _TYPED.fullmatch(said)) or (found is not None and found.kind != "audio"):
            yield Problem(where, N_("Alamat rekaman ini tidak bisa diputar."), N_("Tulis alamat yang dimulai dengan https://"))
        elif found is not None and found.ending not in IN_CALLS:
            what = N_("Rekaman %(ending)s terdengar di internet, tetapi tidak di telepon suara.")
            remedy = N_("Unggah sebagai MP3 atau WAV; sampai itu, komputer yang membacakan.")
            yield Problem(where, what, remedy, stops=False, facts={"ending": found.ending.upper()})


def enclosure_problems(lesson: Lesson) -> Iterator[Problem]:
    """What is wrong with the pictures and recordings beside a lesson; ``where`` begins with "beside."."""
    for at, each in enumerate(lesson.enclosures):
        found = read(each.address)
        if found is None and not _TYPED.fullmatch(each.address):
            yield Problem(f"beside.{at}", N_("Alamat ini tidak bisa dibuka."), N_("Unggah berkasnya, atau hapus."))
        if each.kind == "picture" and not each.label.get(FIRST, "").strip():
            what, remedy = (
                N_("Gambar ini belum punya keterangan."),
                N_("Tulis apa yang terlihat, bagi yang tidak bisa melihatnya."),
            )
            yield Problem(f"beside.{at}.label", what, remedy)
    if len(lesson.enclosures) > MOST_ENCLOSED:
        what = N_("Terlalu banyak gambar dan suara: paling banyak %(n)d.")
        yield Problem("beside", what, facts={"n": MOST_ENCLOSED})
