"""What the environment says while the tests run.

Loaded with `-p tests.environment`, because pytest-django reads the settings before any conftest.py is imported.
Assigned rather than defaulted: a developer's own keys and addresses must never reach a test.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SANDBOX_SECRET_KEY = "sandbox-secret"
SANDBOX_API_KEY = "sandbox-api-key"

# WhiteNoise warns when its folder is missing, and warnings are errors here.
_EMPTY_STATIC_ROOT = ROOT / ".pytest_cache" / "static"
_EMPTY_STATIC_ROOT.mkdir(parents=True, exist_ok=True)

os.environ.update(
    {
        "DJANGO_SECRET_KEY": "made-up-for-the-tests-and-long-enough-to-sign-with",
        # Names of static files without hashes, so that in-process tests need no collectstatic.
        # pytest-django turns DEBUG itself off again; the live site runs without it altogether.
        "DJANGO_DEBUG": "true",
        "DJANGO_ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "STATIC_ROOT": str(_EMPTY_STATIC_ROOT),
        "DEMO": "true",
        "BOOKEO_BASE_URL": "http://sandbox.test/v2",
        "BOOKEO_SECRET_KEY": SANDBOX_SECRET_KEY,
        "BOOKEO_API_KEY": SANDBOX_API_KEY,
        "BOOKEO_LANGUAGE": "en-US",
        "WINDOWS_FILE": str(_EMPTY_STATIC_ROOT.parent / f"windows-{os.getpid()}.sqlite3"),
        # Tests ask more in a second than any visitor.
        "BOOKEO_CALLS": "100000",
        # Without a worker, work is done when it is asked for.
        "QUEUE_URL": "immediate",
        "BUSINESS_TIME_ZONE": "Europe/Rome",
        "BUSINESS_CURRENCY": "EUR",
    }
)
# Another database or cache may be asked for: pytest-django makes a test database beside it.
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("CACHE_URL", "locmemcache://")
