"""How a path of the API is tied to its handler. Operations carry the ids of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.call import Answer

Handler = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """One operation. `writes` opens the transaction with the write lock."""

    method: str
    path: str
    operation: str
    handler: Handler
    permission: str | None = None
    writes: bool = False
