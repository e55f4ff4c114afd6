"""Party, options and time on one page: as the way into a booking, and as its “change” page."""

import re
import secrets
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from booking.drafts import OpenDraft, journey
from booking.forms.problems import problems_of
from booking.forms.wishes import WishesForm, party_panel, wishes_form
from booking.presenters import texts
from booking.presenters.catalogue import product_card
from booking.presenters.product import chosen, month_of, times_of
from booking.services import availability, catalogue
from booking.services.availability import PageReference
from booking.services.errors import TimeGone
from booking.views.drafting import opened, page_url, step_url
from booking.views.http import form_key, onward, own_posts_only, page, see_other

VISIT_BYTES = 18
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
# Nobody sells times further ahead than this; a later day is shown as this one.
FURTHEST = timedelta(days=5 * 365)
NOT_WISHES = {"more", "month", "gone"}
GONE = "The time you chose has just gone. Your party and what you typed are kept; these are the nearest free times."


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
    wishes = draft.state.choice.wishes
    form = wishes_form(catalogue.get_offer(wishes.product_id), ())
    day = draft.state.choice.start.astimezone(settings.BUSINESS_TIME_ZONE).date()
    return onward(request, f"{page_url(draft, 'times')}?{form.query_of(wishes)}&date={day}&gone=1")


def _choosing(request: HttpRequest, product_id: str, draft: OpenDraft | None) -> HttpResponse:
    form = _wishes_form(request, product_id)
    stepped = form.stepped()
    if stepped is not None and request.method != "POST":
        return see_other(f"?{stepped}#when")
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
    try:
        if draft is None:
            draft = journey.begin(choice, estimate, visit=request.POST.get("visit", ""))
        else:
            draft = journey.rechoose(draft, choice, estimate)
    except TimeGone:
        gone = f"{texts.deadline(choice.start)} has just gone. Your party is kept; these are the next free times."
        return _show(request, form, draft, notice=gone, since=texts.day_of(choice.start), status=409)
    return see_other(step_url(draft))


def _wishes_form(request: HttpRequest, product_id: str) -> WishesForm:
    asked = tuple((name, value) for name, value in sorted(request.GET.items()) if name not in NOT_WISHES)
    return wishes_form(catalogue.get_offer(product_id), asked)


def _show(
    request: HttpRequest,
    form: WishesForm,
    draft: OpenDraft | None,
    *,
    notice: str = "",
    since: date | None = None,
    status: int = 200,
) -> HttpResponse:
    names = tuple((c.id, c.name) for c in catalogue.find_people_categories().values())
    context: dict[str, Any] = {
        "product": product_card(form.product, names),
        "party": party_panel(form, request.path, availability.today()),
        "problems": problems_of(form),
        "draft": draft,
        "visit": secrets.token_urlsafe(VISIT_BYTES),
        "key": form_key(draft.token) if draft else "",
        "here": request.path,
        "address": request.get_full_path(),
    }
    if form.is_valid():
        context |= _times_context(request, form, notice, since or _since(request, form))
    return page(request, "booking/product_detail.html", context, part="times", status=status)


def _times_context(request: HttpRequest, form: WishesForm, notice: str, since: date) -> dict[str, Any]:
    wishes, today = form.to_wishes(), availability.today()
    month = since.replace(day=1)
    days = availability.begin_days(wishes, month=month)
    found = availability.find_times(wishes, since=since, reference=_reference(request))
    shown = found.times[0].start.astimezone(settings.BUSINESS_TIME_ZONE).date() if found.times else since
    counted = days() if shown.replace(day=1) == month else availability.find_days(wishes, month=shown)
    return {
        "times": times_of(
            found,
            wishes.party,
            catalogue.find_people_categories(),
            query=form.query(),
            asked=since if form.day_asked() else None,
            today=today,
            notice=notice,
        ),
        "month": month_of(shown, counted, today=today, current=shown, query=form.query()),
    }


def _since(request: HttpRequest, form: WishesForm) -> date:
    """The day asked for; else the first of the month that is being looked at; else today."""
    today = availability.today()
    latest = today + FURTHEST
    asked = form.day_asked()
    if asked:
        return min(max(asked, today), latest)
    try:
        first = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return today
    return min(max(first, today), latest)


def _reference(request: HttpRequest) -> PageReference | None:
    """`more=<token>.<page>`: a later page of an earlier search."""
    token, _, number = request.GET.get("more", "").rpartition(".")
    return PageReference(token, int(number)) if token and PAGE_NUMBER.fullmatch(number) else None
