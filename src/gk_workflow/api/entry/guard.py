"""What every request must be like, whoever sends it: its headers, its host, its rate; it reads no body."""

from __future__ import annotations

from starlette.types import Scope

from gk_workflow.api.entry.peers import Peer, Peers, host_name
from gk_workflow.api.entry.services import Services
from gk_workflow.api.entry.throttle import Throttle
from gk_workflow.api.wire.problems import FieldError, problem

MAX_HEADERS = 100
MAX_HEADER_BYTES = 16 * 1024
ANY_HOST = "*"


class Guard:
    """One per application."""

    def __init__(self, services: Services) -> None:
        self._peers = Peers(services.trusted_proxies)
        self._hosts = frozenset(host.lower() for host in services.allowed_hosts)
        self._only_proxies = services.only_proxies
        self._rate = Throttle(services.address_limit)

    def peer(self, scope: Scope) -> Peer:
        """Where it comes from."""
        return self._peers.of(scope)

    def check(self, scope: Scope, peer: Peer) -> None:
        """Raise ApiProblem: 431 for too many headers, 400 for another host, 404 for a hidden slash, 429.

        403 for who comes past the proxy where that does the TLS.
        """
        self._rate.check(peer.line)
        if self._only_proxies and not self._peers.is_near(scope):
            raise problem(403, "请以 https 经由前置代理访问本系统。")
        headers = scope["headers"]
        size = sum(len(name) + len(value) for name, value in headers)
        if len(headers) > MAX_HEADERS or size > MAX_HEADER_BYTES:
            raise problem(431, "请求头过多或者过长，请减少后重新提交。")
        self._check_host([value for name, value in headers if name == b"host"])
        # A proxy that guards paths reads %2f as part of a segment, a router as its end.
        if b"%2f" in scope.get("raw_path", b"").lower():
            raise problem(404, "没有这一地址，请核对路径。")

    def _check_host(self, said: list[bytes]) -> None:
        if len(said) == 1 and (ANY_HOST in self._hosts or host_name(said[0]) in self._hosts):
            return
        if said or ANY_HOST not in self._hosts:
            told = "请以本系统的地址访问。"
            raise problem(400, told, FieldError(told, header="Host"))
