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


class BookingAttempt(models.Model):
    """One press of “Book”, written down before it is sent: the proof that makes a second sending impossible."""

    class State(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        UNKNOWN = "unknown"

    draft_reference = models.UUIDField()
    external_ref = models.CharField(max_length=64, unique=True)
    product_id = models.CharField(max_length=64)
    event_id = models.CharField(max_length=128)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    booking_number = models.CharField(max_length=40, blank=True)
    error_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two presses, two tabs or two servers: the database lets one through. A refused attempt frees the way.
            models.UniqueConstraint(
                fields=["draft_reference"], condition=~Q(state="refused"), name="one_live_attempt_per_draft"
            )
        ]
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return f"attempt {self.external_ref}: {self.state}"
