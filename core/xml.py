"""``xml.etree`` is lxml's, imported when it is first used: 4 MB that only feeds and files in XML need. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml import etree as etree


def __getattr__(name: str) -> Any:
    if name != "etree":
        raise AttributeError(name)
    from lxml import etree as found

    globals()["etree"] = found  # the next time this is not asked
    return found
