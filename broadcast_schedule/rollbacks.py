"""What each edition published, kept slot by slot, and the way back to it.

Only slots that an edition changed are kept with it: a slot's state at an edition is the newest kept at or before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from broadcast_schedule import draft
from broadcast_schedule.carriage_tables import Offer
from broadcast_schedule.planning_tables import EditionSlot, SlotEpisode
from broadcast_schedule.tables import Carriage, Edition, Slot, SlotException
from broadcast_schedule.words import Phrases, in_indonesian
from core.problems import Problem, Refused

PLAIN = (
    "channel_id", "programme_id", "episode_id", "time_zone", "minutes", "weekdays", "every_weeks", "pattern", "earlier",
    "is_live", "presenter", "is_repeat", "repeats_id", "follows",
)  # fmt: skip
DATES = ("starts_on", "ends_on", "run_from")


def freeze(db: Session, number: int, slots: Sequence[Slot]) -> None:
    """Keeps these slots as the edition published them; with the first edition that is kept, every other published slot too."""
    if db.scalar(select(func.count()).select_from(EditionSlot)) == 0:
        ids = {slot.id for slot in slots}
        slots = [*slots, *(slot for slot in db.scalars(select(Slot).where(~Slot.is_draft)) if slot.id not in ids)]
    rows = [{"number": number, "slot_id": slot.id, "frozen": frozen} for slot, frozen in _frozen(db, slots)]
    if rows:
        db.execute(insert(EditionSlot), rows)


def _frozen(db: Session, slots: Sequence[Slot]) -> Iterable[tuple[Slot, dict[str, Any]]]:
    exceptions: dict[int, list[list[Any]]] = defaultdict(list)
    carriages: dict[int, list[list[Any]]] = defaultdict(list)
    episodes: dict[int, list[int]] = defaultdict(list)
    for some in draft.parts([slot.id for slot in slots]):
        for e in db.scalars(select(SlotException).where(SlotException.slot_id.in_(some)).order_by(SlotException.id)):
            kept = [e.original_start.isoformat(), e.kind, e.new_start and e.new_start.isoformat(), e.new_minutes, e.episode_id]
            exceptions[e.slot_id].append(kept)
        for c in db.scalars(select(Carriage).where(Carriage.slot_id.in_(some)).order_by(Carriage.id)):
            carriages[c.slot_id].append([c.channel_id, c.mode, c.delay_minutes, c.state])
        laid = select(SlotEpisode).where(SlotEpisode.slot_id.in_(some)).order_by(SlotEpisode.position)
        for one in db.scalars(laid):
            episodes[one.slot_id].append(one.episode_id)
    for slot in slots:
        state: dict[str, Any] = {name: getattr(slot, name) for name in PLAIN}
        state |= {name: getattr(slot, name) and getattr(slot, name).isoformat() for name in DATES}
        state["starts_at"] = slot.starts_at.isoformat()
        state["is_retired"] = slot.retired_at is not None
        state["exceptions"] = exceptions[slot.id]
        state["carriages"] = carriages[slot.id]
        state["episodes"] = episodes[slot.id]
        yield slot, state


def oldest(db: Session) -> int | None:
    """The oldest edition to which one can go back."""
    return db.scalar(select(func.min(EditionSlot.number)))


def restore(db: Session, number: int, now: datetime, _: Phrases = in_indonesian) -> list[int]:
    """Puts the draft back to what the edition published, other drafts too; the ids of the slots that this touched.

    Past airings are not touched by it, as by no publication. Raises Refused for an edition that is not kept. Seasons and
    blackouts stay as they are: they are days, not slots; and so does what a station answered to an offer.
    """
    first = oldest(db)
    if db.get(Edition, number) is None or first is None or number < first:
        raise Refused(Problem("", _("Edisi itu tidak disimpan lengkap."), _("Pilih edisi yang lebih baru.")))
    later = select(EditionSlot.slot_id).where(EditionSlot.number > number)
    changed = select(Slot).where(Slot.id.in_(later) | Slot.is_draft).order_by(Slot.id).with_for_update()
    slots = list(db.scalars(changed))
    newest: dict[int, Any] = {}
    for some in draft.parts([slot.id for slot in slots]):
        kept = select(EditionSlot).where(EditionSlot.slot_id.in_(some), EditionSlot.number <= number)
        for row in db.scalars(kept.order_by(EditionSlot.number)):
            newest[row.slot_id] = row.frozen
    for slot in slots:
        _restore(db, slot, newest.get(slot.id), now)
    db.flush()
    return [slot.id for slot in slots]


def _restore(db: Session, slot: Slot, state: dict[str, Any] | None, now: datetime) -> None:
    slot.is_draft = True
    if state is None or state["is_retired"]:
        slot.retired_at = slot.retired_at or now
        return
    slot.retired_at = None
    for name in PLAIN:
        setattr(slot, name, state[name])
    for name in DATES:
        setattr(slot, name, date.fromisoformat(state[name]) if state[name] else None)
    slot.starts_at = time.fromisoformat(state["starts_at"])
    answered = list(
        db.scalars(select(Offer.channel_id).where(Offer.slot_id == slot.id, Offer.state.in_(("accepted", "declined"))))
    )
    for table in (SlotException, SlotEpisode):
        db.execute(delete(table).where(table.slot_id == slot.id))
    db.execute(delete(Carriage).where(Carriage.slot_id == slot.id, Carriage.channel_id.not_in(answered)))
    for original, kind, new_start, minutes, episode in state["exceptions"]:
        moved = datetime.fromisoformat(new_start) if new_start else None
        begun = datetime.fromisoformat(original)
        db.add(
            SlotException(
                slot_id=slot.id, original_start=begun, kind=kind, new_start=moved, new_minutes=minutes, episode_id=episode
            )
        )
    for channel, mode, delay, answer in state["carriages"]:
        if channel not in answered:
            db.add(Carriage(slot_id=slot.id, channel_id=channel, mode=mode, delay_minutes=delay, state=answer))
    for position, episode in enumerate(state["episodes"]):
        db.add(SlotEpisode(slot_id=slot.id, position=position, episode_id=episode))
