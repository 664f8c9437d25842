"""The addresses: what each network sends, what it is answered, whatever is odd in it."""

from __future__ import annotations

import json
import threading
from xml.etree import ElementTree

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.hot import Busy
from core.shedding import CROWDED
from gateway import meters, provider
from gateway.tables import Inbox, NetworkSession, Outbox
from lessons.tables import Answer
from tests.gateway.fixtures import PHONE

APOLOGY = "END Maaf, permintaan ini tidak terbaca. Coba hubungi lagi."


def dial(client, line, text, session="s1", phone=PHONE, **more):
    data = {"sessionId": session, "serviceCode": "*123*77#", "phoneNumber": phone, "networkCode": "99999", "text": text, **more}
    return client.post(f"/gateway/{line.provider}/{line.token}/ussd", data=data)


def rows(database, table):
    with database.reading() as db:
        return list(db.scalars(select(table).order_by(table.id)))


def marks(database):
    return [(a.item_id, a.typed, a.mark, a.medium) for a in rows(database, Answer)]


@pytest.mark.parametrize("provider", ["africastalking", "simulator", "http"])
def test_a_dialled_keyword_walks_the_quiz(client, make_line, quiz, database, provider):
    line = make_line(provider, "ussd")
    first = dial(client, line, "MTK5")
    assert (first.status_code, first.content_type) == (200, "text/plain; charset=utf-8")
    screens, text = [first.text], "MTK5"
    for key in ("2", "5", "6"):
        text += f"*{key}"
        screens.append(dial(client, line, text).text)
        assert dial(client, line, text).text == screens[-1]
    assert [screen.split(" ", 1)[0] for screen in screens] == ["CON"] * 4
    assert marks(database) == [("i1", "2", "right", "ussd"), ("i2", "5", "wrong", "ussd"), ("i3", "6", "right", "ussd")]


def test_a_key_answers_only_what_its_own_session_showed(client, make_line, quiz, database):
    line = make_line("africastalking", "ussd")
    dial(client, line, "MTK5", "old")
    dial(client, line, "MTK5", "new")
    dial(client, line, "MTK5*2", "new")
    late = dial(client, line, "MTK5*2", "old").text  # the key for the first question, which has its answer
    assert late.splitlines()[1:] == ["1. Lanjut", "2. Mulai baru", "3. Menu"]
    dial(client, line, "MTK5*2*1", "old")
    dial(client, line, "MTK5*2*1*4", "old")
    assert marks(database) == [("i1", "2", "right", "ussd"), ("i2", "4", "right", "ussd")]


def test_three_phones_at_once_and_a_dropped_session_resumes(client, app, make_line, quiz, database):
    line = make_line("africastalking", "ussd")

    def walk(n):
        phone, http = f"+62812000000{n}0", app.test_client()
        dial(http, line, "MTK5", f"a{n}", phone)
        dial(http, line, "MTK5*2", f"a{n}", phone)
        dial(http, line, "", f"b{n}", phone)  # it dropped; the next dial offers to go on
        text = "1"
        dial(http, line, text, f"b{n}", phone)
        for key in ("4", "6"):
            text += f"*{key}"
            dial(http, line, text, f"b{n}", phone)

    threads = [threading.Thread(target=walk, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(marks(database)) == sorted([(f"i{n}", str(2 * n), "right", "ussd") for n in (1, 2, 3)] * 3)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", APOLOGY),
        (b"sessionId=s&text=1", APOLOGY),
        (b"phoneNumber=%2B6281200000001&text=1", APOLOGY),
        (b"sessionId=s&phoneNumber=MTN&text=1", "END Maaf, nomor teleponmu tidak terbaca oleh kami."),
        (b"sessionId=%00&phoneNumber=%2B6281200000001", APOLOGY),
        (b"{", APOLOGY),
        (b"[" * 8000, APOLOGY),
        (b"&".join(b"f%d=1" % n for n in range(60)), APOLOGY),
        (b"\xff" * 100, APOLOGY),
    ],
)
def test_an_odd_hop_is_answered_politely(client, make_line, body, said):
    line = make_line("africastalking", "ussd")
    answer = client.post(
        f"/gateway/africastalking/{line.token}/ussd", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, answer.text) == (200, said)


@pytest.mark.parametrize(
    "text", ["²", "1_0", "１", "\0", "\ud800", "😀" * 500, "*" * 3000, "-1", "9" * 1000, "a\u202eb", "'; DROP TABLE"]
)
def test_any_text_is_answered(client, make_line, quiz, text):
    line = make_line("africastalking", "ussd")
    text = text.encode("utf-8", "surrogatepass")
    for session in ("s", "t"):
        for typed in (b"MTK5", b"MTK5*" + text, text):
            answer = client.post(
                f"/gateway/africastalking/{line.token}/ussd",
                data={"sessionId": session, "phoneNumber": PHONE, "text": typed.decode("latin-1")},
            )
            assert (answer.status_code, answer.text[:4]) in ((200, "CON "), (200, "END "), (413, "Isi "))


