"""Whether what a file says is right has the shape that forms and kinds give it: a page must be able to show it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def is_key(key: Mapping[str, Any]) -> bool:
    """True for a key that can be shown; what it says may still be wrong. What has no shape of ours may have any."""
    return all(_SHAPES[name](held) if name in _SHAPES else True for name, held in key.items())


def _is_whole(held: Any) -> bool:
    return isinstance(held, int)


def _is_text(held: Any) -> bool:
    return isinstance(held, str)


def _are_texts(held: Any) -> bool:
    return _is_text(held) or (isinstance(held, list) and all(map(_is_text, held)))


def _are_words(held: Any) -> bool:
    return isinstance(held, Mapping) and all(map(_is_text, held.values()))


_SHAPES: Mapping[str, Callable[[Any], bool]] = {
    "right": _is_whole, "number": _is_text, "tolerance": _is_text, "unit": _is_text, "refused": _are_texts,
    "rights": lambda held: isinstance(held, list) and all(map(_is_whole, held)),
    "accepted": lambda held: _are_texts(held) or (isinstance(held, Mapping) and all(map(_are_texts, held.values()))),
    "matches": lambda held: isinstance(held, list) and all(map(_are_words, held)),
}  # fmt: skip
