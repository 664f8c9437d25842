from __future__ import annotations

import pytest

from lessons import costs
from lessons.networks import NETWORKS, example, network
from schools import people
from schools.tables import Class
from tests.classroom import NOW

PRICES = {"+62811": 400, "+62821": 400, "+62814": 330}


def price_to(msisdn):
    return next((price for prefix, price in PRICES.items() if msisdn.startswith(prefix)), 350)


@pytest.mark.parametrize(
    ("msisdn", "name"),
    [
        ("+6281234567890", "Telkomsel"), ("+6285312345678", "Telkomsel"), ("+6281412345678", "Indosat"),
        ("+6289512345678", "Tri"),
        ("+6281712345678", "XL"), ("+6283112345678", "Axis"), ("+6288112345678", "Smartfren"), ("+62215551234", ""),
        ("+14155550100", ""), ("", ""), ("081234567890", ""),
    ],
)  # fmt: skip
def test_a_prefix_tells_the_network(msisdn, name):
    assert network(msisdn) == name


def test_every_network_has_an_example_of_its_own_and_no_prefix_is_twos():
    assert [network(example(name)) for name in NETWORKS] == list(NETWORKS)
    prefixes = [prefix for found in NETWORKS.values() for prefix in found]
    assert len(prefixes) == len(set(prefixes))


def test_networks_cost_what_their_prefix_costs():
    found = dict(costs.networks(11, price_to))
    assert (found["Telkomsel"], found["Indosat"], found["XL"]) == (4400, 3630, 3850)
    assert costs.networks(11, lambda msisdn: 350) == [("", 3850)]
    assert costs.networks(11, lambda msisdn: 0) == []


def test_a_class_costs_what_its_own_numbers_cost(database, two_schools):
    with database.writing() as db:
        room = db.get(Class, two_schools.A.room)
        people.add_learner(db, room, "Ani", "0811 3456 789", NOW)
        people.add_learner(db, room, "Beni", "0814 3456 7890", NOW)
    with database.reading() as db:
        assert costs.classes(db, two_schools.A.school, 2, price_to) == [costs.Bill("5A", 3, 700 + 800 + 660)]
        assert costs.classes(db, None, 2, price_to) == []
