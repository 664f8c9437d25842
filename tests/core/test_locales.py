"""What is let go of babel's tables is nothing that we say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from babel import Locale, localedata
from babel.core import get_global
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal

from core.locales import slim

SAID = {
    "id": ("Indonesia", "Kamis, 1 Januari 2026", "Kam 08.05", "5 jam", "12.500,5"),
    "en": ("English", "Thursday, 1 January 2026", "Thu 08.05", "5 hours", "12,500.5"),
    "su": ("Basa Sunda", "Kemis, 1 Januari 2026", "Kem 08.05", "5 h", "12.500,5"),
}


@pytest.mark.parametrize("language", SAID)
def test_what_we_say_is_said(language):
    slim([*SAID, "xx"])
    slim(SAID)
    said = (
        Locale.parse(language).display_name,
        format_date(date(2026, 1, 1), "EEEE, d MMMM y", locale=language),
        format_datetime(datetime(2026, 1, 1, 8, 5, tzinfo=UTC), "EEE HH.mm", locale=language),
        format_timedelta(timedelta(hours=5), locale=language),
        format_decimal(12500.5, locale=language),
    )
    assert said == SAID[language]


def test_what_nobody_asks_for_is_let_go():
    slim(SAID)
    assert ("currency_names" in localedata.load("en"), "length-meter" in localedata.load("id")["unit_patterns"]) == (False, False)
    assert len(get_global("territory_languages")) == 0


def test_another_language_is_still_read():
    slim(SAID)
    assert format_date(date(2026, 1, 1), "EEEE", locale="de") == "Donnerstag"
