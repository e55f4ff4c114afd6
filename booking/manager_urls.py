"""Every address of the manager area, and the view that answers it. Who may see it, the view says (`access.may`)."""

from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from booking.views.manager import (
    audit_log,
    booking_payments,
    bookings,
    bulk,
    cancellation,
    changing,
    customers,
    day,
    editing,
    exports,
    find,
    members,
    moving,
    ordering,
    ordering_for,
    payment_list,
    reports,
    settings,
    start,
)


class NumberConverter(SlugConverter):
    """A booking's number, no longer than our columns."""

    regex = "[-a-zA-Z0-9_]{1,64}"


register_converter(NumberConverter, "number")

app_name = "manager"

urlpatterns = [
    path("", start.start, name="start"),
    path("day/", day.day, name="day"),
    path("day/<slug:day>/", day.day_of, name="day-of"),
    path("day/<slug:day>/manifest/", day.manifest, name="manifest"),
    path("bookings/<number:number>/", bookings.booking_detail, name="booking-detail"),
    path("bookings/<number:number>/check-in/", day.check_in, name="check-in"),
    path("bookings/<number:number>/payment/", booking_payments.payment, name="booking-payment"),
    path("bookings/<number:number>/refund/", booking_payments.refund, name="booking-refund"),
    path(
        "bookings/<number:number>/payments/<str:payment_id>/receipt/", booking_payments.receipt, name="booking-receipt"
    ),
    path("bookings/<number:number>/cancel/", cancellation.cancellation, name="booking-cancellation"),
    path("bookings/<number:number>/move/", moving.move, name="booking-move"),
    path("bookings/<number:number>/edit/", editing.edit, name="booking-edit"),
    path("bookings/<number:number>/change/<str:token>/", changing.change, name="booking-change"),
    path("book/", ordering.book, name="book"),
    path("book/<str:token>/", ordering_for.book_who, name="book-who"),
    path("book/<str:token>/check/", ordering_for.book_check, name="book-check"),
    path("staff/", members.member_list, name="member-list"),
    path("staff/new/", members.member_new, name="member-new"),
    path("staff/<int:member_id>/", members.member_detail, name="member-detail"),
    path("staff/<int:member_id>/role/", members.member_role, name="member-role"),
    path("staff/<int:member_id>/let-go/", members.member_let_go, name="member-let-go"),
    path("staff/<int:member_id>/take-back/", members.member_take_back, name="member-take-back"),
    path("staff/<int:member_id>/second-factor/", members.member_second_factor, name="member-second-factor"),
    path("staff/<int:member_id>/link/", members.member_link, name="member-link"),
    path("find/", find.find, name="find"),
    path("find/export/", exports.booking_export, name="booking-export"),
    path("find/found/export/", exports.found_export, name="found-export"),
    path("payments/", payment_list.payment_list, name="payment-list"),
    path("payments/export/", exports.payment_export, name="payment-export"),
    path("reports/", reports.report, name="report"),
    path("reports/export/", reports.report_export, name="report-export"),
    path("customers/", customers.customer_list, name="customer-list"),
    path("customers/export/", exports.customer_export, name="customer-export"),
    path("customers/<str:customer_id>/", customers.customer_detail, name="customer-detail"),
    path("customers/<str:customer_id>/edit/", customers.customer_edit, name="customer-edit"),
    path("customers/<str:customer_id>/delete/", customers.customer_delete, name="customer-delete"),
    path("customers/<str:customer_id>/people/<str:person_id>/", customers.person_edit, name="person-edit"),
    path("customers/<str:customer_id>/people/<str:person_id>/delete/", customers.person_delete, name="person-delete"),
    path("bulk/", bulk.bulk_list, name="bulk-list"),
    path("bulk/new/", bulk.bulk_new, name="bulk-new"),
    path("bulk/preview/", bulk.bulk_preview_page, name="bulk-preview"),
    path("bulk/<uuid:run_id>/", bulk.bulk_run, name="bulk-run"),
    path("bulk/<uuid:run_id>/undo/", bulk.bulk_undo, name="bulk-undo"),
    path("bulk/<uuid:run_id>/retry/", bulk.bulk_retry, name="bulk-retry"),
    path("bulk/<uuid:run_id>/report.csv", bulk.bulk_report, name="bulk-report"),
    path("audit/", audit_log.audit_list, name="audit-list"),
    path("audit.csv", audit_log.audit_export, name="audit-export"),
    path("settings/", settings.settings_list, name="settings-list"),
    path("settings/<slug:name>/", settings.settings_section, name="settings-section"),
    path("welcome/<int:member_id>/<slug:key>/", members.welcome, name="welcome"),
]
