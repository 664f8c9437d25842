"""The stylesheet keeps its promises: contrast, weight, no outside host."""

from __future__ import annotations

import gzip
import re

import pytest

from core.settings import ROOT

CSS = re.sub(r"/\*.*?\*/", "", (ROOT / "core/static/kentongan.css").read_text(encoding="utf-8"), flags=re.S)
GROUNDS = ("paper", "sheet", "shade")  # what a page, a card, a notice stand on
WORDS = ("ink", "quiet", "wood", "link", "leaf", "sun", "brick")  # any of them may stand on any of those


def _palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", block))


DAY = _palette(CSS.split(":root {")[1].split("}")[0])
NIGHT = DAY | _palette(CSS.split(":root {")[2].split("}")[0])


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * c for c in digits)
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _declared_pairs() -> set[tuple[str, str]]:
    """(words, ground) of every rule that sets both, as names of the palette or plain colours."""
    pairs = set()
    for rule in re.findall(r"\{([^{}]*)\}", CSS.split("@media print")[0]):
        words = re.search(r"(?<![a-z-])color: (?:var\(--([a-z-]+)\)|(#[0-9a-f]{3,6}))", rule)
        ground = re.search(r"background: (?:var\(--([a-z-]+)\)|(#[0-9a-f]{3,6}))", rule)
        if words and ground:
            pairs.add((words[1] or words[2], ground[1] or ground[2]))
    return pairs


PHONE = {("key-ink", "case"), ("key-ink", "key"), ("lcd-ink", "lcd"), ("lcd-quiet", "lcd"), ("lcd-over", "lcd")}
PAIRS = sorted(_declared_pairs() | PHONE | {(w, g) for w in WORDS for g in GROUNDS})


def test_the_rules_are_read():
    assert {("paper", "link"), ("key-ink", "case"), ("lcd-ink", "lcd"), ("#fff", "call")} <= _declared_pairs()
    assert (round(contrast("#000", "#ffffff"), 1), round(contrast("#767676", "#fff"), 2)) == (21.0, 4.54)


@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
def test_every_pair_of_colours_can_be_read(palette):
    found = {(w, g): round(contrast(palette.get(w, w), palette.get(g, g)), 2) for w, g in PAIRS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", [DAY, NIGHT], ids=["day", "night"])
def test_the_named_colours_reach_what_the_look_promises_on_paper(palette):
    assert [w for w in WORDS if contrast(palette[w], palette["paper"]) < 6.5] == []


def test_the_stylesheet_is_light_and_asks_nobody_else():
    assert len(gzip.compress(CSS.encode(), 9)) < 6_000
    assert re.findall(r"url\(|@import|@font-face", CSS) == []


def test_no_template_has_inline_style_or_script():
    faults = [
        (str(path.relative_to(ROOT)), found)
        for path in ROOT.glob("*/templates/**/*.html")
        for found in re.findall(
            r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", path.read_text(encoding="utf-8")
        )
    ]
    assert faults == []
