"""Booking for a customer, first page: what, for how many, and when. The address is its state and holds ids alone."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from booking.drafts import desk_orders as drafts
from booking.drafts.desk_orders import OrderDraft
from booking.forms.manager.orders import DeskWishesForm
from booking.forms.problems import problems_of
from booking.forms.wishes import party_panel
from booking.presenters import texts
from booking.presenters.manager.find import customer_line
from booking.presenters.manager.order import product_links
from booking.presenters.manager.times import desk_times, with_asked_first
from booking.presenters.product import chosen
from booking.services import booking_changes, catalogue, days, desk_changes, desk_customers
from booking.services import desk_times as times
from booking.services.desk_customers import Customer
from booking.services.errors import CustomerNeeded, TimeGone
from booking.services.staff_acts import Act
from booking.views.http import is_partial, new_visit, page, see_other
from booking.views.manager.access import may, staff_id_of

# What the address carries beside the party and the options.
KEPT = ("product", "customer", "event")
NOT_WISHES = {*KEPT, "again", "gone", "slot", "shown", "visit", "csrfmiddlewaretoken"}
NOT_CHOSEN = "Choose one of these times."
GONE = "That time has just gone. What was entered is kept; these are the nearest free times."
CHANGED = "The party or the options were changed after these times had been looked up. Choose once more."
NOT_THIS_CUSTOMER = "Bookeo lets only members or holders of credits book this, and this customer is none."


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.BOOK_FOR_CUSTOMER)
def book(request: HttpRequest) -> HttpResponse:
    sent = request.POST if "shown" in request.POST else request.GET
    if "again" in request.GET:
        return _again(request.GET["again"])
    if not sent.get("product"):
        return _products(request)
    form = _wishes_form(sent)
    if request.method == "POST" and "slot" not in request.POST:
        return see_other(f"?{_kept(sent)}&{form.stepped() or form.query_with_day()}#when")
    if not form.is_valid():
        return _show(request, form, status=422)
    if request.method == "POST":
        return _choose(request, form)
    return _show(request, form, notice=GONE if "gone" in request.GET else "")


def address_of(draft: OrderDraft, **more: str) -> str:
    """This page with what the draft has chosen, for another time or party."""
    wishes = draft.state.choice.wishes
    query = _desk_form(wishes.product_id, {}).query_of(wishes, date=texts.day_of(draft.state.choice.start).isoformat())
    kept = {"product": wishes.product_id, "customer": draft.state.customer_id}
    return f"{reverse('manager:book')}?{urlencode({n: v for n, v in kept.items() if v} | more)}&{query}"


def _choose(request: HttpRequest, form: DeskWishesForm) -> HttpResponse:
    picked = chosen(request.POST.get("slot", ""), form.to_wishes())
    if picked is None:
        return _show(request, form, notice=NOT_CHOSEN, status=422)
    choice, day = picked[0], texts.day_of(picked[0].start)
    if request.POST.get("shown") != form.query():  # the times were not those of what the form says now
        return _show(request, form, notice=CHANGED, since=day, status=409)
    customer = _customer(request.POST)
    try:
        draft = drafts.begin(choice, customer, staff_id=staff_id_of(request), visit=request.POST.get("visit", ""))
    except TimeGone:
        return _show(request, form, customer=customer, notice=GONE, since=day, status=409)
    except CustomerNeeded:
        return _show(request, form, customer=customer, notice=NOT_THIS_CUSTOMER, since=day, status=409)
    name = "manager:book-check" if draft.state.customer else "manager:book-who"
    return see_other(reverse(name, args=[draft.token]))


def _again(number: str) -> HttpResponse:
    """The same once more: product, party, options and customer of a booking, at another time."""
    booking = booking_changes.get_booking(number)
    wishes = desk_changes.wishes_of(booking)
    query = _desk_form(wishes.product_id, {}).query_of(wishes)
    kept = {"product": booking.product_id, "customer": booking.customer_id or ""}
    return see_other(f"{reverse('manager:book')}?{urlencode({n: v for n, v in kept.items() if v})}&{query}")


def _products(request: HttpRequest) -> HttpResponse:
    """What can be booked, as links that keep what is known already."""
    customer = _customer(request.GET)
    known = {name: request.GET[name] for name in ("customer", "date") if request.GET.get(name)}
    context = {
        "products": product_links(catalogue.find_products(), urlencode(known)),
        "customer": customer_line(customer) if customer else None,
    }
    return page(request, "manager/book_product.html", context)


def _customer(sent: Any) -> Customer | None:
    return desk_customers.get(str(sent["customer"])) if sent.get("customer") else None


def _wishes_form(sent: Any) -> DeskWishesForm:
    asked = {name: str(value) for name, value in sent.items() if name not in NOT_WISHES}
    return _desk_form(str(sent["product"]), asked)


def _desk_form(product_id: str, asked: dict[str, str]) -> DeskWishesForm:
    offer = catalogue.get_offer(product_id)
    return DeskWishesForm(asked, product=offer.product, categories=offer.categories, resources=offer.resources)


def _show(
    request: HttpRequest,
    form: DeskWishesForm,
    *,
    customer: Customer | None = None,
    notice: str = "",
    since: date | None = None,
    status: int = 200,
) -> HttpResponse:
    """`customer` where the caller has read the record already."""
    sent = request.POST if "shown" in request.POST else request.GET
    customer_id = str(sent.get("customer", ""))
    if customer is None and not is_partial(request):  # times alone name nobody
        customer = _customer(sent)
    is_valid = form.is_valid()
    context: dict[str, Any] = {
        "product": form.product,
        "customer": customer_line(customer) if customer else None,
        "kept": [(name, str(sent[name])) for name in KEPT if sent.get(name)],
        "party": party_panel(form, days.today()),
        "problems": problems_of(form),
        "visit": new_visit(),
        "others": f"{reverse('manager:book')}?{urlencode({'customer': customer_id} if customer_id else {})}",
    }
    if is_valid:
        context |= _times(form, sent, notice, since or days.to_look_at(form.day_asked()))
    return page(request, "manager/book.html", context, part="times", status=status)


def _times(form: DeskWishesForm, sent: Any, notice: str, since: date) -> dict[str, Any]:
    wishes = form.to_wishes()
    query = f"{_kept(sent)}&{form.query()}"
    found = times.find_times(wishes, since=since)
    asked = since if form.day_asked() else None
    shown = desk_times(found, wishes.party, catalogue.find_people_categories(), query=query, asked=asked, notice=notice)
    first, is_there = with_asked_first(shown, found, str(sent.get("event", "")))
    return {"times": first, "asked_gone": not is_there, "shown": form.query(), "over": form.over_the_limits()}


def _kept(sent: Any) -> str:
    return urlencode({name: str(sent[name]) for name in KEPT if sent.get(name)})
