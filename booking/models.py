"""The little we store ourselves. No column holds personal data: what visitors type is sealed inside `Draft.sealed`."""

import uuid

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """A visitor's unfinished booking, found by the hash of its token and readable with the token alone.

    `reference` outlives a change of token, so that one visit stays one visit in the ledger of attempts.
    """

    key_hash = models.CharField(max_length=64, unique=True)
    reference = models.UUIDField(default=uuid.uuid4, db_index=True)
    sealed = models.BinaryField()
    moved = models.BooleanField(default=False)
    failed_guesses = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"draft {self.reference}"


class Attempt(models.Model):
    """One thing that must happen at most once at Bookeo, written down before it is sent.

    `subject` is what it may happen once for: the draft of a booking, the form of a payment. `reference` is ours, sent
    along where Bookeo keeps one, so that what became of it can be found. `target` is the booking or customer that it is
    about, or that came of it. `fingerprint` recognises what carries no reference.
    """

    class Kind(models.TextChoices):
        BOOKING = "booking"
        CHANGE = "change"
        CANCELLATION = "cancellation"
        PAYMENT = "payment"
        CUSTOMER = "customer"

    class State(models.TextChoices):
        PENDING = "pending"  # being sent
        CONFIRMED = "confirmed"  # it happened
        REFUSED = "refused"  # Bookeo said no, or it was never sent
        UNKNOWN = "unknown"  # sent, and the answer is lost
        LOST = "lost"  # looked for in vain: it did not happen
        DUPLICATE = "duplicate"  # given up as lost, came late beside another one, and was cancelled

    FREE = (State.REFUSED, State.LOST, State.DUPLICATE)
    OPEN = (State.PENDING, State.UNKNOWN)

    kind = models.CharField(max_length=12, choices=Kind.choices)
    subject = models.CharField(max_length=64)
    reference = models.CharField(max_length=64, unique=True)
    target = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    product_id = models.CharField(max_length=64, blank=True)
    event_id = models.CharField(max_length=128, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    error_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two presses, two tabs or two servers: the database lets one through. One that came to nothing frees the
            # way for another.
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=~Q(state__in=["refused", "lost", "duplicate"]),
                name="one_live_attempt_per_subject",
            )
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="attempt_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}: {self.state}"
