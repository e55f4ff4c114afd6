"""What Harbour & Hills sells on the water: scheduled, flexible, for members, for a whole day."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

from sandbox.catalogue import OpeningHours, Product, Schedule
from sandbox.demo_products import (
    ADULTS,
    AURORA,
    CANOE,
    CANOES,
    CHARTER,
    CHILDREN,
    HERON,
    INFANTS,
    KAYAK,
    PADDLE,
    STUDENTS,
    SUNSET,
    VAT_10,
    VAT_22,
    both,
    daily,
    limits,
)
from sandbox.questions import Choice, Option, Surcharge

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
    limits=limits((1, 12), adults=(0, 12), children=(0, 10), infants=(0, 4)),
    rates=((ADULTS, Decimal("49.00")), (CHILDREN, Decimal("32.00")), (INFANTS, Decimal(0))),
    tax=VAT_10,
    tax_included=False,
    picture="kayak.svg",
    schedules=(
        Schedule("5117KY080019C0A1B2E00", time(8), rates={ADULTS: Decimal("45.00")}),
        *daily("KY", time(10), time(11), time(13, 30), time(16, 30)),
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
    limits=limits((1, 3), adults=(0, 3), children=(0, 2)),
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
    limits=limits((1, 6), adults=(0, 6), students=(0, 6), children=(0, 4)),
    rates=((ADULTS, Decimal("24.00")), (STUDENTS, Decimal("19.00")), (CHILDREN, Decimal("15.00"))),
    tax=VAT_10,
    tax_included=True,
    picture="paddle.svg",
    schedules=daily("PD", time(9), time(12), time(15)),
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
    limits=limits((1, 6), adults=(0, 6), children=(0, 4)),
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
    limits=limits((4, 12), adults=(0, 12), children=(0, 8)),
    rates=(),
    tax=VAT_22,
    tax_included=True,
    accept_deny=True,
    allow_private_events=True,
    picture="charter.svg",
    schedules=(Schedule("5117CHD00019C0A1B2E00", time(0), resource=HERON),),
)

ON_THE_WATER = (_KAYAK, _CANOE, _PADDLE, _SUNSET, _CHARTER)