def test_who_may_call_what(client, make_line):
    ussd, sms, http = make_line("africastalking", "ussd"), make_line("africastalking", "sms"), make_line("http", "ussd")
    at = f"/gateway/africastalking/{ussd.token}"
    assert client.get(f"{at}/ussd").status_code == 405
    assert client.get(f"/gateway/http/{http.token}/ussd?sessionId=s&phoneNumber=%2B6281200000001&text=").status_code == 200
    assert client.post(f"{at}/ussd", data=b"text=" + b"x" * 9000).status_code == 413
    for wrong in (
        f"/gateway/africastalking/{'x' * 32}/ussd", f"/gateway/http/{ussd.token}/ussd", f"/gateway/nobody/{ussd.token}/ussd",
        f"{at}/nothing", f"{at}/sms", f"{at}/ussd/1", f"/gateway/africastalking/{sms.token}/ussd", f"{at[:-1]}/ussd",
    ):  # fmt: skip
        assert client.post(wrong, data={"sessionId": "s"}).status_code == 404, wrong


def test_the_old_token_is_good_while_a_secret_is_rotated(client, make_line):
    line = make_line("simulator", "ussd", old_token="o" * 30)
    line.token = "o" * 30
    assert dial(client, line, "").status_code == 200


@pytest.mark.parametrize(("trouble", "outcome"), [(Busy, "busy"), (OSError, "failed")])
def test_a_database_that_cannot_is_said_in_words(client, make_line, database, monkeypatch, trouble, outcome):
    meters.forget()
    line = make_line("africastalking", "ussd")

    def busy(work, seconds=2):
        raise trouble

    monkeypatch.setattr(database, "step", busy)
    answer = dial(client, line, "")
    assert (answer.status_code, answer.text) == (
        200, "END Maaf, sedang ramai. Jawabanmu yang tadi tersimpan. Coba hubungi lagi sebentar lagi.",
    )  # fmt: skip
    assert meters.read()[line.id].outcomes[outcome] == 1
    answer = client.post(
        f"/gateway/africastalking/{line.token}/ussd-end", data={"sessionId": "s1", "phoneNumber": PHONE, "status": "Incomplete"}
    )
    assert (answer.status_code, answer.text) == (200, "")


