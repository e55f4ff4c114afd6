"""Payments of the whole account by the time they were received: the evening's cash-up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from booking.forms.manager.payment_filters import PaymentFiltersForm
from booking.forms.problems import problems_of
from booking.presenters.manager import payment_list as presenter
from booking.services import days, payments
from booking.services.staff_acts import Act
from booking.views.http import page
from booking.views.manager.access import allowed, may


@require_safe
@may(Act.TAKE_PAYMENT)
def payment_list(request: HttpRequest) -> HttpResponse:
    form = PaymentFiltersForm(request.GET or {"first": str(days.today()), "last": str(days.today())})
    if not form.is_valid():
        return page(request, "manager/payment_list.html", {"form": form, "problems": problems_of(form)}, status=422)
    received = form.to_filters()
    found = payments.find_received(received)
    context: dict[str, Any] = {
        "form": form,
        "heading": presenter.heading(received, days.today()),
        "lines": [presenter.payment_line(payment) for payment in found],
        "sums": presenter.sums(found),
        "asked": [(name, form.data[name]) for name in form.fields if form.data.get(name)],
        "may_export": allowed(request, Act.EXPORT),
    }
    return page(request, "manager/payment_list.html", context)
