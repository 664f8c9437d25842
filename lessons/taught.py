"""An accepted answer written into the key of its item, where the kind keeps a list of them: the teacher sees it in her draft."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.problems import Refused
from lessons import authoring
from lessons.course import FIRST, Quiz, quiz_to_json
from lessons.kinds import kinds
from lessons.tables import Quiz as QuizRow
from lessons.tables import QuizEdition
from schools.tables import Staff


def teach(db: Session, row: QuizRow, item_id: str, answer: str, staff: Staff, now: datetime, *, forget: bool = False) -> bool:
    """Writes an accepted answer into the draft's key (or takes it out again), where its kind keeps a list of them; and publishes
    that, where nothing else waits in the draft. An edition that somebody has begun stays as it is. True where it wrote.
    """
    draft = authoring.draft_of(row)
    edition: Any = db.get(QuizEdition, row.edition_id) if row.edition_id else None
    is_clean = edition is not None and edition.content == row.draft and row.archived_at is None
    changed = _with_accepted(draft, item_id, answer, forget)
    if changed is None:
        return False
    row.draft, row.updated_at = quiz_to_json(changed), now
    db.flush()
    if is_clean:
        with suppress(Refused):  # a rule that came since it was published: the draft keeps the answer, the marks stand
            authoring.publish_quiz(db, row, staff, now)
    return True


def _with_accepted(draft: Quiz, item_id: str, answer: str, forget: bool) -> Quiz | None:
    for at, item in enumerate(draft.items):
        if item.id != item_id or item.kind not in kinds() or "accepted" not in kinds()[item.kind].fields:
            continue
        held: Any = item.key.get("accepted") or []
        texts = list(held.get(FIRST, [])) if isinstance(held, dict) else [held] if isinstance(held, str) else list(held)
        if (answer in texts) is not forget or (forget and texts == [answer]):
            return None
        texts = [text for text in texts if text != answer] if forget else [*texts, answer]
        key = {**item.key, "accepted": {**held, FIRST: texts} if isinstance(held, dict) else texts}
        items = (*draft.items[:at], replace(item, key=key), *draft.items[at + 1 :])
        return replace(draft, items=items)
    return None
