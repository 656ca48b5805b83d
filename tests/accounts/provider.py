"""A small OpenID Connect provider for tests, a process of its own: `python -m tests.accounts.provider`.

It prints its port. `/next?fault=…` makes the next token wrong in one way; `/rotate` forgets the key.
"""

from __future__ import annotations

import json
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

AUDIENCE = "mapa"


class Keys:
    """The key of now, under a name; the one before is kept only to sign what must be refused."""

    def __init__(self) -> None:
        self.old = self.now = self._fresh()

    def rotate(self) -> None:
        self.old, self.now = self.now, self._fresh()

    @staticmethod
    def _fresh() -> tuple[str, rsa.RSAPrivateKey]:
        return uuid.uuid4().hex, rsa.generate_private_key(public_exponent=65537, key_size=2048)


class State:
    """What is under way."""

    keys = Keys()
    asked: dict[str, dict] = {}
    fault = ""
    claims: dict = {}
    last_nonce = ""


def token_for(asked: dict, issuer: str) -> str:
    """An identity token, wrong in the way that is asked for."""
    now = int(time.time())
    fault, (kid, key) = State.fault, State.keys.now
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        "sub": "u-1",
        "email": "direccion@example.cl",
        "email_verified": True,
        "groups": ["administrator"],
        "role": "administrator",
        "is_superuser": True,
    } | State.claims
    claims |= {
        "audience": {"aud": "another"},
        "issuer": {"iss": "https://another.example"},
        "expired": {"exp": now - 60},
        "nonce": {"nonce": State.last_nonce},
        "no nonce": {"nonce": None},
    }.get(fault, {})
    State.last_nonce = asked["nonce"]
    if fault == "unsigned":
        return jwt.encode(claims, None, algorithm="none", headers={"kid": kid})
    if fault == "rotated":
        kid, key = State.keys.old
    if fault == "stolen name":
        key = State.keys.old[1]
    if fault == "no key name":
        return jwt.encode(claims, key, algorithm="RS256")
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})


class Provider(BaseHTTPRequestHandler):
    """Discovery, keys, authorization, tokens."""

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(where.query).items()}
        if where.path == "/authorize":
            return self._authorize(asked)
        return self._tell(self._read(where.path, asked))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        sent = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        asked = State.asked.pop(sent["code"])
        told = {"access_token": "a", "token_type": "bearer", "id_token": token_for(asked, self.issuer)}
        if State.fault == "no token":
            del told["id_token"]
        State.fault = ""
        self._tell(told)

    @property
    def issuer(self) -> str:
        """Our own address."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def _authorize(self, asked: dict) -> None:
        code = uuid.uuid4().hex
        State.asked[code] = asked
        self.send_response(302)
        self.send_header(
            "Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        )
        self.end_headers()

    def _read(self, path: str, asked: dict) -> dict:
        if path == "/next":
            State.fault = asked.get("fault", "")
            State.claims = json.loads(asked.get("claims", "{}"))
        if path == "/rotate":
            State.keys.rotate()
        if path == "/keys":
            kid, key = State.keys.now
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
            return {"keys": [public | {"kid": kid, "alg": "RS256", "use": "sig"}]}
        names = {"authorization": "authorize", "token": "token"}
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | {f"{name}_endpoint": f"{self.issuer}/{where}" for name, where in names.items()}

    def _tell(self, what: dict) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *told: object) -> None:
        """Silent."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(server.server_address[1], flush=True)
    server.serve_forever()
