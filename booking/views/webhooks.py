"""Where Bookeo posts its notifications. Whoever is not Bookeo learns nothing here."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.db import Error as DatabaseFault
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from booking import tasks
from booking.services import metrics, webhooks
from booking.services.webhooks import Receipt

logger = logging.getLogger("booking.webhooks")

# A message holds one booking or customer: a few kilobytes.
BODY_LIMIT = 256 * 1024
STATUS = {
    Receipt.ACCEPTED: HTTPStatus.NO_CONTENT,
    Receipt.REPEATED: HTTPStatus.NO_CONTENT,
    Receipt.FORGED: HTTPStatus.UNAUTHORIZED,
    Receipt.MALFORMED: HTTPStatus.BAD_REQUEST,
}
OVERSIZED, NO_JSON, NO_DATABASE = "oversized", "no_json", "no_database"


@csrf_exempt
@require_POST
def bookeo(request: HttpRequest) -> HttpResponse:
    """Take a message, and answer before anything is done about it."""
    if not settings.WEBHOOK_URL:
        raise Http404
    if "json" not in (request.content_type or "json"):
        return _answer(NO_JSON, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = _body(request)
    if len(body) > BODY_LIMIT:
        return _answer(OVERSIZED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    domain, kind = request.GET.get("domain", ""), request.GET.get("type", "")
    try:
        receipt = webhooks.receive(domain, kind, request.headers, body)
    except DatabaseFault as error:
        logger.error("a notification cannot be kept (%s): Bookeo has to send it again", type(error).__name__)
        return _answer(NO_DATABASE, HTTPStatus.SERVICE_UNAVAILABLE)
    if receipt == Receipt.ACCEPTED:
        tasks.ask(tasks.READ_MESSAGES)
    return _answer(receipt, STATUS[receipt])


def _body(request: HttpRequest) -> bytes:
    """As it was received, and one byte more than is allowed at most. One that comes in chunks announces no length."""
    stream = request.META["wsgi.input"] if request.META.get("wsgi.input_terminated") else request
    return bytes(stream.read(BODY_LIMIT + 1))


def _answer(outcome: str, status: HTTPStatus) -> HttpResponse:
    metrics.webhook_messages.labels(outcome).inc()
    return HttpResponse(status=status)
