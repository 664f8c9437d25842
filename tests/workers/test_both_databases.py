"""The whole way of a learner on SQLite and on PostgreSQL: dial, answer, text, be answered, be delivered."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select

from gateway.tables import Outbox
from lessons.tables import Answer
from tests.gateway import fixtures
from workers import inbox, outbox


def test_a_quiz_by_ussd_and_by_sms(any_database):
    app = current_app._get_current_object()
    fixtures.publish_quiz(app)
    ussd, sms = fixtures.add_line(app, "http", "ussd"), fixtures.add_line(app, "simulator", "sms")
    client, text = app.test_client(), ""
    for key in ("MTK5", "2", "4"):
        text = f"{text}*{key}".lstrip("*")
        hop = {"sessionId": "s", "phoneNumber": fixtures.PHONE, "text": text}
        first = client.post(f"/gateway/http/{ussd.token}/ussd", data=hop)
        assert client.post(f"/gateway/http/{ussd.token}/ussd", data=hop).data == first.data
    for n, said in enumerate(("6", "1", "6", "stop", "6")):
        message = {"from": fixtures.PHONE, "text": said, "id": str(n)}
        assert client.post(f"/gateway/simulator/{sms.token}/sms", data=message).status_code == 200
        inbox.answer_waiting()
        for claimed in outbox.deliver_due(10):
            outbox.send(claimed)
    with any_database.reading() as db:
        answers = [(a.item_id, a.typed, a.mark, a.medium) for a in db.scalars(select(Answer).order_by(Answer.id))]
        sent = [(row.text.split("\n")[0], row.state) for row in db.scalars(select(Outbox).order_by(Outbox.id))]
    assert answers == [("i1", "2", "right", "ussd"), ("i2", "4", "right", "ussd"), ("i3", "6", "right", "sms")]
    assert [state for _, state in sent] == ["delivered"] * 4  # to go on?, the question, its verdict, one acknowledgement
    assert [text for text, _ in sent[2:]] == [
        "Benar!", "Kamu tidak akan menerima SMS lagi dari kami. Balas MULAI bila ingin ikut lagi.",
    ]  # fmt: skip
