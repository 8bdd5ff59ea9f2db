"""What the issuer is asked over HTTP: where things are, tokens, keys; it believes none of the answers' claims.

Plain `urllib`: three small requests per log-in, straight to the issuer (no proxy), no redirects.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPException
from ipaddress import ip_address
from urllib.error import HTTPError
from urllib.parse import quote_plus, urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

import msgspec

from gk_workflow.people.errors import OidcRefused, OidcUnavailable

_TIMEOUT_SECONDS = 10
_MAX_BYTES = 1024 * 1024
_ENDPOINTS_SECONDS = 600


class Endpoints(msgspec.Struct, frozen=True):
    """Where the issuer's pages are (OpenID Connect Discovery 1.0, 3)."""

    authorization: str
    token: str
    keys: str
    secret_in_form: bool


class Issuer:
    """One issuer, asked as one client of it."""

    def __init__(
        self, name: str, client_id: str, client_secret: str, now: Callable[[], datetime]
    ) -> None:
        self.name = name
        self._client_id, self._client_secret = client_id, client_secret
        self._now = now
        self._known: tuple[float, Endpoints] | None = None

    def endpoints(self) -> Endpoints:
        """As the issuer describes itself, asked at most every ten minutes; raises OidcUnavailable."""
        now = self._now().timestamp()
        if self._known is None or now >= self._known[0] + _ENDPOINTS_SECONDS:
            self._known = now, self._discovered()
        return self._known[1]

    def redeem(self, code: str, verifier: str, redirect_uri: str) -> str:
        """The ID token for a code, unchecked; raises OidcRefused if the issuer says no, OidcUnavailable."""
        endpoints = self.endpoints()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if endpoints.secret_in_form:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        else:
            pair = f"{quote_plus(self._client_id)}:{quote_plus(self._client_secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        body = urlencode(form, errors="replace").encode()
        token = _asked(Request(endpoints.token, body, headers)).get("id_token")
        if not isinstance(token, str):
            raise OidcRefused("no ID token")
        return token

    def keys(self) -> dict[str, object]:
        """The issuer's public keys as they are now (RFC 7517); raises OidcUnavailable."""
        return _asked(Request(self.endpoints().keys))

    def _discovered(self) -> Endpoints:
        found = _asked(Request(f"{self.name.rstrip('/')}/.well-known/openid-configuration"))
        if found.get("issuer") != self.name:
            raise OidcUnavailable("discovery names another issuer")
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return Endpoints(
            authorization=_address(found, "authorization_endpoint"),
            token=_address(found, "token_endpoint"),
            keys=_address(found, "jwks_uri"),
            secret_in_form=isinstance(methods, list) and "client_secret_basic" not in methods,
        )


def is_safe(address: str) -> bool:
    """Whether it is https, or http on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return host is not None and (
        parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(found: dict[str, object], name: str) -> str:
    address = found.get(name)
    if not isinstance(address, str) or not is_safe(address):
        raise OidcUnavailable(f"discovery has no safe {name}")
    return address


def _asked(request: Request) -> dict[str, object]:
    request.add_header("Accept", "application/json")
    try:
        with _opener().open(request, timeout=_TIMEOUT_SECONDS) as answer:
            found = json.loads(answer.read(_MAX_BYTES))
    except HTTPError as error:
        with error:
            status = error.code
        # 400 and 401 are how a token endpoint refuses a code (RFC 6749 5.2).
        if status in {400, 401} and request.data is not None:
            raise OidcRefused(f"the token endpoint answered {status}") from None
        raise OidcUnavailable(f"the issuer answered {status}") from None
    except (OSError, HTTPException) as error:
        raise OidcUnavailable(f"{type(error).__name__}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise OidcUnavailable("the issuer's answer is no JSON") from error
    if not isinstance(found, dict):
        raise OidcUnavailable("the issuer's answer is no object")
    return found


def _opener() -> OpenerDirector:
    """HTTP and HTTPS only: no redirects, proxies, files."""
    opener = OpenerDirector()
    for handler in (HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
        opener.add_handler(handler())
    return opener
