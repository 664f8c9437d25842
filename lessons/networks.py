"""Indonesian mobile networks by the beginnings of their numbers. Pure.

The prefixes are those that the networks were given. Indonesia has no number portability, so a prefix tells the network.
"""

from __future__ import annotations

NETWORKS = {
    "Telkomsel": ("811", "812", "813", "821", "822", "823", "851", "852", "853"),
    "Indosat": ("814", "815", "816", "855", "856", "857", "858"),
    "Tri": ("895", "896", "897", "898", "899"),
    "XL": ("817", "818", "819", "859", "877", "878", "879"),
    "Axis": ("831", "832", "833", "838"),
    "Smartfren": ("881", "882", "883", "884", "885", "886", "887", "888", "889"),
}
_BY_PREFIX = {prefix: name for name, prefixes in NETWORKS.items() for prefix in prefixes}


def network(msisdn: str) -> str:
    """The network of a number in E.164; "" for one of another country, or unknown."""
    return _BY_PREFIX.get(msisdn[3:6], "") if msisdn.startswith("+62") else ""


def example(name: str) -> str:
    """A number of that network, to ask its price by. Nobody's: it is too short to be dialled."""
    return f"+62{NETWORKS[name][0]}000000"
