"""Opening the draft that an address names, and knowing which page comes next."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from booking.drafts import DraftMoved, OpenDraft, WrongProof, follow, open_draft
from booking.drafts.steps import next_page, steps_of
from booking.forms.details import ProofForm
from booking.forms.problems import problems_of
from booking.presenters.checkout import Summary, hold_box, summary_of
from booking.services import bookings, catalogue, policies
from booking.views.http import check_form_key, form_key, onward, page, see_other

DraftView = Callable[..., HttpResponseBase]


def opened(view: DraftView) -> Callable[..., HttpResponseBase]:
    """Give the view the open draft instead of its token; a post must carry the draft's form key.

    While a booking of the draft is on its way, or has been made without the draft having learnt of it, every page leads
    to the one that finds out.
    """

    @opened_while_pressed
    @wraps(view)
    def unless_pressed(request: HttpRequest, draft: OpenDraft) -> HttpResponseBase:
        if draft.state.placed is None and bookings.is_pressed(draft.reference):
            return onward(request, page_url(draft, "checking"))
        return view(request, draft)

    return unless_pressed


def opened_while_pressed(view: DraftView) -> Callable[..., HttpResponseBase]:
    """As `opened`, also while a booking is on its way."""

    @wraps(view)
    def with_draft(request: HttpRequest, token: str) -> HttpResponseBase:
        if request.method == "POST":
            check_form_key(request, token)
        try:
            draft = open_draft(token)
        except DraftMoved as moved:
            return _moved(request, token, moved)
        return view(request, draft)

    return with_draft


def step_name(draft: OpenDraft) -> str:
    """The first unfinished step."""
    return next_page(draft.state, asks_participants=_asks_participants(draft))


def step_url(draft: OpenDraft) -> str:
    return page_url(draft, step_name(draft))


def page_url(draft: OpenDraft, name: str) -> str:
    return reverse(f"booking:{name}", args=[draft.token])


def too_early(draft: OpenDraft, name: str) -> bool:
    """Whether steps before this one are unfinished, or all is over: then the visitor belongs elsewhere."""
    expected = step_name(draft)
    order = ["sign-in", "details", "participants", "check", "confirmed"]
    return order.index(expected) < order.index(name) or expected == "confirmed" != name


def draft_page(
    request: HttpRequest, draft: OpenDraft, name: str, context: dict[str, Any], *, status: int = 200, part: str = ""
) -> HttpResponse:
    """A page of the checkout, with all that each of them shows: the trail, the hold and the summary."""
    seats = draft.state.choice.wishes.party.seats(catalogue.find_people_categories())
    shared = {
        "draft": draft,
        "key": form_key(draft.token),
        "hold": hold_box(draft.state, seats, datetime.now(UTC)),
        "summary": draft_summary(draft),
        "trail": _trail(draft, name),
        "here": page_url(draft, name),
    }
    return page(request, f"booking/{name.replace('-', '_')}.html", shared | context, status=status, part=part)


def draft_summary(draft: OpenDraft) -> Summary:
    choice = draft.state.choice
    product = catalogue.get_product(choice.wishes.product_id)
    return summary_of(choice, product, catalogue.find_people_categories())


def _asks_participants(draft: OpenDraft) -> bool:
    return policies.asks_who_is_coming(catalogue.get_product(draft.state.product_id))


def _trail(draft: OpenDraft, current: str) -> list[dict[str, Any]]:
    """Done steps are links; the one shown is marked."""
    steps = steps_of(asks_participants=_asks_participants(draft))
    current = "details" if current == "sign-in" else current
    return [
        {
            "title": step.title,
            "current": step.name == current,
            "href": page_url(draft, step.name) if step.done(draft.state) and step.name != current else "",
        }
        for step in steps
    ]


def _moved(request: HttpRequest, token: str, moved: DraftMoved) -> HttpResponse:
    """An address from before personal data entered. It shows the choice, and lets its own visitor go on."""
    form = ProofForm(request.POST if request.POST.get("email") else None)
    if form.is_bound and form.is_valid():
        try:
            return see_other(step_url(follow(token, proof=form.cleaned_data["email"])))
        except WrongProof:
            form.add_error("email", "This is not the e-mail that was entered. Please check it, or begin again.")
    choice = moved.state.choice
    product = catalogue.get_product(choice.wishes.product_id)
    context = {
        "form": form,
        "problems": problems_of(form),
        "key": form_key(token),
        "summary": summary_of(choice, product, catalogue.find_people_categories()),
        "product_id": product.product_id,
        "action": reverse("booking:details", args=[token]),
    }
    return page(request, "booking/moved.html", context, status=422 if form.is_bound else 410)
