"""Redis is only the bell: slow, silent, emptied or dead, what comes in is taken as ever, and each reply goes out once, soon."""

from __future__ import annotations

import time
from contextlib import contextmanager

import pytest

from bench import load, storm
from bench.storm_learners import Wire
from bench.storm_network import network
from bench.storm_product import Product, Redis
from tests import services
from tests.storm.proxy import proxy

pytestmark = [pytest.mark.slow, services.needs("redis")]

MESSAGES = 3  # in each weather
TAKEN_WITHIN, SENT_WITHIN = 1.5, 5.0  # seconds more than in calm weather, where a machine shows how fast it is


@contextmanager
def slow(redis, between):
    between.delay = 2.0
    yield
    between.delay = 0.0


@contextmanager
def silent(redis, between):
    between.is_silent = True
    yield
    between.is_silent = False


@contextmanager
def emptied_again_and_again(redis, between):
    redis.flush()
    yield
    redis.flush()


@contextmanager
def dead(redis, between):
    redis.kill()
    yield
    redis.start()


@contextmanager
def calm(redis, between):
    yield


@pytest.fixture
def belled(tmp_path):
    """The product and its workers, with a proxy before Redis: (product, Redis, proxy, network)."""
    redis = Redis(tmp_path)
    redis.start()
    with network() as outside, proxy(redis.port) as between:
        url = f"redis://127.0.0.1:{between.port}/0"
        product = Product(tmp_path, HTTP_BASE_URL=outside.address, REDIS_URL=url)
        try:
            product.start()
            yield product, redis, between, outside
        finally:
            between.delay, between.is_silent = 0.0, False
            product.stop()
            redis.stop()


def test_in_any_weather_a_message_is_taken_at_once_and_its_reply_sent_once(belled):
    product, redis, between, outside = belled
    course, _ = storm.course_of(product)
    wire, number, late, usual = Wire(product.port), 0, [], [0.0, 0.0]
    first = outside.inbox_of("+6289900000000")
    assert wire.ask(text(course, "+6289900000000", "warm")) is not None
    assert first.get(timeout=services.READY_WITHIN)  # the workers are awake
    for weather in (calm, slow, silent, emptied_again_and_again, dead, calm):
        with weather(redis, between):
            for _ in range(MESSAGES):
                number += 1
                msisdn = f"+62899{number:08d}"
                began = time.monotonic()
                assert wire.ask(text(course, msisdn, f"id{number}"))[0] == 200
                taken = time.monotonic()
                hop = f"sessionId={number}&phoneNumber=%2B62898{number:08d}&text={course.keyword}"
                assert wire.ask(load.post(course.ussd[2], hop))[1].startswith("CON ")
                shown = time.monotonic()
                assert course.asked(outside.inbox_of(msisdn).get(timeout=services.READY_WITHIN)) == course.items[0]
                sent = time.monotonic() - taken
                if weather is calm and number <= MESSAGES:
                    usual = [max(usual[0], taken - began, shown - taken), max(usual[1], sent)]
                elif max(taken - began, shown - taken) > TAKEN_WITHIN + usual[0] or sent > SENT_WITHIN + usual[1]:
                    late.append((weather.__name__, round(taken - began, 2), round(shown - taken, 2), round(sent, 2)))
    wire.close()
    assert late == []
    time.sleep(2)  # a reply that would be sent twice has been by now
    assert set(outside.posts.values()) == {1}
    assert len(outside.posts) == 6 * MESSAGES + 1


def text(course, msisdn, its_id):
    return load.get(f"{course.sms}?from=%2B{msisdn[1:]}&to={course.sms_code}&text={course.keyword}&id={its_id}")
