"""Who may call a line: its ``networks``, as CIDR. A line that names none takes whoever knows its token.

The caller's address is the one that the server says, or with TRUSTED_PROXIES the one that the proxy in front says.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

from gateway.tables import Line

MOST = 50

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def read(typed: str) -> Network:
    """``196.201.212.0/24``, ``2001:db8::/32`` or a single address. Raises ValueError."""
    if "%" in typed:  # a zone means something on one machine alone
        raise ValueError("an address with a zone")
    return ipaddress.ip_network(typed.strip(), strict=False)


def allows(line: Line, address: str) -> bool:
    """Whether a caller at ``address`` may use ``line``. What is no address may not where networks are named."""
    named = line.networks
    return not named or _is_in(tuple(named), address)


@lru_cache(4096)
def _is_in(named: Sequence[str], address: str) -> bool:
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(caller, ipaddress.IPv6Address) and caller.ipv4_mapped is not None:
        caller = caller.ipv4_mapped  # a socket for both kinds says it so
    return any(caller in read(one) for one in named)
