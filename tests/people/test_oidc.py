"""Log-in by an identity provider on loopback: who may come in, and every way to cheat that we know."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from gk_workflow.people import (
    BadCredentials,
    OidcMisconfigured,
    OidcRefused,
    OidcUnavailable,
    Via,
)
from gk_workflow.people.oidc import Oidc
from tests.people.issuer import (
    CLIENT,
    EC,
    REDIRECT,
    RSA,
    SECRET,
    STRANGER,
    Claims,
    Provider,
    issuing,
    signed_with,
    unsigned,
)
from tests.people.town import CLERK, START, Town


class Door:
    """Our side, its clock, and somebody who walks through it."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.at = START
        self.oidc = self.another()

    def another(self, secret: str = SECRET, claim: str = "preferred_username") -> Oidc:
        """The same client in another process."""
        return Oidc(self.provider.address, CLIENT, secret, REDIRECT, claim, now=self.now)

    def now(self) -> datetime:
        return self.at

    def walk(self, oidc: Oidc | None = None) -> str:
        """Begin, log in there, come back."""
        oidc = oidc or self.oidc
        url, cookie = oidc.begin()
        code, state = self.provider.visit(url)
        return oidc.finish(code, state, cookie)

    def refused(self, reason: str) -> None:
        """The walk ends outside."""
        with pytest.raises(OidcRefused, match="重新登录") as refused:
            self.walk()
        assert refused.value.reason == reason


@pytest.fixture
def door() -> Iterator[Door]:
    with issuing() as provider:
        yield Door(provider)


def test_who_the_issuer_vouches_for_comes_in_under_his_account(door: Door, town: Town) -> None:
    town.people.create_account("zhang", "张某", [CLERK])
    session = town.people.open_external_session(door.walk(), Via.OIDC)
    assert session.identity.account == "zhang"
    assert session.identity.grants == (CLERK,)


def test_nobody_gets_an_account_by_coming_from_the_issuer(door: Door, town: Town) -> None:
    name = door.walk()
    with pytest.raises(BadCredentials):
        town.people.open_external_session(name, Via.OIDC)
    assert town.people.accounts() == []


def test_the_issuer_is_told_no_secret_in_the_address(door: Door) -> None:
    url, cookie = door.oidc.begin()
    query = parse_qs(urlsplit(url).query)
    known = "client_id code_challenge code_challenge_method nonce redirect_uri response_type"
    assert sorted(query) == [*known.split(), "scope", "state"]
    assert cookie.split(".")[1] not in url
    assert query["state"] != query["nonce"] != query["code_challenge"]
    again, other = door.oidc.begin()
    assert parse_qs(urlsplit(again).query)["state"] != query["state"]
    assert other != cookie


def test_an_issuer_may_sign_with_an_elliptic_curve(door: Door) -> None:
    door.provider.cheat.header, door.provider.cheat.key = {"alg": "ES256", "kid": "ec"}, EC
    assert door.walk() == "zhang"


def test_an_issuer_may_want_the_secret_in_the_form(door: Door) -> None:
    methods: list[object] = ["client_secret_post"]
    door.provider.cheat.discovery = {"token_endpoint_auth_methods_supported": methods}
    assert door.walk() == "zhang"


def test_a_log_in_page_may_have_a_query_of_its_own(door: Door) -> None:
    page = f"{door.provider.address}/authorize?realm=district"
    door.provider.cheat.discovery = {"authorization_endpoint": page}
    assert door.walk() == "zhang"


def test_somebody_may_come_back_to_another_process(door: Door) -> None:
    url, cookie = door.oidc.begin()
    code, state = door.provider.visit(url)
    assert door.another().finish(code, state, cookie) == "zhang"


def test_an_account_may_be_named_by_another_claim(door: Door) -> None:
    door.provider.cheat.claims = lambda claims: claims | {"employee": "li"}
    assert door.walk(door.another(claim="employee")) == "li"


