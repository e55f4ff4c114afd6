"""What DATABASE_URL says beside the address is kept."""

import json
import os
import subprocess
import sys

from tests.environment import ROOT

PROGRAM = "import json; from bookeo_site import settings; print(json.dumps(settings.DATABASES['default']['OPTIONS']))"


def test_postgresql_keeps_its_own_options_beside_the_pool() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgres://site@db.example.com/site?sslmode=verify-full"}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    options = json.loads(done.stdout)
    assert options["sslmode"] == "verify-full"
    assert options["pool"]["min_size"] == 1
