"""From a chosen time to a booking. Each view is one address; what it shows, the draft says."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import trigger_client_event

from booking.drafts import OpenDraft, Placed, journey, open_draft
from booking.forms.details import CodeForm, ConsentForm, DetailsForm, SignInForm, TextOptionsForm
from booking.forms.participants import ParticipantsForm, places_of
from booking.forms.problems import problems_of
from booking.presenters.calendar import calendar_file
from booking.presenters.checkout import answers_to_text_options, participant_lines, person_of
from booking.presenters.price import codes_text, price_box
from booking.presenters.rules import cancellation_rule
from booking.presenters.ticket import Ticket, ticket_of
from booking.services import catalogue, customers
from booking.services.errors import (
    CodeRefused,
    CustomerNeeded,
    DetailsRejected,
    OutcomeUnknown,
    SignInFailed,
    TimeGone,
    TooManyAttempts,
    Unavailable,
)
from booking.views.choosing import offer_other_times
from booking.views.drafting import (
    draft_page,
    draft_summary,
    opened,
    opened_while_pressed,
    page_url,
    step_url,
    too_early,
)
from booking.views.http import client_address, is_partial, onward, own_posts_only, see_other

NOT_THERE = (
    "Your last press did not come through. We have looked for your booking, and there is none: nothing was booked and "
    "nothing is charged. Please press again."
)


@require_safe
@opened
def resume(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    """The draft's own address leads to the first unfinished step."""
    return see_other(step_url(draft))


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def details(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    if too_early(draft, "details"):
        return see_other(step_url(draft))
    if "hold" in request.POST:
        return _hold_again(request, draft, "details")
    form = _details_form(request, draft)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return draft_page(
            request,
            draft,
            "details",
            {"form": form, "problems": problems_of(form), **_price(draft), **_person(draft)},
            status=status,
        )
    if isinstance(form, DetailsForm):
        saved = journey.save_details(draft, form.to_contact(), form.to_text_options())
    else:
        saved = journey.save_text_options(draft, form.to_text_options())
    return _onward(request, draft, saved, "details")


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def sign_in(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    if draft.state.signed_in or draft.state.placed:
        return see_other(step_url(draft))
    form = SignInForm(request.POST if request.method == "POST" else None)
    needed = draft.state.hold is None
    otherwise = "." if needed else ", or go on without signing in."
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            saved = journey.sign_in(draft, **form.cleaned_data, client=client_address(request))
        except SignInFailed:
            form.add_error(None, f"E-mail and password do not match. Please check both{otherwise}")
        except CustomerNeeded:
            form.add_error(
                None, "This can be booked by members or with prepaid credits only; your account has neither."
            )
        except TooManyAttempts:
            form.add_error(None, f"Too many attempts. Please wait a quarter of an hour{otherwise}")
            status = 429
        except TimeGone:
            return offer_other_times(request, draft)
        else:
            return _onward(request, draft, saved, "details")
    return draft_page(
        request, draft, "sign-in", {"form": form, "problems": problems_of(form), "needed": needed}, status=status
    )


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def sign_out(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    if request.method != "POST" or draft.state.placed:
        return see_other(step_url(draft))
    return see_other(step_url(journey.sign_out(draft)))


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def participants(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    if too_early(draft, "participants"):
        return see_other(step_url(draft))
    if "hold" in request.POST:
        return _hold_again(request, draft, "participants")
    state = draft.state
    form = ParticipantsForm(
        request.POST if request.method == "POST" else None,
        places=places_of(state.choice.wishes.party, catalogue.find_people_categories()),
        custom_fields=catalogue.get_custom_fields(),
        linked_people=customers.find_linked_people(state.customer_id) if state.signed_in else (),
        known=state.participants,
        typed=dict(state.typed),
    )
    if request.method == "POST" and form.is_valid():
        return onward(request, step_url(journey.save_participants(draft, form.to_participants())))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "problems": problems_of(*form.forms), **_price(draft)}
    return draft_page(request, draft, "participants", context, status=status)


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def check(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    if too_early(draft, "check"):
        return see_other(step_url(draft))
    if request.method != "POST":
        return _show_check(request, draft)
    if "hold" in request.POST:
        return _hold_again(request, draft, "check")
    consent = ConsentForm(request.POST)
    if not consent.is_valid():
        return _show_check(request, draft, consent=consent, status=422)
    return _book(request, draft)


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def code(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    """Apply a promotion or voucher, or take it off again."""
    if request.method != "POST" or too_early(draft, "check"):
        return see_other(step_url(draft))
    form = CodeForm(request.POST)
    try:
        if "remove" in request.POST:
            return see_other(page_url(journey.remove_codes(draft), "check"))
        if form.is_valid():
            return see_other(page_url(journey.apply_code(draft, form.cleaned_data["code"]), "check"))
    except CodeRefused:
        form.add_error("code", "This code is not valid for this booking. Your price has stayed the same.")
    except TimeGone:
        return offer_other_times(request, draft)
    return _show_check(request, draft, code_form=form, status=422)


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
@opened_while_pressed
def checking(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    """The answer of a press is lost or late: look it up, and say so until it is known."""
    try:
        settled = journey.settle(draft)
    except (OutcomeUnknown, Unavailable):
        response = draft_page(request, draft, "checking", {})
        response.headers["Refresh"] = "3"
        return response
    return see_other(step_url(settled))


@require_safe
@opened
def confirmed(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    placed = draft.state.placed
    if placed is None:
        return see_other(step_url(draft))
    person = person_of(draft.state, {})
    context = {
        "ticket": _ticket(draft, placed, person.first_name if person else ""),
        "person": person,
        "rule": cancellation_rule(placed.start, placed.total),
        "meeting_note": settings.MEETING_NOTE,
        "payment_note": settings.PAYMENT_NOTE,
    }
    return draft_page(request, draft, "confirmed", context)


@require_safe
@opened
def calendar(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    placed = draft.state.placed
    if placed is None:
        return see_other(step_url(draft))
    address = catalogue.get_business().street_address
    place = ", ".join(filter(None, (address.address1, address.postcode, address.city))) if address else ""
    content = calendar_file(
        booking_number=placed.booking_number,
        title=draft_summary(draft).product_name,
        place=place,
        start=placed.start,
        end=placed.end,
        classes=draft.state.choice.classes,
        accepted=placed.accepted,
    )
    name = f"booking-{placed.booking_number}.ics"
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _hold_again(request: HttpRequest, draft: OpenDraft, name: str) -> HttpResponse:
    """More time, or new time. What stands in the form of the page is kept, however unfinished."""
    typed = {field: str(value) for field, value in request.POST.items() if field not in {"key", "hold"}}
    try:
        draft = journey.hold_again(draft)
    except TimeGone:
        return offer_other_times(request, journey.keep_typed(draft, typed))
    if not is_partial(request):  # htmx changes the box of the hold alone; the form stays as it is
        draft = journey.keep_typed(draft, typed)
    return see_other(page_url(draft, name))


def _book(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    try:
        return onward(request, page_url(journey.book(draft), "confirmed"))
    except OutcomeUnknown:
        return onward(request, page_url(draft, "checking"))
    except TimeGone:
        return offer_other_times(request, draft)
    except journey.PriceChanged:
        notice = (
            "The holding time was over. Your places are held again, but the price has changed: please look once more."
        )
    except CodeRefused:
        notice = "Nothing was booked yet, because the price is another one now: please look once more."
    except Unavailable:
        notice = "The calendar does not answer just now, and nothing was booked. Please press again in a moment."
        return _show_check(request, open_draft(draft.token), problem=notice, status=503)
    except DetailsRejected:
        return _show_check(
            request, draft, problem="Something in this booking was not accepted. Please check each line.", status=422
        )
    return _show_check(request, open_draft(draft.token), problem=notice, status=409)


def _show_check(
    request: HttpRequest,
    draft: OpenDraft,
    *,
    consent: ConsentForm | None = None,
    code_form: CodeForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    state = draft.state
    consent, code_form = consent or ConsentForm(), code_form or CodeForm()
    context: dict[str, Any] = {
        **_price(draft),
        **_person(draft),
        "answers": answers_to_text_options(state, catalogue.get_product(state.product_id)),
        "participants": participant_lines(state, catalogue.find_people_categories()),
        "rule": cancellation_rule(state.choice.start, state.hold.price.total_gross if state.hold else None),
        "terms_url": settings.TERMS_URL,
        "consent": consent,
        "code_form": code_form,
        "problems": problems_of(consent, code_form),
        "codes": codes_text(state.codes),
        "problem": problem or (NOT_THERE if state.in_doubt else ""),
    }
    return draft_page(request, draft, "check", context, status=status)


def _details_form(request: HttpRequest, draft: OpenDraft) -> DetailsForm | TextOptionsForm:
    data = request.POST if request.method == "POST" else None
    product, initial = catalogue.get_product(draft.state.product_id), DetailsForm.initial_from(draft.state)
    if draft.state.signed_in:
        return TextOptionsForm(data, product=product, initial=initial)
    return DetailsForm(data, product=product, custom_fields=catalogue.get_custom_fields(), initial=initial)


def _onward(request: HttpRequest, before: OpenDraft, after: OpenDraft, name: str) -> HttpResponse:
    """To the next step. When the draft has moved, the script is told where the page being left lives now, so that Back
    leads there and not to the old address."""
    response = onward(request, step_url(after))
    if is_partial(request) and before.token != after.token:
        return trigger_client_event(response, "draft-moved", {"address": page_url(after, name)})
    return response


def _price(draft: OpenDraft) -> dict[str, Any]:
    state = draft.state
    if state.hold is None:
        return {"price": None}
    product = catalogue.get_product(state.product_id)
    return {
        "price": price_box(state.hold, state.estimate, catalogue.find_taxes(), product),
        "refused_codes": codes_text(state.refused_codes),
    }


def _ticket(draft: OpenDraft, placed: Placed, first_name: str) -> Ticket:
    hold = draft.state.hold
    credits_used = hold.applicable_prepaid_credits if hold else None
    return ticket_of(placed, first_name, catalogue.get_product(draft.state.product_id), credits_used or 0)


def _person(draft: OpenDraft) -> dict[str, Any]:
    fields = catalogue.get_custom_fields()
    kinds = (fields.choice_fields, fields.number_fields, fields.on_off_fields, fields.text_fields)
    names = {definition.id: definition.name for kind in kinds for definition in kind or ()}
    return {"person": person_of(draft.state, names)}
