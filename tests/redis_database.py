"""A database of the Redis on this machine, for tests that can use one."""

import pytest
from redis import Redis, RedisError


def empty_redis(worker_id: str) -> str:
    """The address of one that tests of other workers do not use. The test is skipped where there is no Redis."""
    number = int(worker_id.removeprefix("gw").replace("master", "0"))
    url = f"redis://127.0.0.1:6379/{8 + number % 8}"
    try:
        with Redis.from_url(url, protocol=2, socket_connect_timeout=1) as client:
            client.flushdb()
    except (RedisError, OSError):
        pytest.skip("no Redis on this machine")
    return url