def test_while_no_line_can_be_read_who_dials_is_told_so(client, app, monkeypatch):
    def away(*_):
        raise OperationalError("SELECT", {}, Exception("the database is away"))

    monkeypatch.setattr(app.extensions["lines"], "find", away)
    answer = client.post("/gateway/simulator/anything/ussd", data={"sessionId": "s1", "phoneNumber": PHONE, "text": ""})
    assert (answer.status_code, answer.text[:27]) == (200, "END Maaf, sedang ramai. Jaw")
    answer = client.post("/gateway/simulator/anything/sms", data={"from": PHONE, "text": "A"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_the_end_of_a_session_is_kept(client, make_line, database):
    line = make_line("africastalking", "ussd")
    dial(client, line, "")
    answer = client.post(
        f"/gateway/africastalking/{line.token}/ussd-end",
        data={"sessionId": "s1", "phoneNumber": PHONE, "status": "Incomplete", "durationInMillis": "900"},
    )
    assert (answer.status_code, answer.text) == (200, "")
    with database.reading() as db:
        assert db.scalar(select(NetworkSession)).ended_at is not None


SMS = {
    "africastalking": {"from": PHONE, "to": "77123", "text": "MTK5", "id": "7", "linkId": "x", "date": "2026-11-21T08:00:00Z"},
    "simulator": {"from": PHONE, "to": "77123", "text": "MTK5", "id": "7"},
    "http": {"from": "081200000001", "to": "77123", "text": "MTK5", "id": "7", "time": "now", "charset": "UTF-8", "coding": "0"},
}


@pytest.mark.parametrize("provider", list(SMS))
def test_a_message_is_taken_once_with_an_empty_200(client, make_line, database, provider):
    line = make_line(provider, "sms", profile="kannel" if provider == "http" else "")
    for _ in range(3):
        answer = client.post(f"/gateway/{provider}/{line.token}/sms", data=SMS[provider])
        assert (answer.status_code, answer.text) == (200, "")
    assert [(m.msisdn, m.text, m.state) for m in rows(database, Inbox)] == [(PHONE, "MTK5", "waiting")]


def test_missing_and_unreadable_fields_are_said(client, make_line):
    line = make_line("http", "sms", profile="kannel")
    address = f"/gateway/http/{line.token}/sms"
    answers = [client.get(address), client.get(f"{address}?from=MTN&text=A"), client.post(address, data=b"x" * 9000)]
    assert [(a.status_code, a.text) for a in answers] == [
        (400, "Isian kurang: from, text. / Missing: from, text."),
        (400, "Nomor telepon tidak terbaca: •••. Tulis misalnya 0812 3456 7890."),
        (413, "Isi terlalu panjang. / The body is too long."),
    ]
    assert client.post(address, data=b"[" * 5000, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("text=caf%E9&charset=ISO-8859-1&coding=0", "café"),
        ("text=%00A%00B&charset=UTF-16BE&coding=2", "AB"),
        ("text=%00A%00B&coding=2", "AB"),
        ("text=%D8%3D%DE%00&charset=UTF-16BE&coding=2", "😀"),
        ("text=%D8%3D&charset=UTF-16BE&coding=2", "�"),
        ("text=caf%C3%A9&charset=UTF-8&coding=2", "café"),
        ("text=caf%E9", "café"),
        ("text=", ""),
    ],
)
def test_the_charset_is_the_networks(client, make_line, database, query, text):
    line = make_line("http", "sms", profile="kannel")
    assert client.get(f"/gateway/http/{line.token}/sms?from=%2B6281200000001&to=77123&id=1&{query}").status_code == 200
    assert [m.text for m in rows(database, Inbox)] == [text]


def test_profiles_have_their_own_fields_and_answers(client, make_line, database):
    jasmin = make_line("http", "sms", profile="jasmin", address="1", token="j" * 32)
    relay = make_line("http", "sms", profile="relay", address="2", token="r" * 32)
    own = make_line(
        "http", "sms", address="3", token="o" * 32,
        options={"inbound": {"from": "original", "text": "message", "id": "messageid"}, "answer": "000"},
    )  # fmt: skip
    said = client.post(
        f"/gateway/http/{jasmin.token}/sms",
        data={"id": "j1", "from": "6281200000001", "to": "1", "coding": "8", "content": "?", "binary": "00410042"},
    )
    assert (said.status_code, said.text) == (200, "ACK/Jasmin")
    body = json.dumps({"from": PHONE, "to": "2", "text": "A\ud83d\ude00", "id": "r1", "sent_at": "2026-11-21T08:00:00+07:00"})
    for kind in ("application/json", "text/plain"):
        assert client.post(f"/gateway/http/{relay.token}/sms", data=body, content_type=kind).text == ""
    assert client.get(f"/gateway/http/{own.token}/sms?original=081200000001&message=C&messageid=9&sendto=3").text == "000"
    assert [(m.msisdn, m.text) for m in rows(database, Inbox)] == [(PHONE, "AB"), (PHONE, "A😀"), (PHONE, "C")]


def post_one(database, line):
    from core import clock
    from gateway import outbox

    return database.step(
        lambda db: outbox.post(db, key="k", line_id=line.id, msisdn=PHONE, text="halo", now=clock.now())
    )  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "path", "fields", "state"),
    [
        ("kannel", "dlr", {"id": "{id}", "status": "1"}, "delivered"),
        ("kannel", "dlr", {"id": "{id}", "status": "2"}, "failed"),
        ("kannel", "dlr", {"id": "{id}", "status": "8"}, "sent"),
        ("kannel", "dlr", {"id": "{id}", "status": "77"}, "created"),
        ("kannel", "dlr", {"id": "4711", "status": "1"}, "created"),
        ("kannel", "dlr", {"id": "9" * 30, "status": "1"}, "created"),
        ("jasmin", "dlr/{id}", {"id": "j-1", "level": "3", "message_status": "DELIVRD"}, "delivered"),
        ("relay", "dlr", {"id": "{id}", "status": "delivered"}, "delivered"),
    ],
)
def test_a_delivery_report_by_our_id(client, make_line, database, profile, path, fields, state):
    line = make_line("http", "sms", profile=profile)
    its_id = post_one(database, line)
    fields = {name: value.format(id=its_id) for name, value in fields.items()}
    for _ in range(2):
        answer = client.get(f"/gateway/http/{line.token}/{path.format(id=its_id)}", query_string=fields)
        assert (answer.status_code, answer.text) == (200, "ACK/Jasmin" if profile == "jasmin" else "")
    assert [m.state for m in rows(database, Outbox)] == [state]


def test_a_report_without_its_fields_is_said(client, make_line):
    line = make_line("http", "sms", profile="kannel")
    answer = client.get(f"/gateway/http/{line.token}/dlr")
    assert (answer.status_code, answer.text) == (400, "Isian kurang: id, status. / Missing: id, status.")


