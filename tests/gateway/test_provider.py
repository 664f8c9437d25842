from __future__ import annotations

import pytest

from gateway.provider import retry_after


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), (" 7 ", 7), ("999999", 3600), (None, 5), ("", 5), ("soon", 5), ("-1", 5), ("\x1f\x1f00", 5), ("²", 5), ("7\n", 5)],
)
def test_retry_after_is_seconds_or_what_we_would_have_waited(header, seconds):
    assert retry_after(header, 5) == seconds
