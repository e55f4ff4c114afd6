"""Party, options and time on one page: as the way into a booking, and as its “change” page."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from booking.drafts import OpenDraft, journey
from booking.forms.problems import problems_of
from booking.forms.wishes import WishesForm, party_panel, wishes_form
from booking.presenters import texts
from booking.presenters.catalogue import product_card
from booking.presenters.checkout import kept_text
from booking.presenters.month import month_of
from booking.presenters.product import chosen, times_of
from booking.presenters.rules import general_rule
from booking.presenters.structured import product_data
from booking.services import availability, catalogue, days, policies
from booking.services.availability import PageReference
from booking.services.catalogue import Offer
from booking.services.errors import TimeGone
from booking.views.context import business
from booking.views.drafting import opened, page_url, step_url
from booking.views.http import form_key, new_visit, onward, own_posts_only, page, see_other

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
NOT_WISHES = {"more", "month", "gone", "slot", "shown", "visit", "key"}
GONE = "The time you chose has just gone. Your party and what you typed are kept; these are the nearest free times."
CHANGED = (
    "The party or the options were changed after these times had been looked up. "
    "Here are the times that fit now: please choose once more."
)


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def product_detail(request: HttpRequest, product_id: str) -> HttpResponse:
    """Choose a time for a new booking."""
    return _choosing(request, product_id, draft=None)


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def change_time(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    """Choose another time or party for a booking that has begun."""
    if draft.state.placed:
        return see_other(step_url(draft))
    return _choosing(request, draft.state.product_id, draft=draft)


def offer_other_times(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    """The time went while the visitor was busy: to the page of times, with party and options as they were."""
    offer = catalogue.get_offer(draft.state.product_id)
    return onward(request, f"{page_url(draft, 'times')}?{_query_of(draft, offer)}&gone=1")


def _choosing(request: HttpRequest, product_id: str, draft: OpenDraft | None) -> HttpResponse:
    form = _wishes_form(request, product_id, draft)
    if request.method == "POST" and "slot" not in request.POST:
        return see_other(f"?{form.stepped() or form.query_with_day()}#when")
    if not form.is_valid():
        return _show(request, form, draft, status=422)
    if request.method == "POST":
        return _choose(request, form, draft)
    return _show(request, form, draft, notice=GONE if "gone" in request.GET else "")


def _choose(request: HttpRequest, form: WishesForm, draft: OpenDraft | None) -> HttpResponse:
    picked = chosen(request.POST.get("slot", ""), form.to_wishes())
    if picked is None:
        return _show(request, form, draft, notice="Please choose one of these times.", status=422)
    choice, estimate = picked
    day = texts.day_of(choice.start)
    if request.POST.get("shown", form.query()) != form.query():  # the times were not those of what the form says now
        return _show(request, form, draft, notice=CHANGED, since=day, status=409)
    try:
        if draft is None:
            draft = journey.begin(choice, estimate, visit=request.POST.get("visit", ""))
        else:
            draft = journey.rechoose(draft, choice, estimate)
    except TimeGone:
        gone = f"{texts.deadline(choice.start)} has just gone. Your party is kept; these are the next free times."
        return _show(request, form, draft, notice=gone, since=day, status=409)
    return see_other(step_url(draft))


def _wishes_form(request: HttpRequest, product_id: str, draft: OpenDraft | None) -> WishesForm:
    """What the visitor wishes: as the form was sent, or as the address says, or as it was chosen before."""
    offer = catalogue.get_offer(product_id)
    sent = request.POST if "shown" in request.POST else request.GET
    asked = {name: str(value) for name, value in sent.items() if name not in NOT_WISHES}
    if draft is not None and not asked:
        asked = dict(parse_qsl(_query_of(draft, offer)))
    return wishes_form(offer, tuple(sorted(asked.items())))


def _query_of(draft: OpenDraft, offer: Offer) -> str:
    """The address of the party, the options and the day that were chosen."""
    choice = draft.state.choice
    return wishes_form(offer, ()).query_of(choice.wishes, date=texts.day_of(choice.start).isoformat())


def _show(
    request: HttpRequest,
    form: WishesForm,
    draft: OpenDraft | None,
    *,
    notice: str = "",
    since: date | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "party": party_panel(form, days.today()),
        "problems": problems_of(form),
        "visit": new_visit(),
        "here": request.path,
        **_product_context(request, form, draft),
    }
    if form.is_valid():
        context |= _times_context(request, form, notice, since or _since(request, form))
    return page(request, "booking/product_detail.html", context, part="times", status=status)


def _product_context(request: HttpRequest, form: WishesForm, draft: OpenDraft | None) -> dict[str, Any]:
    """What stands above and below the times: the product with its rules, or what was chosen of it."""
    categories = catalogue.find_people_categories()
    card = product_card(form.product, tuple((c.id, c.name) for c in categories.values()))
    context = {
        "product": card,
        "hold_minutes": settings.HOLD_SECONDS // 60,
        "rule": general_rule(policies.cancellation()),
        "draft": draft,
    }
    if draft is not None:
        kept = "" if "gone" in request.GET else kept_text(draft.state, categories, datetime.now(UTC))
        return context | {"kept": kept, "key": form_key(draft.token)}
    # In a frame too, the page to be found by search engines is the one that stands by itself.
    address = request.build_absolute_uri(request.path_info)
    return context | {"canonical": address, "structured": product_data(card, business(), address)}


def _times_context(request: HttpRequest, form: WishesForm, notice: str, since: date) -> dict[str, Any]:
    wishes, today, query = form.to_wishes(), days.today(), form.query()
    month = since.replace(day=1)
    count = availability.begin_days(wishes, month=month)
    found = availability.find_times(wishes, since=since, reference=_reference(request))
    shown = texts.day_of(found.times[0].start) if found.times else since
    counted = count() if shown.replace(day=1) == month else availability.find_days(wishes, month=shown)
    times = times_of(
        found,
        wishes.party,
        catalogue.find_people_categories(),
        query=query,
        asked=since if form.day_asked() else None,
        today=today,
        notice=notice,
    )
    month_shown = month_of(shown, counted, today=today, current=shown, query=query)
    return {"times": times, "month": month_shown, "shown": query}


def _since(request: HttpRequest, form: WishesForm) -> date:
    """The day asked for; else the first of the month that is being looked at; else today."""
    asked = form.day_asked()
    if not asked:
        with suppress(ValueError):
            asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    return days.to_look_at(asked)


def _reference(request: HttpRequest) -> PageReference | None:
    """`more=<token>.<page>`: a later page of an earlier search."""
    token, _, number = request.GET.get("more", "").rpartition(".")
    return PageReference(token, int(number)) if token and PAGE_NUMBER.fullmatch(number) else None
