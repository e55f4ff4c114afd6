"""Harbour & Hills, the invented business that the sandbox plays."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from sandbox.catalogue import Account, Language, PeopleCategory, Promotion, ResourceType, Tax, Voucher
from sandbox.demo_hills import HILLS_AND_LESSONS
from sandbox.demo_products import (
    ADULTS,
    AURORA,
    BLUE_CANOE,
    BOATS,
    CANOES,
    CHILDREN,
    HERON,
    INFANTS,
    KAYAK,
    RED_CANOE,
    RESCUE,
    RESCUE_BOAT,
    STUDENTS,
    VAT_10,
    VAT_22,
    both,
)
from sandbox.demo_water import ON_THE_WATER
from sandbox.questions import Choice, CustomField

ACCOUNT_ID = "5117HARBHI19C0A1B2C00"
_PRODUCTS = tuple(sorted(ON_THE_WATER + HILLS_AND_LESSONS, key=lambda product: product.id[-2:]))

_CATEGORIES = (
    PeopleCategory(ADULTS, both("Adults", "Adulti"), 1),
    PeopleCategory(CHILDREN, both("Children", "Bambini"), 1),
    PeopleCategory(INFANTS, both("Infants", "Neonati"), 0),
    PeopleCategory(STUDENTS, both("Students", "Studenti"), 1),
)

_TAXES = (
    Tax(VAT_10, both("VAT 10%", "IVA 10%"), Decimal(10)),
    Tax(VAT_22, both("VAT 22%", "IVA 22%"), Decimal(22)),
)

_RESOURCE_TYPES = (
    ResourceType(
        CANOES,
        both("Canoe", "Canoa"),
        is_public=True,
        resources=((RED_CANOE, both("Red canoe", "Canoa rossa")), (BLUE_CANOE, both("Blue canoe", "Canoa blu"))),
    ),
    ResourceType(
        BOATS,
        both("Boat", "Barca"),
        is_public=True,
        resources=((AURORA, both("Aurora", "Aurora")), (HERON, both("Heron", "Heron"))),
    ),
    ResourceType(
        RESCUE,
        both("Rescue boat", "Barca di soccorso"),
        is_public=False,
        resources=((RESCUE_BOAT, both("Rescue boat 1", "Barca di soccorso 1")),),
    ),
)

_CUSTOM_FIELDS = (
    CustomField(
        kind="choice",
        id="K3RTWA",
        name=both("How did you hear about us?", "Come ci avete conosciuto?"),
        index=1,
        for_customer=True,
        for_participants=False,
        choices=(
            Choice("A4NXEJ", both("A friend", "Un amico")),
            Choice("B7LTRK", both("Search engine", "Motore di ricerca")),
            Choice("C2PWHE", both("Walking past the pier", "Passando dal molo")),
        ),
    ),
    CustomField(
        kind="number",
        id="M8HEUC",
        name=both("Height (cm)", "Altezza (cm)"),
        description=both("For the right vest and paddle", "Per il giubbotto e la pagaia giusti"),
        index=2,
        for_customer=False,
        for_participants=True,
        minimum=80,
        maximum=230,
        default=170,
    ),
    CustomField(
        kind="onOff",
        id="N5WJXT",
        name=both("Newsletter", "Newsletter"),
        index=3,
        for_customer=True,
        for_participants=False,
    ),
    CustomField(
        kind="text",
        id="P6KALR",
        name=both("Allergies", "Allergie"),
        description=both("Tell us what we should know", "Diteci che cosa dobbiamo sapere"),
        index=4,
        for_customer=True,
        for_participants=True,
    ),
    CustomField(
        kind="text",
        id="Q9DSKN",
        name=both("Note from the desk", "Nota della segreteria"),
        index=5,
        for_customer=True,
        for_participants=False,
        shown_to_customers=False,
    ),
)

_PROMOTIONS = (
    Promotion("WELCOME10", "Welcome 10%", percent=Decimal(10)),
    Promotion("LAKE5", "Five off on the lake", amount=Decimal(5)),
    Promotion("EXPIRED1", "Last summer", percent=Decimal(20), expired=True),
)

_VOUCHERS = (
    Voucher("GIFT25", amount=Decimal(25)),
    Voucher("KAYAK-FREE", product_id=KAYAK, category=ADULTS),
)


@lru_cache
def harbour_and_hills(time_zone: str = "Europe/Rome", currency: str = "EUR") -> Account:
    """The whole business, in that zone and currency."""
    return Account(
        id=ACCOUNT_ID,
        name="Harbour & Hills",
        description=both(
            "<p>Out on the lake, up in the hills: small groups, local guides, everything lent.</p>",
            "<p>Sul lago e sui monti: gruppi piccoli, guide del posto, tutto il materiale compreso.</p>",
        ),
        zone=ZoneInfo(time_zone),
        currency=currency,
        languages=(Language("en-US", "English (US)"), Language("it-IT", "Italiano")),
        customer_language="en-US",
        user_language="it-IT",
        categories=_CATEGORIES,
        taxes=_TAXES,
        resource_types=_RESOURCE_TYPES,
        custom_fields=_CUSTOM_FIELDS,
        products=_PRODUCTS,
        promotions=_PROMOTIONS,
        vouchers=_VOUCHERS,
    )
