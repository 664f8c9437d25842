"""What CLDR knows of languages, as far as we ask: babel keeps all that it has read, 4 MB that nobody here looks at.

Pages and phones say days, numbers, durations and the names of languages. Call once, before anything else has grown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from babel import Locale, localedata
from babel.core import get_global

TABLES = ("territory_currencies", "territory_languages", "windows_zone_mapping")  # of the world
NAMES = (
    "compact_currency_formats", "compact_decimal_formats", "compound_unit_patterns", "currency_names", "currency_names_plural",
    "meta_zones", "time_zones", "unit_display_names",
)  # fmt: skip
DURATION = "duration-"


def slim(languages: Iterable[str]) -> None:
    """Lets go what is not asked of ``languages``; other languages stay as they are, and are read when they are asked for."""
    ours = set(languages)
    for code in ours:
        if localedata.exists(code):
            Locale.parse(code)
            _slim(localedata.load(code))
    _slim(localedata.load("root"))
    for table in TABLES:
        cast(dict[str, Any], get_global(table)).clear()  # type: ignore[arg-type]
    likely = cast(dict[str, str], get_global("likely_subtags"))  # of 8,000 identifiers; a language that babel has needs none
    for identifier in [each for each in likely if each.partition("_")[0] not in ours]:
        del likely[identifier]


def _slim(data: dict[str, Any]) -> None:
    for name in NAMES:
        data.pop(name, None)
    units = data["unit_patterns"]
    data["unit_patterns"] = {name: units[name] for name in units if name.startswith(DURATION)}