Change = Callable[[Claims], Claims]

CHANGES: list[tuple[str, Change, str]] = [
    ("another nonce", lambda claims: claims | {"nonce": "x" * 43}, "nonce"),
    ("a nonce of another kind", lambda claims: claims | {"nonce": 7}, "nonce"),
    ("a nonce among others", lambda claims: claims | {"nonce": [claims["nonce"]]}, "nonce"),
    ("no nonce", lambda claims: without(claims, "nonce"), "MissingClaimError"),
    ("another audience", lambda claims: claims | {"aud": "other"}, "InvalidClaimError"),
    ("no audience", lambda claims: without(claims, "aud"), "MissingClaimError"),
    ("several audiences", lambda claims: claims | {"aud": [CLIENT, "other"]}, "azp"),
    ("issued to another", lambda claims: claims | {"azp": "other"}, "azp"),
    ("another issuer", lambda claims: claims | {"iss": "https://e.example"}, "InvalidClaimError"),
    ("no end", lambda claims: without(claims, "exp"), "MissingClaimError"),
    ("an end that is no number", lambda claims: claims | {"exp": "2030"}, "InvalidClaimError"),
    ("issued tomorrow", lambda claims: later(claims, "iat", 86_400), "InvalidClaimError"),
    ("not yet valid", lambda claims: claims | {"nbf": claims["exp"]}, "InvalidClaimError"),
    ("no subject", lambda claims: without(claims, "sub"), "MissingClaimError"),
]


def without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


def later(claims: Claims, name: str, seconds: int) -> Claims:
    at = claims[name]
    assert isinstance(at, int)
    return claims | {name: at + seconds}


@pytest.mark.parametrize(
    ("change", "reason"), [one[1:] for one in CHANGES], ids=[one[0] for one in CHANGES]
)
def test_a_token_that_is_not_for_this_log_in_is_refused(
    door: Door, change: Change, reason: str
) -> None:
    door.provider.cheat.claims = change
    door.refused(reason)


@pytest.mark.parametrize("name", ["Zhang", "张三", "", "applicant", "a/../b", 7, None, ["zhang"]])
def test_a_claim_that_can_be_no_account_is_refused(door: Door, name: object) -> None:
    door.provider.cheat.claims = lambda claims: claims | {"preferred_username": name}
    door.refused("claim preferred_username names no account")


def test_a_token_for_several_that_was_issued_to_us_will_do(door: Door) -> None:
    several: Claims = {"aud": [CLIENT, "other"], "azp": CLIENT}
    door.provider.cheat.claims = lambda claims: claims | several
    assert door.walk() == "zhang"


def test_a_token_ends_to_the_second_with_a_minute_for_clocks_that_differ(door: Door) -> None:
    url, cookie = door.oidc.begin()
    code, state = door.provider.visit(url)
    door.at = START + timedelta(seconds=300 + 59)
    assert door.oidc.finish(code, state, cookie) == "zhang"
    door.at = START
    url, cookie = door.oidc.begin()
    code, state = door.provider.visit(url)
    door.at = START + timedelta(seconds=300 + 60)
    with pytest.raises(OidcRefused) as refused:
        door.oidc.finish(code, state, cookie)
    assert refused.value.reason == "ExpiredTokenError"


def test_a_token_without_a_signature_is_refused(door: Door) -> None:
    door.provider.cheat.token = unsigned
    door.refused("UnsupportedAlgorithmError")


def test_a_token_signed_by_a_stranger_is_refused(door: Door) -> None:
    door.provider.cheat.key = STRANGER
    door.refused("BadSignatureError")


def test_a_token_signed_with_an_unknown_key_is_refused(door: Door) -> None:
    door.provider.cheat.header = {"alg": "RS256", "kid": "unknown"}
    door.refused("InvalidKeyIdError")