def test_a_call_is_led_by_digits_and_told_the_same_twice(client, make_line, quiz):
    line = make_line("africastalking", "voice")
    address = f"/gateway/africastalking/{line.token}/voice"
    call = {"isActive": "1", "sessionId": "v1", "direction": "Inbound", "callerNumber": PHONE, "destinationNumber": "77123"}
    first = client.post(address, data=call)
    assert first.content_type == "application/xml; charset=utf-8"
    digits = ElementTree.fromstring(first.text)[0]
    assert digits.tag == "GetDigits"
    assert digits.get("callbackUrl").endswith(f"{line.token}/voice?hop=1")
    assert [child.tag for child in digits] == ["Say"]
    second = client.post(f"{address}?hop=1", data={**call, "dtmfDigits": "1"})
    assert client.post(f"{address}?hop=1", data={**call, "dtmfDigits": "1"}).text == second.text
    assert second.text != first.text
    over = client.post(address, data={**call, "isActive": "0", "durationInSeconds": "40"})
    assert (over.status_code, over.text) == (200, "<Response />")


UNREAD = "Maaf, permintaan ini tidak terbaca. Coba hubungi lagi."
NO_NUMBER = "Maaf, nomor teleponmu tidak terbaca oleh kami."


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"isActive": "1"}, UNREAD),
        ({"sessionId": "v1"}, UNREAD),
        ({"callerNumber": PHONE}, UNREAD),
        ({"sessionId": "v1", "callerNumber": "Anonymous"}, NO_NUMBER),
    ],
)
def test_a_call_that_hides_its_number_is_told_so_in_words(client, make_line, fields, told):
    line = make_line("africastalking", "voice")
    said = client.post(f"/gateway/africastalking/{line.token}/voice", data=fields)
    assert (said.status_code, said.text) == (200, f"<Response><Say>{told}</Say></Response>")


def test_a_call_whose_body_is_no_form_is_told_so_in_words(client, make_line):
    line = make_line("africastalking", "voice")
    said = client.post(f"/gateway/africastalking/{line.token}/voice", data=b"[1", content_type="application/json")
    assert (said.status_code, said.text) == (200, f"<Response><Say>{UNREAD}</Say></Response>")


def test_digits_at_an_address_without_a_hop_are_the_next_hop(client, make_line, quiz):
    line = make_line("africastalking", "voice")
    address = f"/gateway/africastalking/{line.token}/voice"
    call = {"isActive": "1", "sessionId": "v1", "callerNumber": PHONE}
    said = [client.post(address, data=call).text]
    said += [client.post(address, data={**call, "dtmfDigits": "1"}).text for _ in range(2)]
    hops = [ElementTree.fromstring(text)[0].get("callbackUrl").rpartition("=")[2] for text in said]
    assert (hops, len(set(said))) == (["1", "2", "3"], 3)
    assert client.post(f"{address}?hop=2", data={**call, "dtmfDigits": "1"}).text == said[2]


@pytest.mark.parametrize(("options", "is_new"), [({"appends": False}, True), ({"appends": True}, False), ({}, False)])
def test_the_same_key_again_is_a_new_one_only_where_the_line_says_that_its_network_sends_the_last_input_alone(
    client, make_line, quiz, options, is_new
):
    line = make_line("http", "ussd", options=options)
    screens = [dial(client, line, text).text for text in ("", "1", "1")]
    assert (screens[2] != screens[1]) is is_new


def test_a_hop_too_many_at_once_is_told_so_without_the_database(client, make_line, database, monkeypatch):
    meters.forget()
    line = make_line("africastalking", "ussd")
    monkeypatch.setattr(database, "step", lambda *_, **__: pytest.fail("it was asked"))
    hop = {"sessionId": "s", "phoneNumber": PHONE, "text": ""}
    answer = client.post(f"/gateway/africastalking/{line.token}/ussd", data=hop, environ_overrides={CROWDED: True})
    assert (answer.status_code, answer.text) == (
        200, "END Maaf, sedang ramai. Jawabanmu yang tadi tersimpan. Coba hubungi lagi sebentar lagi.",
    )  # fmt: skip
    assert meters.read()[line.id].outcomes["shed"] == 1


def test_a_hop_that_is_not_signed_as_its_provider_wants_is_not_heard(client, make_line, quiz, database, monkeypatch):
    line = make_line("simulator", "ussd")
    monkeypatch.setattr(type(provider.find("simulator")), "is_genuine", lambda *_: False)
    answer = dial(client, line, "MTK5")
    assert (answer.status_code, answer.text) == (403, "Tanda tangan salah. / Wrong signature.")
    with database.reading() as db:
        assert db.scalars(select(NetworkSession)).all() == []
