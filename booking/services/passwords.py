"""How passwords of staff are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's smaller memory: Django's 100 MB for each sign-in would be much for a small machine."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