@pytest.mark.parametrize("secret", [SECRET, RSA.as_pem(private=False).decode()])
def test_a_token_signed_with_a_shared_secret_or_the_public_key_is_refused(
    door: Door, secret: str
) -> None:
    door.provider.cheat.token = lambda token: signed_with(secret, token)
    door.refused("UnsupportedAlgorithmError")


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "ey.ey.ey.ey.ey", "令牌"])
def test_what_is_no_token_is_refused(door: Door, token: str) -> None:
    door.provider.cheat.token = lambda _: token
    with pytest.raises(OidcRefused):
        door.walk()


def test_an_answer_without_a_token_is_refused(door: Door) -> None:
    door.provider.cheat.token = lambda _: None
    door.refused("no ID token")


def test_a_state_is_good_once(door: Door) -> None:
    url, cookie = door.oidc.begin()
    code, state = door.provider.visit(url)
    assert door.oidc.finish(code, state, cookie) == "zhang"
    fresh, _ = door.provider.visit(url)
    with pytest.raises(OidcRefused) as refused:
        door.oidc.finish(fresh, state, cookie)
    assert refused.value.reason == "state was used before"
    # Elsewhere the issuer knows that the code was used.
    with pytest.raises(OidcRefused) as refused:
        door.another().finish(code, state, cookie)
    assert refused.value.reason == "the token endpoint answered 400"


def test_a_state_is_good_for_ten_minutes(door: Door) -> None:
    url, cookie = door.oidc.begin()
    door.at += timedelta(minutes=10)
    code, state = door.provider.visit(url)
    with pytest.raises(OidcRefused) as refused:
        door.oidc.finish(code, state, cookie)
    assert refused.value.reason == "came back too late"


def test_a_state_is_good_for_the_browser_it_began_in(door: Door) -> None:
    url, mine = door.oidc.begin()
    _, his = door.oidc.begin()
    code, state = door.provider.visit(url)
    at, seed = mine.split(".")
    for cookie in (his, "", "x", f"{int(at) + 1}.{seed}", f"{at}.{seed}x", f"{at}.会{seed[1:]}"):
        with pytest.raises(OidcRefused):
            door.oidc.finish(code, state, cookie)
    for forged in ("", "x", f"{state}x", "状态", "\ud800"):
        with pytest.raises(OidcRefused):
            door.oidc.finish(code, forged, mine)
    # None of this used it up.
    assert door.oidc.finish(code, state, mine) == "zhang"


def test_a_state_of_another_client_is_refused(door: Door) -> None:
    url, cookie = door.another(secret="another secret").begin()
    code, state = door.provider.visit(url)
    with pytest.raises(OidcRefused) as refused:
        door.oidc.finish(code, state, cookie)
    assert refused.value.reason == "state does not match the cookie"


def test_states_that_can_no_longer_be_used_are_forgotten(door: Door) -> None:
    door.provider.cheat.claims = lambda claims: later(claims, "exp", 3600)
    assert [door.walk() for _ in range(3)] == ["zhang"] * 3
    door.at += timedelta(minutes=10)
    assert door.walk() == "zhang"


@pytest.mark.parametrize("code", ["", "code-99", "\ud800", "a b&c=d"])
def test_a_code_the_issuer_did_not_give_is_refused(door: Door, code: str) -> None:
    url, cookie = door.oidc.begin()
    _, state = door.provider.visit(url)
    with pytest.raises(OidcRefused) as refused:
        door.oidc.finish(code, state, cookie)
    assert refused.value.reason == "the token endpoint answered 400"


def test_a_wrong_client_secret_is_refused_by_the_issuer(door: Door) -> None:
    with pytest.raises(OidcRefused) as refused:
        door.walk(door.another(secret="another secret"))
    assert refused.value.reason == "the token endpoint answered 401"


