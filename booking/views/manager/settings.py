"""The owner's settings: one page for each section."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from booking.forms.manager.settings import (
    EmbedForm,
    LookForm,
    MailsForm,
    QuestionsForm,
    RulesForm,
    SectionForm,
    SecurityForm,
    TextsForm,
)
from booking.forms.problems import problems_of
from booking.presenters.manager.settings import SECTIONS, frame_snippet, link_snippet, section_lines
from booking.services import business_settings, catalogue, logos, second_factors
from booking.services.audit import Kind, audited
from booking.services.business_settings import BusinessSettings
from booking.services.errors import DetailsRejected, NotFound
from booking.services.staff_acts import Act
from booking.views.framing import PREFIX
from booking.views.http import page, see_other
from booking.views.manager.access import actor_of, may, told

FORMS: dict[str, type[SectionForm]] = {
    "rules": RulesForm,
    "texts": TextsForm,
    "look": LookForm,
    "embed": EmbedForm,
    "mails": MailsForm,
}
CHANGED_MEANWHILE = "Somebody changed these settings while you had them open. Look at them here, and save again."


@require_safe
@may(Act.CHANGE_SETTINGS)
def settings_list(request: HttpRequest) -> HttpResponse:
    return page(request, "manager/settings_list.html", {"lines": section_lines(business_settings.current())})


@require_http_methods(["GET", "HEAD", "POST"])
@may(Act.CHANGE_SETTINGS)
def settings_section(request: HttpRequest, name: str) -> HttpResponse:
    if name not in SECTIONS:
        raise NotFound
    form = _form(request, name)
    if request.method != "POST":
        return _show(request, name, form)
    if request.POST.get("seen") != business_settings.stamp(form.settings):
        return _show_what_is_saved(request, name, form.entered())
    if not form.is_valid() or not _saved(request, name, form):
        return _show(request, name, form, status=422)
    told(request, f"{SECTIONS[name].title}: saved.")
    return see_other(reverse("manager:settings-list"))


def _saved(request: HttpRequest, name: str, form: SectionForm) -> bool:
    """False when the file is no picture: only its content tells."""
    try:
        with audited(actor_of(request), Act.CHANGE_SETTINGS, kind=Kind.SETTINGS, subject=name) as entry:
            values = form.to_settings()
            file = form.cleaned_data.get("logo")
            if file is not None:
                values["logo"] = logos.keep(file.read())
            for setting, (before, after) in business_settings.save(**values).items():
                entry.changed(setting, before, after)
    except DetailsRejected:
        form.add_error("logo" if "logo" in form.fields else None, "This is no picture that we can show.")
        return False
    return True


def _form(request: HttpRequest, name: str, *, posted: bool = True) -> SectionForm:
    now = business_settings.current()
    given = (request.POST, request.FILES) if posted and request.method == "POST" else (None, None)
    if name == "questions":
        return QuestionsForm(*given, now=now, products=catalogue.find_products())
    if name == "security":
        return SecurityForm(*given, now=now, has_factor=second_factors.has_one(request.user))
    return FORMS[name](*given, now=now)


def _show(
    request: HttpRequest,
    name: str,
    form: SectionForm,
    *,
    problem: str = "",
    entered: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    section = SECTIONS[name]
    context: dict[str, Any] = {
        "name": name,
        "title": section.title,
        "purpose": section.purpose,
        "form": form,
        "problems": problems_of(form),
        "problem": problem,
        "entered": entered,
        "seen": business_settings.stamp(form.settings),
    }
    if name == "embed":
        context |= _snippets(request, business_settings.current())
    return page(request, "manager/settings_section.html", context, status=status)


def _show_what_is_saved(request: HttpRequest, name: str, entered: list[tuple[str, str]]) -> HttpResponse:
    """Somebody else saved meanwhile: their values, and beside them what was entered here."""
    saved = _form(request, name, posted=False)
    return _show(request, name, saved, problem=CHANGED_MEANWHILE, entered=entered, status=409)


def _snippets(request: HttpRequest, now: BusinessSettings) -> dict[str, Any]:
    """What the owner pastes into another site: for one product, or for all of them."""
    products = catalogue.find_products()
    chosen = next((p for p in products if p.product_id == request.GET.get("product")), None)
    page_path = (
        reverse("booking:product-detail", args=[chosen.product_id]) if chosen else reverse("booking:product-list")
    )
    link = request.build_absolute_uri(page_path)
    title = f"Book: {chosen.name}" if chosen else "Book a time"
    return {
        "products": [(p.product_id, p.name, p is chosen) for p in products],
        "link_snippet": link_snippet(link),
        "frame_snippet": frame_snippet(request.build_absolute_uri(f"{PREFIX}{page_path[1:]}"), link, title),
        "has_sites": bool(now.embed_origins),
    }
