"""The business's logo: kept in the database, so that every machine has it, and found by a hash of its bytes."""

import base64
import hashlib
from dataclasses import dataclass

from booking.models import BusinessChoice
from booking.services.errors import DetailsRejected, NotFound

LARGEST_BYTES = 40 * 1024
ROW = "_logo"
# How a file of each kind begins. Drawings (SVG) are left out: they can hold scripts.
KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
WEBP = "image/webp"


@dataclass(frozen=True, slots=True)
class Logo:
    kind: str
    content: bytes


def keep(content: bytes) -> str:
    """Keep it in place of the one before, and answer its digest. Raises DetailsRejected for what is no picture."""
    kind = _kind_of(content)
    if not kind or len(content) > LARGEST_BYTES:
        raise DetailsRejected("no picture that we can show")
    digest = hashlib.sha256(content).hexdigest()
    value = {"digest": digest, "kind": kind, "content": base64.b64encode(content).decode()}
    BusinessChoice.objects.update_or_create(name=ROW, defaults={"value": value})
    return digest


def get(digest: str) -> Logo:
    """Raises NotFound, also for one that has been replaced."""
    row = BusinessChoice.objects.filter(name=ROW, value__digest=digest).first()
    if row is None:
        raise NotFound(f"no logo {digest}")
    return Logo(row.value["kind"], base64.b64decode(row.value["content"]))


def _kind_of(content: bytes) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return next((kind for start, kind in KINDS.items() if content.startswith(start)), "")