DISCOVERY = "/.well-known/openid-configuration"


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        (DISCOVERY, (404, b""), "the issuer answered 404"),
        (DISCOVERY, (302, b""), "the issuer answered 302"),
        (DISCOVERY, (200, b"<html>"), "the issuer's answer is no JSON"),
        (DISCOVERY, (200, b"\xff"), "the issuer's answer is no JSON"),
        (DISCOVERY, (200, b"[" * 100_000), "the issuer's answer is no JSON"),
        (DISCOVERY, (200, b"[]"), "the issuer's answer is no object"),
        ("/token", (500, b""), "the issuer answered 500"),
        ("/keys", (401, b""), "the issuer answered 401"),
    ],
)
def test_an_issuer_out_of_order_is_said_to_be_so(
    door: Door, path: str, answer: tuple[int, bytes], reason: str
) -> None:
    door.provider.cheat.answers[path] = answer
    with pytest.raises(OidcUnavailable, match="暂时不可用") as unavailable:
        door.walk()
    assert unavailable.value.reason == reason


@pytest.mark.parametrize("keys", [b"{}", b'{"keys":[]}', b'{"keys":[1]}', b'{"keys":7}'])
def test_without_keys_nothing_is_verified(door: Door, keys: bytes) -> None:
    door.provider.cheat.answers["/keys"] = (200, keys)
    with pytest.raises(OidcRefused):
        door.walk()


@pytest.mark.parametrize(
    ("discovery", "reason"),
    [
        ({"issuer": "https://evil.example"}, "discovery names another issuer"),
        ({"jwks_uri": None}, "discovery has no safe jwks_uri"),
        ({"token_endpoint": "http://evil.example/"}, "discovery has no safe token_endpoint"),
        ({"authorization_endpoint": "file:///"}, "discovery has no safe authorization_endpoint"),
    ],
)
def test_an_issuer_that_sends_us_elsewhere_is_not_followed(
    door: Door, discovery: dict[str, object], reason: str
) -> None:
    door.provider.cheat.discovery = discovery
    with pytest.raises(OidcUnavailable) as unavailable:
        door.oidc.begin()
    assert unavailable.value.reason == reason


def test_the_issuer_is_asked_to_describe_itself_every_ten_minutes(door: Door) -> None:
    door.oidc.begin()
    door.walk()
    assert door.provider.asked == [DISCOVERY, "/token", "/keys"]
    door.at += timedelta(minutes=10)
    door.oidc.begin()
    assert door.provider.asked[3:] == [DISCOVERY]


def test_an_issuer_that_is_not_there_is_unavailable() -> None:
    with issuing() as provider:
        gone = provider.address
    with pytest.raises(OidcUnavailable) as unavailable:
        Oidc(gone, CLIENT, SECRET, REDIRECT, now=lambda: START).begin()
    assert unavailable.value.reason.startswith("URLError: ")


@pytest.mark.parametrize(
    ("issuer", "redirect", "secret", "said"),
    [
        ("http://id.example", REDIRECT, SECRET, "issuer"),
        ("https://[", REDIRECT, SECRET, "issuer"),
        ("https:", REDIRECT, SECRET, "issuer"),
        ("https://id.example", "/back", SECRET, "redirect_uri"),
        ("http://localhost:9", REDIRECT, "", "client_secret"),
    ],
)
def test_a_setting_that_cannot_be_right_is_named(
    issuer: str, redirect: str, secret: str, said: str
) -> None:
    with pytest.raises(OidcMisconfigured, match=said):
        Oidc(issuer, CLIENT, secret, redirect, now=lambda: START)


def test_without_the_extra_it_says_what_to_install() -> None:
    program = """
import sys
from datetime import UTC, datetime
sys.modules["joserfc"] = None
from gk_workflow.people import OidcMissing
from gk_workflow.people.oidc import Oidc
try:
    Oidc("https://a.example", "c", "s", "https://b.example", now=lambda: datetime.now(UTC))
except OidcMissing as error:
    sys.stdout.write(str(error))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "pip install 'gk-workflow[oidc]'" in done.stdout
