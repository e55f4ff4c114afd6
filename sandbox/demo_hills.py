"""What Harbour & Hills sells in the hills and to those who want to learn."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from sandbox.catalogue import CourseSchedule, Product
from sandbox.demo_products import ADULTS, CHILDREN, RIDGE, SAIL4, STAFF, VAT_10, YOGA, ZIP, both, daily, limits
from sandbox.questions import Option

_SAIL4 = Product(
    id=SAIL4,
    code="SAIL4",
    name=both("Sailing course, four evenings", "Corso di vela, quattro sere"),
    description=both(
        "<p>From the first knot to sailing alone. The same crew meets on four evenings, one week apart.</p>",
        "<p>Dal primo nodo alla prima uscita da soli. Lo stesso equipaggio si ritrova per quattro sere, una alla"
        " settimana.</p>",
    ),
    type="fixedCourse",
    hours=2,
    minutes=30,
    capacity=6,
    limits=limits((1, 2), adults=(1, 2)),
    rates=((ADULTS, Decimal("260.00")),),
    tax=VAT_10,
    tax_included=True,
    picture="sail.svg",
    courses=(
        CourseSchedule(
            tuple(f"5117SLT00{number}19C0A1B2E00" for number in range(1, 5)),
            weekday=1,
            at=time(18),
            weeks_apart=1,
            title=both("Tuesday evenings", "Martedì sera"),
        ),
        CourseSchedule(
            tuple(f"5117SLF00{number}19C0A1B2E00" for number in range(1, 5)),
            weekday=4,
            at=time(18, 30),
            weeks_apart=2,
            title=both("Friday evenings", "Venerdì sera"),
            late_classes=1,
        ),
    ),
)

_RIDGE = Product(
    id=RIDGE,
    code="RIDGE",
    name=both("Ridge walk with breakfast", "Camminata in cresta con colazione"),
    description=both(
        "<p>Up before the sun, down by noon, bread still warm at the hut. A steady walk on good paths.</p>"
        "<p>Tell us who is coming: the hut bakes for each of you.</p>",
        "<p>Su prima del sole, giù per mezzogiorno, il pane ancora caldo al rifugio. Una camminata regolare su buoni"
        " sentieri.</p><p>Diteci chi viene: il rifugio inforna per ognuno di voi.</p>",
    ),
    type="fixed",
    hours=5,
    capacity=9,
    limits=limits((1, 9), adults=(1, 9), children=(0, 6)),
    rates=((ADULTS, Decimal("38.00")), (CHILDREN, Decimal("26.50"))),
    tax=VAT_10,
    tax_included=True,
    picture="ridge.svg",
    schedules=daily("RD", time(6, 30), weekdays=frozenset({2, 5, 6})),
    options=(
        Option(
            kind="text",
            id=f"{RIDGE}_W6BTA3KX",
            name=both("A phone number for the mountain", "Un telefono per la montagna"),
            description=both("<p>We call it if anybody is late.</p>", "<p>Lo usiamo se qualcuno tarda.</p>"),
            index=1,
            required=True,
        ),
    ),
)

_YOGA = Product(
    id=YOGA,
    code="YOGA",
    name=both("Morning yoga on the pier", "Yoga del mattino sul molo"),
    description=both(
        "<p>An hour of quiet stretching over the water. For holders of a ten-morning card.</p>",
        "<p>Un’ora di movimenti lenti sopra l’acqua. Per chi ha la tessera da dieci mattine.</p>",
    ),
    type="fixed",
    hours=1,
    capacity=10,
    limits=limits((1, 1), adults=(1, 1)),
    rates=((ADULTS, Decimal("15.00")),),
    tax=VAT_10,
    tax_included=True,
    prepaid_only=True,
    picture="yoga.svg",
    schedules=daily("YG", time(7, 30)),
)

_STAFF = Product(
    id=STAFF,
    code="STAFF",
    name=both("Safety drill for the crew", "Esercitazione di sicurezza"),
    description=both("<p>Internal: once a month on the jetty.</p>", "<p>Interno: una volta al mese sul molo.</p>"),
    type="fixed",
    hours=2,
    capacity=20,
    limits=limits((1, 20), adults=(1, 20)),
    rates=(),
    tax=VAT_10,
    tax_included=True,
    api_bookings_allowed=False,
    schedules=daily("ST", time(7), weekdays=frozenset({0})),
)

_ZIP = Product(
    id=ZIP,
    code="ZIP",
    name=both("Two-day hut trip", "Due giorni in rifugio"),
    description=both(
        "<p>Over the ridge by zip line, a night in the hut, and down the long way after breakfast.</p>"
        "<p>Dinner, bed and breakfast are included.</p>",
        "<p>Oltre la cresta con la teleferica, una notte in rifugio e giù per la via lunga dopo colazione.</p>"
        "<p>Cena, letto e colazione sono compresi.</p>",
    ),
    type="fixed",
    days=2,
    capacity=8,
    limits=limits((1, 8), adults=(1, 8)),
    rates=((ADULTS, Decimal("180.00")),),
    tax=VAT_10,
    tax_included=True,
    member_percent=Decimal(10),
    picture="zip.svg",
    schedules=daily("ZP", time(0), weekdays=frozenset({0, 3, 5})),
)

HILLS_AND_LESSONS = (_SAIL4, _RIDGE, _YOGA, _STAFF, _ZIP)
