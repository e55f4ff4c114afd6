"""Where notifications go (reference 6.7, 8)."""

from __future__ import annotations

from booking.bookeo.models import Listing, Webhook, WebhookInput, to_wire
from booking.bookeo.operations.base import Operations


class WebhookOperations(Operations):
    """Keeping the list of webhooks."""

    def list_webhooks(self, *, lang: str | None = None) -> tuple[Webhook, ...]:
        """The webhooks of this key; look for a ``blocked_time`` once a day (reference 6.7)."""
        return self._read("list_webhooks", ("webhooks",), Listing[Webhook], {}, lang).data

    def create_webhook(self, *, webhook: WebhookInput, lang: str | None = None) -> Webhook:
        """Register an address in place of the one of the same domain and type (reference 6.7)."""
        return self._write(
            "create_webhook",
            "POST",
            ("webhooks",),
            to_wire(webhook),
            Webhook,
            reread=lambda webhook_id: self.get_webhook(webhook_id=webhook_id, lang=lang),
            query={},
            lang=lang,
        )

    def get_webhook(self, *, webhook_id: str, lang: str | None = None) -> Webhook:
        """Read a webhook (reference 6.7)."""
        return self._read("get_webhook", ("webhooks", webhook_id), Webhook, {}, lang)

    def delete_webhook(self, *, webhook_id: str, lang: str | None = None) -> None:
        """Remove a webhook; one that is gone already counts as removed (reference 6.7, 2.9)."""
        self._delete_if_there("delete_webhook", ("webhooks", webhook_id), lang)
