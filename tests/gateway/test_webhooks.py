"""The addresses: what each network sends, what it is answered, whatever is odd in it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from gateway.tables import Inbox, NetworkSession
from lessons.tables import Answer
from tests.gateway.conftest import TOKEN

PHONE = "+6281200000001"


def dial(client, line, text, session="s1", phone=PHONE, **more):
    data = {"sessionId": session, "serviceCode": "*123*77#", "phoneNumber": phone, "networkCode": "99999", "text": text, **more}
    return client.post(f"/gateway/{line.provider}/{line.token}/ussd", data=data)


def marks(database):
    with database.reading() as db:
        return [(a.item_id, a.typed, a.mark) for a in db.scalars(select(Answer).order_by(Answer.id))]


def test_dialled_keyword_walks_the_quiz(client, make_line, quiz, database):
    line = make_line("africastalking", "ussd")
    first = dial(client, line, "MTK5")
    assert (first.status_code, first.content_type) == (200, "text/plain; charset=utf-8")
    print(first.text)
    text = "MTK5"
    for key in ("2", "4", "7"):
        text += f"*{key}"
        print(dial(client, line, text).text)
    print(marks(database))
    assert 0
