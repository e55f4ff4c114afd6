"""One booking, on one page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from booking.presenters.manager.booking import booking_page
from booking.services import audit_log, booking_changes, catalogue, check_ins, desk_payments
from booking.services.audit_log import Filters
from booking.services.errors import NotFound
from booking.services.key_permissions import PermissionMissing
from booking.services.staff_acts import Act
from booking.views.http import page
from booking.views.manager.access import allowed, may
from booking.views.manager.find import number_unknown


@require_safe
@may(Act.SEE_BOOKING)
def booking_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Two calls to Bookeo: the booking with its people, and its payments."""
    try:
        booking = booking_changes.get_booking(number)
    except NotFound:
        if not allowed(request, Act.FIND_BOOKINGS):
            raise
        return number_unknown(request, number)
    try:
        payments, lacking = desk_payments.find_payments_of(number), ""
    except PermissionMissing as error:
        payments, lacking = None, str(error.permission)
    shown = booking_page(
        booking,
        payments,
        categories=catalogue.find_people_categories(),
        taxes=catalogue.find_taxes(),
        entries=audit_log.find_entries(Filters(subject=number)).entries,
        mark=check_ins.find_marks([number]).get(number),
    )
    context = {"booking": shown, "lacking": lacking, **_acts(request)}
    return page(request, "manager/booking_detail.html", context)


def _acts(request: HttpRequest) -> dict[str, bool]:
    """What the person may do with it, by the page's names."""
    return {
        "may_check_in": allowed(request, Act.CHECK_IN),
        "may_take_payment": allowed(request, Act.TAKE_PAYMENT),
        "may_refund": allowed(request, Act.REFUND),
        "may_cancel": allowed(request, Act.CANCEL_BOOKING),
        "may_move": allowed(request, Act.MOVE_BOOKING),
        "may_book": allowed(request, Act.BOOK_FOR_CUSTOMER),
        "may_find": allowed(request, Act.FIND_BOOKINGS),
    }
