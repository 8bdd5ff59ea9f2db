"""Where a request comes from, and whether over TLS; a header is believed only from a proxy of ours."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import msgspec
from starlette.types import Scope

from gk_workflow.people.throttle import line_of

_FORWARDED_FOR, _FORWARDED_PROTO = b"x-forwarded-for", b"x-forwarded-proto"
_OF_PROXIES = frozenset({_FORWARDED_FOR, _FORWARDED_PROTO, b"forwarded", b"via", b"x-real-ip"})


class Peer(msgspec.Struct, frozen=True, gc=False):
    """``address`` asks, over TLS if ``secure``; ``line`` is what one household or office has.

    ``here``: a program of this machine itself asks, and for nobody else.
    """

    address: str
    line: str
    secure: bool
    here: bool


class Peers:
    """Knows which proxies are ours."""

    def __init__(self, trusted: tuple[str, ...]) -> None:
        """``trusted`` are addresses or networks; raises ValueError for what is neither."""
        self._trusted = tuple(ip_network(one, strict=False) for one in trusted)

    def of(self, scope: Scope) -> Peer:
        """Who sent it, seen through our own proxies from the nearest to the farthest."""
        client = scope.get("client")
        address: str = client[0] if client else ""
        said = [pair for pair in scope["headers"] if pair[0] in _OF_PROXIES]
        if not said:
            line, loopback = _placed(address)
            here = loopback and not self._trusts(address) and _calls_loopback(scope["headers"])
            return Peer(address, line, scope["scheme"] == "https", here)
        secure = scope["scheme"] == "https"
        if self._trusts(address):
            secure = secure or _last(said, _FORWARDED_PROTO) == "https"
            address = self._behind(said, address)
        return Peer(address, _placed(address)[0], secure, here=False)

    def is_near(self, scope: Scope) -> bool:
        """Whether one of our own proxies, or this machine, has the other end of the connection."""
        client = scope.get("client")
        return client is not None and (self._trusts(client[0]) or _placed(client[0])[1])

    def _behind(self, said: list[tuple[bytes, bytes]], address: str) -> str:
        """The first address from the right that is no proxy of ours; the rest anybody may have written."""
        chain = b",".join(value for name, value in said if name == _FORWARDED_FOR)
        for hop in reversed(chain.decode("latin-1").split(",")):
            found = _address(hop.strip())
            if found is None:
                return address
            address = str(found)
            if not self._trusts(address):
                return address
        return address

    def _trusts(self, address: str) -> bool:
        found = _address(address) if self._trusted else None
        return found is not None and any(found in network for network in self._trusted)


def host_name(host: bytes) -> str:
    """The host without its port; an IPv6 address without its brackets."""
    text = host.decode("latin-1").lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0]


def _calls_loopback(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether the host asked for is this machine by its own name; a proxy keeps its client's."""
    names = [host_name(value) for name, value in headers if name == b"host"]
    return all(name == "localhost" or _placed(name)[1] for name in names)


def _last(said: list[tuple[bytes, bytes]], wanted: bytes) -> str:
    values = [value for name, value in said if name == wanted]
    return values[-1].decode("latin-1").rpartition(",")[2].strip().lower() if values else ""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


@lru_cache(maxsize=4096)
def _placed(address: str) -> tuple[str, bool]:
    """Whose line it is (all of an IPv6 /64), and whether it is this machine's loopback."""
    found = _address(address)
    if found is None:
        return address, False
    return line_of(address), found.is_loopback
