"""Under which terms schools share with one another. Pure. Keys are kept in the database, names are what people read."""

from __future__ import annotations

LICENCES = {
    "cc0": "CC0 1.0",
    "cc-by": "CC BY 4.0",
    "cc-by-sa": "CC BY-SA 4.0",
    "cc-by-nc": "CC BY-NC 4.0",
    "cc-by-nc-sa": "CC BY-NC-SA 4.0",
}
ADDRESSES = {
    "cc0": "https://creativecommons.org/publicdomain/zero/1.0/deed.id",
    **{key: f"https://creativecommons.org/licenses/{key.removeprefix('cc-')}/4.0/deed.id" for key in list(LICENCES)[1:]},
}
_MAY_BECOME = {
    "cc0": tuple(LICENCES),
    "cc-by": ("cc-by", "cc-by-sa", "cc-by-nc", "cc-by-nc-sa"),
    "cc-by-sa": ("cc-by-sa",),
    "cc-by-nc": ("cc-by-nc", "cc-by-nc-sa"),
    "cc-by-nc-sa": ("cc-by-nc-sa",),
}


def may_become(source: str) -> tuple[str, ...]:
    """The licences under which something may be shared that was made from a work under ``source``; all where that is ""."""
    return _MAY_BECOME.get(source, tuple(LICENCES))


def named(key: str) -> str:
    return LICENCES.get(key, key)
