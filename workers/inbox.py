"""Answers the SMS that came in: one database step each, so that what a learner said, its mark and our reply are one."""

from __future__ import annotations

import structlog
from structlog.contextvars import bound_contextvars

from broadcast_schedule import station_answers
from core import clock, msisdn
from core.database import database
from core.hot import Busy, Hot
from core.logs import without_data
from core.phrases import SOURCE, phrases
from gateway import caps, courses, inbox, late, opt_out, outbox, trail
from gateway.inbox import Message
from gateway.lines import lines
from lessons.conversation import converse, is_asking
from lessons.dialogue.turn import Heard
from lessons.library import Library, library
from lessons.render import sms

log = structlog.get_logger()


def answer(message_id: int) -> bool:
    """Answers the message; what the same number sent before it first. False where it does not wait (any more).

    A message that cannot be answered is tried again later, and is dead after the fifth time: it holds up nobody else.
    """
    found = database().step(lambda db: _queue(db, message_id), seconds=10)
    for each in found:
        _answer_one(each)
    return bool(found)


def answer_waiting(limit: int = 100) -> int:
    """Answers everything that waits, in the order in which it came; how many there were."""
    now = clock.to_ms(clock.now())
    found = database().step(lambda db: inbox.waiting(db, now, limit), seconds=10)
    for each in found:
        _answer_one(each)
    return len(found)


def _queue(db: Hot, message_id: int) -> list[int]:
    message = inbox.take(db, message_id)
    return [*inbox.earlier(db, message, clock.to_ms(clock.now())), message_id] if message else []


def _answer_one(message_id: int) -> None:
    content = library()
    course = _courses_by_line()
    with bound_contextvars(trail=trail.of_inbox(message_id)):
        try:
            said = database().step(lambda db: reply_to(db, message_id, content, course), seconds=10)
            log.info("sms_answered", is_silent=said is None)
        except Busy:
            log.warning("inbox_busy")  # it waits, the poller comes again
        except Exception as error:
            reason = f"{type(error).__name__}: {without_data(str(error))}"
            is_dead = database().step(lambda db: inbox.failed(db, message_id, reason, clock.to_ms(clock.now())), seconds=10)
            log.exception("inbox_failed", is_dead=is_dead)


def _courses_by_line() -> dict[int, str]:
    return {line.id: line.default_course for line in lines().active()}


def reply_to(db: Hot, message_id: int, content: Library, courses_by_line: dict[int, str]) -> str | None:
    """Takes one waiting message and posts its reply; returns that, or None where nothing is to be said."""
    message = inbox.take(db, message_id)
    if message is None:
        return None
    wish = opt_out.read(message.text)
    if wish is not None and wish.may_be_answer and is_asking(db, message.msisdn):
        wish = None
    text, key = _wished(db, message, wish) if wish else ("", "")
    if not text and not _is_settled(wish, db, message):
        text, key = _said(db, message, content, courses_by_line.get(message.line_id, "")), f"reply:{message.id}"
    capped = text and caps.exceeded(db, message.msisdn, text, clock.now(), message.text)
    if capped:
        log.warning("reply_capped", msisdn=msisdn.masked(message.msisdn), cap=capped)
        text = ""
    if text:
        outbox.post(db, key=key, line_id=message.line_id, msisdn=message.msisdn, text=text, now=clock.now())
    inbox.answered(db, message.id, text)
    return text or None


def _said(db: Hot, message: Message, content: Library, course: str) -> str:
    """What a station's person is told who writes its words; everybody else is a learner."""
    told = station_answers.reply_to(db, message.msisdn, message.text, clock.now(), phrases(SOURCE))
    if told is not None:
        return told
    return converse(db, content, message.msisdn, _heard(db, message), sms.budget(), clock.now(), course=course).text


def _heard(db: Hot, message: Message) -> Heard:
    return Heard("said", message.text, late.heard_at(db, message))


def _is_settled(wish: opt_out.Wish | None, db: Hot, message: Message) -> bool:
    """True where silence is the answer: a second STOP, or anything but START from a number that wants no messages."""
    return (wish is not None and wish.kind == "stop") or opt_out.is_out(db, message.msisdn)


def _wished(db: Hot, message: Message, wish: opt_out.Wish) -> tuple[str, str]:
    """(what to say, its outbox key); ("", "") where the wish changes nothing."""
    _ = phrases(courses.language_of(db, message.msisdn) or SOURCE)
    now = clock.now()
    if wish.kind == "stop":
        if not opt_out.stop(db, message.msisdn, message.text, now):
            return "", ""
        outbox.cancel(db, message.msisdn, now)
        log.info("opted_out", msisdn=msisdn.masked(message.msisdn))
        return _("Kamu tidak akan menerima SMS lagi dari kami. Balas MULAI bila ingin ikut lagi."), opt_out.ack_key(message.id)
    if wish.kind == "start":
        if not opt_out.start(db, message.msisdn, now):
            return "", ""
        return _("Selamat datang kembali! Balas MENU untuk melihat pelajaran dan kuis."), opt_out.ack_key(message.id)
    if opt_out.is_out(db, message.msisdn):
        return "", ""
    if courses.leave(db, message.msisdn, wish.code):
        text = _("Kamu sudah keluar dari kursus %(code)s. Balas STOP untuk berhenti dari semuanya.", code=wish.code)
    else:
        text = _("Kode %(code)s tidak kami kenal. Balas STOP untuk berhenti dari semua SMS kami.", code=wish.code)
    return text, opt_out.ack_key(message.id)
