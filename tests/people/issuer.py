"""A small identity provider on loopback: a real HTTP server with its own keys, which can also cheat."""

from __future__ import annotations

import hmac
import json
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

from tests.people.town import START

CLIENT, SECRET, REDIRECT = "gk", "客户端密钥:1/2", "https://gk.example/oidc/back"

RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa"})

Claims = dict[str, object]


class Cheat:
    """What the issuer does otherwise than it should; by default nothing."""

    def __init__(self) -> None:
        self.claims: Callable[[Claims], Claims] = lambda claims: claims
        self.header: dict[str, str] = {"alg": "RS256", "kid": "rsa"}
        self.key: Key = RSA
        self.token: Callable[[str], object] = lambda token: token
        self.discovery: dict[str, object] = {}
        self.answers: dict[str, tuple[int, bytes]] = {}


class Provider:
    """The issuer: who is logged in there, the codes given out, and what it was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.user = "zhang"
        self.cheat = Cheat()
        self.codes: dict[str, dict[str, str]] = {}
        self.given = 0
        self.asked: list[str] = []

    def answer(self, path: str, form: dict[str, str], login: str) -> tuple[int, bytes]:
        """Status and body of one request."""
        self.asked.append(path)
        if path in self.cheat.answers:
            return self.cheat.answers[path]
        match path:
            case "/.well-known/openid-configuration":
                return 200, json.dumps(self.described() | self.cheat.discovery).encode()
            case "/keys":
                keys = [key.as_dict(private=False) for key in (RSA, EC)]
                return 200, json.dumps({"keys": keys}).encode()
            case "/token":
                return self.redeemed(form, login)
            case _:
                return 404, b"{}"

    def described(self) -> dict[str, object]:
        """OpenID Connect Discovery 1.0, 4.2."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
        }

    def authorized(self, query: str) -> str:
        """Where the browser is sent with a code."""
        asked = dict(parse_qsl(query))
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        self.given += 1
        code = f"code-{self.given}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def redeemed(self, form: dict[str, str], login: str) -> tuple[int, bytes]:
        """The ID token, if code, verifier, address and client fit; each code once."""
        asked = self.codes.pop(form.get("code", ""), None)
        if login:
            name, _, secret = b64decode(login.removeprefix("Basic ")).decode().partition(":")
            client = (unquote_plus(name), unquote_plus(secret))
        else:
            client = (form.get("client_id", ""), form.get("client_secret", ""))
        if client != (CLIENT, SECRET):
            return 401, b'{"error":"invalid_client"}'
        challenge = encoded(sha256(form["code_verifier"].encode()).digest())
        if (
            asked is None
            or form["grant_type"] != "authorization_code"
            or form["redirect_uri"] != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            return 400, b'{"error":"invalid_grant"}'
        return 200, json.dumps({"id_token": self.token(asked)}).encode()

    def token(self, asked: dict[str, str]) -> object:
        """The ID token, or what the cheat makes of it."""
        at = int(START.timestamp())
        claims: Claims = {
            "iss": self.address,
            "aud": asked["client_id"],
            "sub": "u-1",
            "iat": at,
            "exp": at + 300,
            "nonce": asked["nonce"],
            "preferred_username": self.user,
        }
        cheat = self.cheat
        algorithms = [cheat.header["alg"]]
        return cheat.token(
            jwt.encode(cheat.header, cheat.claims(claims), cheat.key, algorithms=algorithms)
        )

    def visit(self, url: str) -> tuple[str, str]:
        """What a browser brings back from the issuer's page: code and state."""
        parts = urlsplit(url)
        assert parts.hostname is not None
        connection = HTTPConnection(parts.hostname, parts.port, timeout=10)
        connection.request("GET", f"{parts.path}?{parts.query}")
        location = connection.getresponse().headers["Location"]
        connection.close()
        brought = parse_qs(urlsplit(location).query)
        return brought["code"][0], brought["state"][0]


def signed_with(secret: str, token: str) -> str:
    """The same claims, signed with a secret instead of the issuer's key."""
    header = b'{"alg":"HS256","kid":"rsa"}'
    signed = f"{encoded(header)}.{token.split('.')[1]}"
    return f"{signed}.{encoded(hmac.digest(secret.encode(), signed.encode(), 'sha256'))}"


def unsigned(token: str) -> str:
    """The same claims under ``alg: none`` and without a signature."""
    header = b'{"alg":"none"}'
    return f"{encoded(header)}.{token.split('.')[1]}."


def encoded(raw: bytes) -> str:
    """Base64url without padding (RFC 7515 2)."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


@contextmanager
def issuing() -> Iterator[Provider]:
    """The issuer while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Discovery, keys, and the log-in page."""
            path, _, query = self.path.partition("?")
            if path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorized(query))
                self.end_headers()
            else:
                self._say(*provider.answer(path, {}, ""))

        def do_POST(self) -> None:
            """The token endpoint."""
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            login = self.headers.get("Authorization", "")
            self._say(*provider.answer(self.path, dict(parse_qsl(body)), login))

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", provider.address + "/keys")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - theirs
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
