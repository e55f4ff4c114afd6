"""Sealing: AES-256-GCM under a key made of the draft's token and the server's secret.

The database holds neither, so a copy of it opens nothing.
"""

import base64
import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

TOKEN_BYTES = 24  # 192 random bits: 32 characters in an address
NONCE_BYTES = 12
# What names a showing of a page is as long as a token of sixteen bytes, at least.
SHORTEST_VISIT = 22


class SealBroken(Exception):
    """Not sealed with this token, or changed since."""


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_of_visit(visit: str) -> str:
    """The token that belongs to one showing of the page of times; a new one where `visit` names none.

    Pressing twice, or going back and choosing another time, then means the same draft, so no seats stay held in vain.
    """
    if len(visit) < SHORTEST_VISIT:
        return new_token()
    digest = hmac.new(_secret(), b"visit:" + visit.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def key_hash(token: str) -> str:
    """What the row is found by. It cannot be turned back into the token."""
    return hmac.new(_secret(), b"draft-row:" + token.encode(), hashlib.sha256).hexdigest()


def seal(plain: bytes, token: str, *, proof: str = "") -> bytes:
    """Encrypt so that only `token`, together with `proof` if one is given, opens it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(token, proof)).encrypt(nonce, plain, key_hash(token).encode())


def unseal(sealed: bytes, token: str, *, proof: str = "") -> bytes:
    """Raises SealBroken."""
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(_key(token, proof)).decrypt(nonce, body, key_hash(token).encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def _key(token: str, proof: str) -> bytes:
    material = token.encode() + b"\0" + proof.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=_secret(), info=b"draft").derive(material)


def _secret() -> bytes:
    return hashlib.sha256(b"drafts:" + settings.SECRET_KEY.encode()).digest()
