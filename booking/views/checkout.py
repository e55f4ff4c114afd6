"""From a chosen time to a booking. Each view is one address; what it shows, the draft says."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from booking.drafts import OpenDraft, journey, open_draft
from booking.forms.details import CodeForm, ConsentForm, DetailsForm, SignInForm
from booking.forms.problems import problems_of
from booking.presenters.calendar import calendar_file
from booking.services import catalogue
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
from booking.views.checkout_pages import (
    details_form,
    go_on,
    participants_form,
    posted,
    show_check,
    show_confirmed,
    show_details,
    show_participants,
    typed_in,
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
from booking.views.http import as_file, client_address, is_partial, onward, own_posts_only, see_other

CHANGED = (
    "Something was changed after this page had been shown, perhaps in another window. "
    "This is your booking now: please look once more."
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
    form = details_form(draft, posted(request))
    if request.method != "POST" or not form.is_valid():
        return show_details(request, draft, form)
    if isinstance(form, DetailsForm):
        saved = journey.save_details(draft, form.to_contact(), form.to_text_options())
    else:
        saved = journey.save_text_options(draft, form.to_text_options())
    return go_on(request, draft, saved, "details")


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
            return go_on(request, draft, saved, "details")
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
    form = participants_form(draft, posted(request))
    if request.method != "POST" or not form.is_valid():
        return show_participants(request, draft, form)
    return go_on(request, draft, journey.save_participants(draft, form.to_participants()), "participants")


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def check(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    if too_early(draft, "check"):
        return see_other(step_url(draft))
    if request.method != "POST":
        return show_check(request, draft)
    if "hold" in request.POST:
        return _hold_again(request, draft, "check")
    seen = draft.state.fingerprint
    if request.POST.get("seen", seen) != seen:
        return show_check(request, draft, problem=CHANGED, status=409)
    consent = ConsentForm(request.POST)
    if not consent.is_valid():
        return show_check(request, draft, consent=consent, status=422)
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
    return show_check(request, draft, code_form=form, status=422)


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
    return show_confirmed(request, draft)


@require_safe
@opened
def calendar(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    placed = draft.state.placed
    if placed is None:
        return see_other(step_url(draft))
    address = catalogue.get_business().street_address
    town = " ".join(filter(None, (address.postcode, address.city))) if address else ""
    place = ", ".join(filter(None, (address.address1, town))) if address else ""
    content = calendar_file(
        booking_number=placed.booking_number,
        title=draft_summary(draft).product_name,
        place=place,
        start=placed.start,
        end=placed.end,
        classes=draft.state.choice.classes,
        accepted=placed.accepted,
    )
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    return as_file(answer, f"booking-{placed.booking_number}.ics")


def _hold_again(request: HttpRequest, draft: OpenDraft, name: str) -> HttpResponse:
    """More time, or new time. What stands in the form of the page is kept, however unfinished."""
    typed = typed_in(request.POST)
    try:
        draft = journey.hold_again(draft)
    except TimeGone:
        return offer_other_times(request, journey.keep_typed(draft, typed))
    if not is_partial(request):  # htmx changes the box of the hold alone; the form stays as it is
        draft = journey.keep_typed(draft, typed)
    return see_other(page_url(draft, name))


def _book(request: HttpRequest, draft: OpenDraft) -> HttpResponse:
    try:
        return go_on(request, draft, journey.book(draft), "check")
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
        return show_check(request, open_draft(draft.token), problem=notice, status=503)
    except DetailsRejected:
        return show_check(
            request, draft, problem="Something in this booking was not accepted. Please check each line.", status=422
        )
    return show_check(request, open_draft(draft.token), problem=notice, status=409)
