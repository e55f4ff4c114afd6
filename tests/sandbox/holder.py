"""What each process of the race does: a module of its own, quick to import in a new process."""

from pathlib import Path

from werkzeug.test import Client

from sandbox import create_app

KEYS = {"X-Bookeo-secretKey": "sandbox-secret", "X-Bookeo-apiKey": "sandbox-api-key"}


def count_holds(database: str, body: dict[str, object], attempts: int) -> int:
    """How many of the attempts to hold got their seats."""
    client = Client(create_app(Path(database), data="empty"))
    statuses = [client.post("/v2/holds", json=body, headers=KEYS).status_code for _ in range(attempts)]
    assert set(statuses) <= {201, 403}
    return statuses.count(201)
