"""The pages of the checkout: what each of them shows of its draft, and the way from one to the next."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django_htmx.http import push_url, replace_url, reselect, reswap, retarget, trigger_client_event

from booking.drafts import OpenDraft, journey
from booking.forms.details import CodeForm, ConsentForm, DetailsForm, TextOptionsForm
from booking.forms.participants import ParticipantsForm, places_of
from booking.forms.problems import problems_of
from booking.presenters.checkout import answers_to_text_options, participant_lines, person_of
from booking.presenters.price import codes_text, price_box
from booking.presenters.rules import cancellation_rule
from booking.presenters.ticket import ticket_of
from booking.services import business_settings, catalogue, customers, policies
from booking.services.errors import Unavailable
from booking.views.drafting import draft_page, page_url, step_name, step_url
from booking.views.http import is_partial, see_other

NOT_FIELDS = {"key", "hold"}
NOT_THERE = (
    "Your last press did not come through. We have looked for your booking, and there is none: nothing was booked and "
    "nothing is charged. Please press again."
)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form sent; None on a visit."""
    return request.POST if request.method == "POST" else None


def typed_in(data: QueryDict) -> dict[str, str]:
    """What stands in the form of the page, however unfinished."""
    return {field: str(value) for field, value in data.items() if field not in NOT_FIELDS}


def details_form(draft: OpenDraft, data: QueryDict | None = None) -> DetailsForm | TextOptionsForm:
    """What is still asked: everything of a guest, only the product's own questions of somebody who is signed in."""
    product, initial = catalogue.get_product(draft.state.product_id), DetailsForm.initial_from(draft.state)
    if draft.state.signed_in:
        return TextOptionsForm(data, product=product, initial=initial)
    return DetailsForm(
        data,
        product=product,
        custom_fields=catalogue.get_custom_fields(),
        address_asked=business_settings.current().address_asked,
        initial=initial,
    )


def show_details(request: HttpRequest, draft: OpenDraft, form: DetailsForm | TextOptionsForm) -> HttpResponse:
    context = {"form": form, "problems": problems_of(form), **_price(draft), **_person(draft)}
    return draft_page(request, draft, "details", context, status=422 if form.is_bound else 200)


def participants_form(draft: OpenDraft, data: QueryDict | None = None) -> ParticipantsForm:
    """Who is coming. When the people to choose from cannot be read, what was typed is kept."""
    state = draft.state
    try:
        linked_people = customers.find_linked_people(state.customer_id) if state.signed_in else ()
    except Unavailable:
        if data is not None:
            journey.keep_typed(draft, typed_in(data))
        raise
    return ParticipantsForm(
        data,
        places=places_of(state.choice.wishes.party, catalogue.find_people_categories()),
        custom_fields=catalogue.get_custom_fields(),
        linked_people=linked_people,
        known=state.participants,
        typed=dict(state.typed),
    )


def show_participants(request: HttpRequest, draft: OpenDraft, form: ParticipantsForm) -> HttpResponse:
    context = {"form": form, "problems": problems_of(*form.forms), **_price(draft)}
    return draft_page(request, draft, "participants", context, status=422 if form.is_bound else 200)


def show_check(
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
        "rule": cancellation_rule(
            policies.cancellation(), state.choice.start, state.hold.price.total_gross if state.hold else None
        ),
        "terms_url": business_settings.current().terms_url,
        "consent": consent,
        "code_form": code_form,
        "problems": problems_of(consent, code_form),
        "codes": codes_text(state.codes),
        "problem": problem or (NOT_THERE if state.in_doubt else ""),
    }
    return draft_page(request, draft, "check", context, status=status)


def show_confirmed(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    state, placed = draft.state, draft.state.placed
    if placed is None:
        return see_other(step_url(draft))
    person, chosen = person_of(state, {}), business_settings.current()
    credits_used = (state.hold.applicable_prepaid_credits or 0) if state.hold else 0
    product = catalogue.get_product(state.product_id)
    context = {
        "ticket": ticket_of(placed, person.first_name if person else "", product, credits_used),
        "person": person,
        "rule": cancellation_rule(policies.cancellation(), placed.start, placed.total),
        "meeting_note": chosen.meeting_note,
        "payment_note": chosen.payment_note,
    }
    return draft_page(request, draft, "confirmed", context)


def go_on(request: HttpRequest, before: OpenDraft, after: OpenDraft, left: str) -> HttpResponse:
    """To the next step: by its address, or with htmx at once in place of the page `left`.

    When the draft has moved, the script is told where the page being left lives now, so that Back leads there and not
    to the old address.
    """
    if not is_partial(request):
        return see_other(step_url(after))
    name = step_name(after)
    response = _instead_of_the_page(_SHOWN[name](request, after))
    keep = replace_url if name == left else push_url
    keep(response, page_url(after, name))
    if before.token != after.token:
        trigger_client_event(response, "draft-moved", {"address": page_url(after, left)})
    return response


def _instead_of_the_page(response: HttpResponse) -> HttpResponse:
    """The whole body, so that nothing of the page before is seen to move."""
    return reselect(reswap(retarget(response, "body"), "innerHTML"), "unset")


_SHOWN: dict[str, Callable[[HttpRequest, OpenDraft], HttpResponse]] = {
    "details": lambda request, draft: show_details(request, draft, details_form(draft)),
    "participants": lambda request, draft: show_participants(request, draft, participants_form(draft)),
    "check": show_check,
    "confirmed": show_confirmed,
}


def _price(draft: OpenDraft) -> dict[str, Any]:
    state = draft.state
    if state.hold is None:
        return {"price": None}
    product = catalogue.get_product(state.product_id)
    return {
        "price": price_box(
            state.hold,
            state.estimate,
            catalogue.find_taxes(),
            product,
            payment_note=business_settings.current().payment_note,
        ),
        "refused_codes": codes_text(state.refused_codes),
    }


def _person(draft: OpenDraft) -> dict[str, Any]:
    fields = catalogue.get_custom_fields()
    kinds = (fields.choice_fields, fields.number_fields, fields.on_off_fields, fields.text_fields)
    names = {definition.id: definition.name for kind in kinds for definition in kind or ()}
    return {"person": person_of(draft.state, names)}
