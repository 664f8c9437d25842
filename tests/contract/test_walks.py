"""What a script does that knows only the contract: seed the demo, take the quiz from several phones, find its answers."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from itertools import chain

import pytest

from tests.contract.served import network, serving
from tests.services import READY_WITHIN

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    with ExitStack() as stack:
        address, taken = stack.enter_context(network())
        product = stack.enter_context(serving(tmp_path_factory.mktemp("instance"), HTTP_BASE_URL=address))
        product.taken = taken
        yield product


@pytest.fixture(scope="module")
def demo(product):
    return product.demo()


def line(demo, provider, medium):
    return next(x for x in demo["lines"] if (x["provider"], x["medium"]) == (provider, medium))


def own_phones(demo, count):
    """Learners with a number of their own."""
    learners = [x for school in demo["schools"].values() for x in school["learners"]]
    numbers = [x["msisdn"] for x in learners]
    return [x for x in learners if numbers.count(x["msisdn"]) == 1][:count]


def wanted(quiz, learner, marks):
    return sorted(
        (learner["msisdn"], item["id"], item["right"] if mark == "right" else item["wrong"], mark)
        for item, mark in zip(quiz["items"], marks, strict=True)
    )


def found(rows, medium, learners):
    numbers = {x["msisdn"] for x in learners}
    return sorted(
        (r["msisdn"], r["item_id"], r["answer"], r["mark"]) for r in rows if r["medium"] == medium and r["msisdn"] in numbers
    )


def all_wanted(quiz, learners):
    return sorted(chain.from_iterable(wanted(quiz, x, m) for x, m in zip(learners, MARKS, strict=True)))


MARKS = (["right"] * 10, ["wrong"] * 10, ["right", "wrong"] * 5)


class Phone:
    """Dials, types what the screen asks, resends every third hop, may lose its session once."""

    def __init__(self, product, demo, learner, marks, drop_at=None):
        self.product, self.quiz, self.learner, self.marks, self.drop_at = product, demo["quiz"], learner, marks, drop_at
        at = line(demo, "africastalking", "ussd")
        self.path, self.code = f"/gateway/africastalking/{at['token']}/ussd", at["address"]
        self.hops, self.sessions, self.text = 0, 0, ""

    def hop(self, typed=None):
        if typed is None:
            self.sessions, self.text = self.sessions + 1, ""
        else:
            self.text = f"{self.text}*{typed}" if self.text else typed
        fields = {
            "sessionId": f"ATUid_{self.learner['id']}_{self.sessions}", "serviceCode": self.code, "networkCode": "51010",
            "phoneNumber": self.learner["msisdn"], "text": self.text,
        }  # fmt: skip
        answer = self.product.post(self.path, **fields)
        self.hops += 1
        if self.hops % 3 == 0:
            assert self.product.post(self.path, **fields) == answer
        status, kind, body = answer
        assert (status, kind.split(";")[0], body[:4] in ("CON ", "END ")) == (200, "text/plain", True)
        assert len(body) - 4 <= 160
        return body[4:]

    def take(self):
        screen = self.hop()
        if "English" in screen:  # a first dial: she chooses a language
            screen = self.hop("1")
        self.sessions, self.text = self.sessions + 1, ""
        screen = self.hop(self.quiz["keyword"])
        for n, (item, mark) in enumerate(zip(self.quiz["items"], self.marks, strict=True)):
            if n == self.drop_at:
                offer = self.hop()
                assert "1. Lanjut" in offer
                screen = self.hop("1")
            assert item["prompt"] in screen
            screen = self.hop(item[mark])
        return screen


def test_three_phones_walk_the_quiz_at_once_and_every_answer_counts_once(product, demo):
    learners = own_phones(demo, 3)
    phones = [
        Phone(product, demo, x, marks, 5 if n == 1 else None) for n, (x, marks) in enumerate(zip(learners, MARKS, strict=True))
    ]
    last, broken = {}, []

    def walk(phone):
        try:
            last[phone.learner["id"]] = phone.take()
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=walk, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    rows = product.results(demo["quiz"]["id"])
    assert found(rows, "ussd", learners) == all_wanted(demo["quiz"], learners)
    assert len(found(rows, "ussd", learners)) == 30
    assert [
        "10 dari 10" in last[learners[0]["id"]],
        "0 dari 10" in last[learners[1]["id"]],
        "5 dari 10" in last[learners[2]["id"]],
    ] == [True] * 3


def test_the_same_by_sms_costs_eleven_messages_of_one_segment(product, demo):
    from core import gsm7

    learners = own_phones(demo, 6)[3:]
    path = f"/gateway/http/{line(demo, 'http', 'sms')['token']}/sms"
    code = line(demo, "http", "sms")["address"]
    quiz = demo["quiz"]
    sent: dict[int, list[str]] = {}
    broken = []

    def text(learner, n, typed):
        fields = {
            "from": learner["msisdn"],
            "to": code,
            "text": typed,
            "id": f"{learner['id']}-{n}",
            "time": "2026-11-21 10:00:00",
            "charset": "UTF-8",
            "coding": "0",
        }
        assert product.get(path, **fields)[::2] == (200, "")
        if n % 3 == 0:  # a network that was not sure
            assert product.get(path, **fields)[::2] == (200, "")

    def walk(learner, marks):
        try:
            taken = product.taken(learner["msisdn"])
            text(learner, 0, quiz["keyword"])
            for n, (item, mark) in enumerate(zip(quiz["items"], marks, strict=True), 1):
                message = taken.get(timeout=READY_WITHIN)["text"]
                sent.setdefault(learner["id"], []).append(message)
                assert item["prompt"] in message
                text(learner, n, item[mark])
            sent[learner["id"]].append(taken.get(timeout=READY_WITHIN)["text"])
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=walk, args=pair) for pair in zip(learners, MARKS, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    rows = product.results(quiz["id"])
    assert found(rows, "sms", learners) == all_wanted(quiz, learners)
    assert {len(messages) for messages in sent.values()} == {11}
    assert {gsm7.size(message).segments for messages in sent.values() for message in messages} == {1}
    assert all(product.taken(x["msisdn"]).empty() for x in learners)


def test_the_demo_is_the_same_at_every_call(product, demo):
    assert product.demo() == demo


def test_a_token_that_is_nobodys_is_404(product):
    assert product.post("/gateway/africastalking/not-a-token/ussd", text="")[0] == 404
