"""Whether an ID token is the issuer's, for us, for this log-in and in time; needs the extra ``oidc``."""

from __future__ import annotations

import hmac
from typing import cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jwt import JWTClaimsRegistry

from gk_workflow.people.errors import OidcRefused

ALGORITHMS = ("RS256", "ES256")
"""By public key only: neither ``none`` nor a secret somebody else may know."""

LEEWAY_SECONDS = 60
"""How far the issuer's clock may be from ours."""


def verified(
    token: str,
    keys: dict[str, object],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    now: int,
) -> dict[str, object]:
    """The claims of the token (OpenID Connect Core 3.1.3.7); raises OidcRefused. ``now`` is in seconds since 1970."""
    registry = JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True},
    )
    try:
        # Unchecked: what is no set of keys fails below like a key that is missing.
        known = KeySet.import_key_set(cast(KeySetSerialization, keys))
        claims: dict[str, object] = jwt.decode(token, known, algorithms=ALGORITHMS).claims
        registry.validate(claims)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise OidcRefused(type(error).__name__) from error
    presented = claims["nonce"]
    if not isinstance(presented, str) or not hmac.compare_digest(
        presented.encode("utf-8", "surrogatepass"), nonce.encode()
    ):
        raise OidcRefused("nonce")
    # A token for several must say that it was issued to us (azp).
    if claims.get("azp", client_id) != client_id or (
        isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and "azp" not in claims
    ):
        raise OidcRefused("azp")
    return claims
