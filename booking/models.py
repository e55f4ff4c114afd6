"""The little we store ourselves. No column holds personal data of customers: what visitors type is sealed inside
`Draft.sealed`. Of staff, the audit log keeps who did what."""

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


class WebhookMessage(models.Model):
    """A notification from Bookeo that has arrived: that it did, and whether what it asks of us is done.

    Of its content only ids are kept. `product_id` is empty when it may concern any product.
    """

    message_id = models.CharField(max_length=128, unique=True)
    domain = models.CharField(max_length=16)
    type = models.CharField(max_length=16)
    item_id = models.CharField(max_length=64, blank=True)
    product_id = models.CharField(max_length=64, blank=True)
    previous_lost = models.BooleanField(default=False)
    received_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.domain}/{self.type} {self.message_id}"


class AuditEntry(models.Model):
    """One thing that staff did or tried: added by `booking.services.audit`, never changed, never removed.

    `number` counts without gaps, and `previous` is the hash of the entry before: unique, so that no two can follow the
    same one. `staff_id` is no foreign key, and `staff_name` the name at that time, because the log outlives people's
    accounts. `subject` is an id: of a booking, a customer, a section of the settings.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    staff_id = models.IntegerField(null=True, db_index=True)
    staff_name = models.CharField(max_length=150)
    act = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=64, blank=True, db_index=True)
    address = models.CharField(max_length=45, blank=True)
    outcome = models.CharField(max_length=10)
    changes = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number}: {self.act} {self.subject} ({self.outcome})"


class BusinessChoice(models.Model):
    """What the owner has chosen for one of the business's settings; without a row, the environment's default holds."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class CheckIn(models.Model):
    """Everybody of this booking has come: said by somebody of the staff, kept by us because Bookeo keeps none."""

    booking_number = models.CharField(max_length=64, unique=True)
    staff_id = models.IntegerField(null=True)
    staff_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.booking_number} is here"


class BookingFact(models.Model):
    """What the reports count of one booking: times and figures, and nothing of the people.

    `day` is the business's own day of its start, kept because days are what is counted by. `lead_days` lie between the
    days on which it was made and on which it starts; `notice_hours` between its cancellation and its start, negative
    after it. `seats` are those it takes. `changed_at` is Bookeo's own time of the last change.
    """

    number = models.CharField(max_length=64, primary_key=True)
    product_id = models.CharField(max_length=64)
    event_id = models.CharField(max_length=128, blank=True)
    day = models.DateField(db_index=True)
    start = models.DateTimeField(db_index=True)
    changed_at = models.DateTimeField()
    lead_days = models.IntegerField()
    canceled = models.BooleanField()
    notice_hours = models.IntegerField(null=True)
    accepted = models.BooleanField()
    people = models.PositiveIntegerField()
    seats = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, blank=True)
    gross = models.DecimalField(max_digits=14, decimal_places=3)
    paid = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"booking {self.number} on {self.day}"


class PaymentFact(models.Model):
    """What the reports count of one payment; a negative amount was given back. `day` is the business's own."""

    payment_id = models.CharField(max_length=64, primary_key=True)
    day = models.DateField(db_index=True)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    method = models.CharField(max_length=40)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"payment {self.payment_id} on {self.day}"


class SlotFact(models.Model):
    """A time that was offered, and the seats that were left in it when Bookeo was last asked."""

    event_id = models.CharField(max_length=128, primary_key=True)
    product_id = models.CharField(max_length=64)
    day = models.DateField(db_index=True)
    start = models.DateTimeField(db_index=True)
    seats_left = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.event_id}: {self.seats_left} left"


class FactSheet(models.Model):
    """What the reports need of one day and product, made from its facts; without a product, of the whole day. What the
    columns mean, `booking.services.fact_sheets` says."""

    day = models.DateField()
    product_id = models.CharField(max_length=64, blank=True)
    made = models.PositiveIntegerField(default=0)
    canceled = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    booked = models.PositiveIntegerField(default=0)
    capacity = models.PositiveIntegerField(default=0)
    apart = models.PositiveIntegerField(default=0)
    figures = models.JSONField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["day", "product_id"], name="one_sheet_per_day_and_product")]

    def __str__(self) -> str:
        return f"{self.product_id} on {self.day}"


class ProductFact(models.Model):
    """A product's name and its place among the others, so that reports need nobody to be asked."""

    product_id = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=200)
    position = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class FactKind(models.TextChoices):
    """What facts are of, in the order in which a week's are read."""

    BOOKINGS = "bookings"
    PAYMENTS = "payments"
    SLOTS = "slots"


class FactWeek(models.Model):
    """One week, by its Monday, of one kind of facts: when it was read from Bookeo as a whole, and when it is due again.

    Never read: the first filling has not come to it yet.
    """

    kind = models.CharField(max_length=8, choices=FactKind.choices)
    monday = models.DateField()
    due_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "monday"], name="one_row_per_kind_and_week")]

    def __str__(self) -> str:
        return f"{self.kind} of the week of {self.monday}"


class FactReading(models.Model):
    """How far changes of one kind have been followed. `refused`: the key may not read this kind."""

    kind = models.CharField(max_length=8, choices=FactKind.choices, primary_key=True)
    followed_until = models.DateTimeField()
    asked_at = models.DateTimeField()
    refused = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} until {self.followed_until}"


class BulkRun(models.Model):
    """A day that staff call off or move: begun by one press, sent row by row once `starts_at` is over.

    `form` is the random value made with the page it was pressed on, so that two presses are one run. `sealed_reason` is
    what staff typed, unreadable without the server's secret, and kept only as long as it may still be sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting"  # nothing is sent before `starts_at`, and it can be undone
        UNDONE = "undone"
        RUNNING = "running"
        FINISHED = "finished"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    form = models.CharField(max_length=64, unique=True)
    day = models.DateField()
    flags = models.JSONField(default=dict)
    sealed_reason = models.TextField(blank=True)
    staff_id = models.IntegerField(null=True)
    staff_name = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    starts_at = models.DateTimeField()
    gives_up_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"bulk run of {self.day}: {self.state}"


class BulkRow(models.Model):
    """One booking of a bulk run: what is to become of it, and what became of it.

    Without an `event_id` it is cancelled, else moved there. `stamp` is how the booking stood when staff saw it.
    `claim` says which worker has it in hand until `due_at`; `reference` is that of the attempt that was sent for it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"  # in hand, or its answer is lost and looked for
        DONE = "done"
        ALREADY = "already"  # cancelled by somebody else before
        CHANGED = "changed"  # another one than staff saw, so left alone
        FAILED = "failed"
        UNDONE = "undone"

    LIVE = (State.WAITING, State.SENDING)

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows")
    booking_number = models.CharField(max_length=64)
    product_name = models.CharField(max_length=200, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    stamp = models.CharField(max_length=64)
    event_id = models.CharField(max_length=128, blank=True)
    to_start = models.DateTimeField(null=True, blank=True)
    to_end = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    code = models.CharField(max_length=20, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    balance_before = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    balance_after = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run", "booking_number"], name="one_bulk_row_per_booking_and_run"),
            # Two of the staff who call off the same day: the database lets one of them have a booking.
            models.UniqueConstraint(
                fields=["booking_number"],
                condition=Q(state__in=["waiting", "sending"]),
                name="one_live_bulk_row_per_booking",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="bulk_row_by_state")]

    def __str__(self) -> str:
        return f"{self.booking_number}: {self.state}"
