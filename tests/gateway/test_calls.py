"""A call's hop that comes twice at the same instant."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import current_app
from sqlalchemy import select

from lessons.tables import Answer
from tests.gateway.fixtures import add_line, publish_quiz

CALLERS = 5


def test_a_key_in_a_call_that_comes_twice_at_once_answers_once(any_database):
    app = current_app._get_current_object()
    publish_quiz(app)
    ussd, voice = add_line(app, "http", "ussd"), add_line(app, "simulator", "voice")
    phones = [f"+62812000000{n:02}" for n in range(CALLERS)]
    for phone in phones:
        app.test_client().post(f"/gateway/http/{ussd.token}/ussd", data={"sessionId": "s", "phoneNumber": phone, "text": "MTK5"})

    def call(phone, hop, keys):
        form = {"sessionId": f"v{phone}", "phoneNumber": phone, "hop": hop, "dtmfDigits": keys}
        return app.test_client().post(f"/gateway/simulator/{voice.token}/voice", data=form).text

    both = Barrier(2)

    def press(phone):
        both.wait(10)
        return call(phone, "2", "2")

    with ThreadPoolExecutor(2) as twins:
        for phone in phones:
            call(phone, "0", "")
            call(phone, "1", "1")
            first, second = twins.map(press, [phone, phone])
            assert first == second
    with any_database.reading() as db:
        answers = [(a.item_id, a.typed) for a in db.scalars(select(Answer).order_by(Answer.id))]
    assert answers == [("i1", "2")] * CALLERS
