"""What Harbour & Hills sells: ten invented products, at least one of each kind that the API knows."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from sandbox.catalogue import (
    BookingLimit,
    Choice,
    CourseSchedule,
    Localised,
    OpeningHours,
    Option,
    Product,
    Schedule,
    Surcharge,
)

ADULTS, CHILDREN, INFANTS, STUDENTS = "Cadults", "Cchildren", "Cinfants", "H4KTWE"
VAT_10, VAT_22 = "5117VAT10A19C0A1B2C01", "5117VAT22B19C0A1B2C02"
CANOES, BOATS, RESCUE = "5117CANOET19C0A1B2C11", "5117BOATST19C0A1B2C12", "5117RESCUE19C0A1B2C13"
RED_CANOE, BLUE_CANOE = "5117CANOER19C0A1B2C21", "5117CANOEB19C0A1B2C22"
AURORA, HERON, RESCUE_BOAT = "5117AURORA19C0A1B2C23", "5117HERONB19C0A1B2C24", "5117RESCB119C0A1B2C25"
KAYAK, SAIL4, CANOE = "5117KAYAKT19C0A1B2D01", "5117SAILC419C0A1B2D02", "5117CANOEL19C0A1B2D03"
PADDLE, RIDGE, SUNSET = "5117PADDLE19C0A1B2D04", "5117RIDGEW19C0A1B2D05", "5117SUNSET19C0A1B2D06"
CHARTER, YOGA = "5117CHARTR19C0A1B2D07", "5117YOGAPI19C0A1B2D08"
STAFF, ZIP = "5117STAFFD19C0A1B2D09", "5117ZIPHUT19C0A1B2D0A"


def both(english: str, italian: str) -> Localised:
    """A text in the languages of the account."""
    return {"en-US": english, "it-IT": italian}


def _limits(total: tuple[int, int], **categories: tuple[int, int]) -> tuple[BookingLimit, ...]:
    ids = {"adults": ADULTS, "children": CHILDREN, "infants": INFANTS, "students": STUDENTS}
    per_category = [BookingLimit(ids[name], *limits) for name, limits in categories.items()]
    return (BookingLimit(None, *total), *per_category)


_EVERY_DAY = frozenset(range(7))


def _daily(prefix: str, *times: time, weekdays: frozenset[int] = _EVERY_DAY) -> tuple[Schedule, ...]:
    return tuple(Schedule(f"5117{prefix}{at:%H%M}19C0A1B2E00", at, weekdays) for at in times)


_KAYAK = Product(
    id=KAYAK,
    code="KAYAK",
    name=both("Kayak tour to the islands", "Giro in kayak alle isole"),
    description=both(
        "<p>Three small islands, one swim stop and coffee on the far shore. No experience needed: a guide shows you how"
        " to hold the paddle and stays close all the way.</p>"
        "<p>We lend kayak, vest and dry bag. Bring a towel and something warm.</p>",
        "<p>Tre piccole isole, una sosta per nuotare e un caffè sull’altra riva. Non serve esperienza: la guida vi"
        " mostra come tenere la pagaia e resta sempre vicina.</p>"
        "<p>Kayak, giubbotto e sacca stagna sono compresi. Portate un asciugamano e qualcosa di caldo.</p>",
    ),
    type="fixed",
    hours=2,
    minutes=30,
    capacity=12,
    limits=_limits((1, 12), adults=(0, 12), children=(0, 10), infants=(0, 4)),
    rates=((ADULTS, Decimal("49.00")), (CHILDREN, Decimal("32.00")), (INFANTS, Decimal(0))),
    tax=VAT_10,
    tax_included=False,
    picture="kayak.svg",
    schedules=(
        Schedule("5117KY080019C0A1B2E00", time(8), rates={ADULTS: Decimal("45.00")}),
        *_daily("KY", time(10), time(11), time(13, 30), time(16, 30)),
    ),
    options=(
        Option(
            kind="choice",
            id=f"{KAYAK}_8KRT4WNE",
            name=both("Kayaks", "Kayak"),
            description=both(
                "<p>Singles cost EUR 6 more for each boat.</p>", "<p>I kayak singoli costano 6 EUR in più l’uno.</p>"
            ),
            index=1,
            choices=(
                Choice("AK4RTE", both("The guide decides", "Decide la guida")),
                Choice(
                    "BW7NXL",
                    both("As many singles as possible", "Più singoli possibile"),
                    Surcharge(Decimal(6), "seat"),
                ),
                Choice("CX9MTR", both("Doubles only", "Solo doppi")),
            ),
            default_choice="AK4RTE",
        ),
        Option(
            kind="number",
            id=f"{KAYAK}_3JWX6LTA",
            name=both("Picnic boxes", "Cestini da picnic"),
            description=both("<p>EUR 9 each, vegetarian.</p>", "<p>9 EUR l’uno, vegetariani.</p>"),
            index=2,
            maximum=12,
            surcharge=Surcharge(Decimal(9), "unit"),
        ),
        Option(
            kind="onOff",
            id=f"{KAYAK}_R9MEK2CU",
            name=both("Wetsuits for everyone", "Mute per tutti"),
            description=both("<p>EUR 5 a head.</p>", "<p>5 EUR a testa.</p>"),
            index=3,
            surcharge=Surcharge(Decimal(5), "seat"),
        ),
        Option(
            kind="text",
            id=f"{KAYAK}_T5HFA7XP",
            name=both("Hotel for pick-up", "Hotel per il transfer"),
            index=4,
        ),
    ),
)

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
    limits=_limits((1, 2), adults=(1, 2)),
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
        ),
    ),
)

_CANOE = Product(
    id=CANOE,
    code="CANOE",
    name=both("Private canoe lesson", "Lezione privata di canoa"),
    description=both(
        "<p>Just you, an instructor and a canoe, at an hour that suits you. Choose the red one or the blue one.</p>",
        "<p>Solo voi, un istruttore e una canoa, all’ora che preferite. Scegliete quella rossa o quella blu.</p>",
    ),
    type="flexibleTime",
    hours=1,
    capacity=3,
    limits=_limits((1, 3), adults=(0, 3), children=(0, 2)),
    rates=((None, Decimal("55.00")),),
    tax=VAT_22,
    tax_included=True,
    picture="canoe.svg",
    opening_hours=OpeningHours("5117CNF00019C0A1B2E00", time(9), time(19), 30, CANOES),
    options=(
        Option(
            kind="choice",
            id=f"{CANOE}_L4WKR9TE",
            name=both("Length", "Durata"),
            index=1,
            choices=(
                Choice("DJ9TKA", both("1 hour", "1 ora"), minutes=60),
                Choice("EM3XRW", both("1 hour 30", "1 ora e 30"), Surcharge(Decimal(20), "booking"), minutes=90),
            ),
            default_choice="DJ9TKA",
        ),
    ),
)

_PADDLE = Product(
    id=PADDLE,
    code="PADDLE",
    name=both("Paddleboard taster", "Prova di paddleboard"),
    description=both(
        "<p>Flat water, a wide board and somebody patient beside you. You will stand up, and you may get wet.</p>",
        "<p>Acqua piatta, una tavola larga e qualcuno di paziente accanto. Starete in piedi, forse vi bagnerete.</p>",
    ),
    type="fixed",
    hours=1,
    capacity=6,
    limits=_limits((1, 6), adults=(0, 6), students=(0, 6), children=(0, 4)),
    rates=((ADULTS, Decimal("24.00")), (STUDENTS, Decimal("19.00")), (CHILDREN, Decimal("15.00"))),
    tax=VAT_10,
    tax_included=True,
    picture="paddle.svg",
    schedules=_daily("PD", time(9), time(12), time(15)),
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
    limits=_limits((1, 9), adults=(1, 9), children=(0, 6)),
    rates=((ADULTS, Decimal("38.00")), (CHILDREN, Decimal("26.50"))),
    tax=VAT_10,
    tax_included=True,
    picture="ridge.svg",
    schedules=_daily("RD", time(6, 30), weekdays=frozenset({2, 5, 6})),
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

_SUNSET = Product(
    id=SUNSET,
    code="SUNSET",
    name=both("Sunset boat", "Barca al tramonto"),
    description=both(
        "<p>A slow round of the bay for members and their guests, with the lamps lit on the way home.</p>",
        "<p>Un giro lento della baia per i soci e i loro ospiti, con le luci accese al ritorno.</p>",
    ),
    type="fixed",
    hours=1,
    minutes=30,
    capacity=10,
    limits=_limits((1, 6), adults=(0, 6), children=(0, 4)),
    rates=((ADULTS, Decimal("22.00")), (CHILDREN, Decimal("22.00"))),
    tax=VAT_10,
    tax_included=True,
    members_only=True,
    picture="sunset.svg",
    schedules=(
        Schedule("5117SUW16319C0A1B2E00", time(16, 30), months=frozenset({1, 2, 3, 10, 11, 12}), resource=AURORA),
        Schedule("5117SUS20319C0A1B2E00", time(20, 30), months=frozenset(range(4, 10)), resource=AURORA),
    ),
)

_CHARTER = Product(
    id=CHARTER,
    code="CHARTER",
    name=both("Whole-day charter", "Noleggio per un giorno"),
    description=both(
        "<p>The Heron and her skipper for the whole day, wherever the wind goes. Ask for a day: we answer by the next"
        " evening.</p>",
        "<p>La Heron e il suo skipper per tutto il giorno, dove va il vento. Chiedete una data: rispondiamo entro la"
        " sera dopo.</p>",
    ),
    type="fixed",
    days=1,
    capacity=12,
    limits=_limits((4, 12), adults=(0, 12), children=(0, 8)),
    rates=(),
    tax=VAT_22,
    tax_included=True,
    accept_deny=True,
    allow_private_events=True,
    picture="charter.svg",
    schedules=(Schedule("5117CHD00019C0A1B2E00", time(0), resource=HERON),),
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
    limits=_limits((1, 1), adults=(1, 1)),
    rates=((ADULTS, Decimal("15.00")),),
    tax=VAT_10,
    tax_included=True,
    prepaid_only=True,
    picture="yoga.svg",
    schedules=_daily("YG", time(7, 30)),
)

_STAFF = Product(
    id=STAFF,
    code="STAFF",
    name=both("Safety drill for the crew", "Esercitazione di sicurezza"),
    description=both("<p>Internal: once a month on the jetty.</p>", "<p>Interno: una volta al mese sul molo.</p>"),
    type="fixed",
    hours=2,
    capacity=20,
    limits=_limits((1, 20), adults=(1, 20)),
    rates=(),
    tax=VAT_10,
    tax_included=True,
    api_bookings_allowed=False,
    schedules=_daily("ST", time(7), weekdays=frozenset({0})),
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
    limits=_limits((1, 8), adults=(1, 8)),
    rates=((ADULTS, Decimal("180.00")),),
    tax=VAT_10,
    tax_included=True,
    picture="zip.svg",
    schedules=_daily("ZP", time(0), weekdays=frozenset({0, 3, 5})),
)

PRODUCTS = (_KAYAK, _SAIL4, _CANOE, _PADDLE, _RIDGE, _SUNSET, _CHARTER, _YOGA, _STAFF, _ZIP)
