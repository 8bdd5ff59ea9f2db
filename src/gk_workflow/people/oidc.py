"""Log-in by the district's 统一身份认证 (OpenID Connect): names an account, never makes or grants one.

Authorization code with PKCE. What must be remembered until the person comes back is derived from
one random cookie and the client's secret, so that it may come back to another process.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from threading import Lock
from urllib.parse import urlencode

import msgspec

from gk_workflow.people.errors import OidcMisconfigured, OidcMissing, OidcRefused
from gk_workflow.people.grants import could_be_name
from gk_workflow.people.oidc_issuer import Issuer, is_safe

COME_BACK_SECONDS = 600
"""How long somebody may take at the district's log-in page."""

_COOKIE = re.compile(r"(\d{1,12})\.[A-Za-z0-9_-]{43}")


class _Secrets(msgspec.Struct, frozen=True):
    """What belongs to one attempt to log in; none of it is in the cookie itself."""

    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """RFC 7636 4.2, S256."""
        return _encoded(sha256(self.verifier.encode()).digest())


class Oidc:
    """One issuer and our client there. ``claim`` is what an account is called in the ID token.

    The methods ask the issuer over HTTP, up to ten seconds each: call them in a thread.
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        claim: str = "preferred_username",
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Raises OidcMissing without the extra ``oidc``, OidcMisconfigured; asks nobody yet."""
        try:
            from gk_workflow.people import oidc_token
        except ImportError:
            raise OidcMissing() from None
        _check(issuer, client_id, client_secret, redirect_uri, claim)
        self._token = oidc_token
        self._issuer = Issuer(issuer, client_id, client_secret, now)
        self._client_id, self._redirect_uri, self._claim = client_id, redirect_uri, claim
        self._key = client_secret.encode()
        self._now = now
        self._used: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def begin(self) -> tuple[str, str]:
        """The issuer's page to send the person to, and the cookie (HttpOnly, SameSite=Lax) he needs to come back.

        Raises OidcUnavailable.
        """
        cookie = f"{int(self._now().timestamp())}.{secrets.token_urlsafe(32)}"
        attempt = self._secrets(cookie)
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        page = self._issuer.endpoints().authorization
        return f"{page}{'&' if '?' in page else '?'}{urlencode(query)}", cookie

    def finish(self, code: str, state: str, cookie: str) -> str:
        """The name the issuer vouches for; whether it has an account here is not yet asked.

        Raises OidcRefused for whatever proves nobody, OidcUnavailable.
        """
        attempt = self._returned(state, cookie)
        token = self._issuer.redeem(code, attempt.verifier, self._redirect_uri)
        claims = self._token.verified(
            token,
            self._issuer.keys(),
            issuer=self._issuer.name,
            client_id=self._client_id,
            nonce=attempt.nonce,
            now=int(self._now().timestamp()),
        )
        name = claims.get(self._claim)
        if not isinstance(name, str) or not could_be_name(name):
            raise OidcRefused(f"claim {self._claim} names no account")
        return name

    def _returned(self, state: str, cookie: str) -> _Secrets:
        """What the attempt began with, if it is this browser's, not too old and not used yet."""
        written = _COOKIE.fullmatch(cookie)
        if written is None or not state.isascii():
            raise OidcRefused("no cookie of ours")
        attempt = self._secrets(cookie)
        # The state proves the cookie too, its time included: only we can derive one from the other.
        if not hmac.compare_digest(state, attempt.state):
            raise OidcRefused("state does not match the cookie")
        now, begun = self._now().timestamp(), int(written[1])
        if now >= begun + COME_BACK_SECONDS:
            raise OidcRefused("came back too late")
        if not self._first_use(state, begun + COME_BACK_SECONDS, now):
            raise OidcRefused("state was used before")
        return attempt

    def _first_use(self, state: str, until: float, now: float) -> bool:
        """Remember the state; another process does not, but there the code is used up (RFC 6749 4.1.2)."""
        with self._lock:
            for old in [one for one, end in self._used.items() if end <= now]:
                del self._used[old]
            if state in self._used:
                return False
            self._used[state] = until
            return True

    def _secrets(self, cookie: str) -> _Secrets:
        def derived(purpose: str) -> str:
            return _encoded(
                hmac.digest(self._key, f"gk-oidc {purpose} {cookie}".encode(), "sha256")
            )

        return _Secrets(derived("state"), derived("nonce"), derived("verifier"))


def _check(issuer: str, client_id: str, client_secret: str, redirect_uri: str, claim: str) -> None:
    for name, address in (("issuer", issuer), ("redirect_uri", redirect_uri)):
        if not is_safe(address):
            raise OidcMisconfigured(f"统一身份认证的 {name} 须为 https 地址，请更正配置。")
    given = {"client_id": client_id, "client_secret": client_secret, "claim": claim}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise OidcMisconfigured(f"统一身份认证缺少 {'、'.join(missing)}，请补充配置。")


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
