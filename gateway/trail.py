"""The one word that follows a message through the logs: from the webhook that brought it to the report on our reply.

``mo17`` is what came in as row 17 of the inbox, and everything that was said about it; ``mt9`` a message that answers nothing,
as row 9 of the outbox. Who it was stands in neither.
"""

from __future__ import annotations

import re

_ANSWERS = re.compile(r"(?:reply|opt-out):(\d+)")
_AGAIN = re.compile(r"again:(\d+):\d+")


def of_inbox(inbox_id: int) -> str:
    return f"mo{inbox_id}"


def of_outbox(outbox_id: int, key: str) -> str:
    """By what the outbox row's ``key`` says it answers."""
    if found := _ANSWERS.fullmatch(key):
        return of_inbox(int(found[1]))
    return f"mt{found[1]}" if (found := _AGAIN.fullmatch(key)) else f"mt{outbox_id}"
