"""Promotion codes and gift vouchers as customers type them (reference 4.5). A bad one refuses the whole request."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.call import Call
from sandbox.catalogue import Product, Promotion, Voucher
from sandbox.errors import bad_request


@dataclass(frozen=True)
class Codes:
    """The codes of one request, looked up."""

    promotions: tuple[Promotion, ...] = ()
    vouchers: tuple[Voucher, ...] = ()

    @property
    def specific(self) -> Voucher | None:
        """The voucher that pays for a service, at most one."""
        return next((voucher for voucher in self.vouchers if voucher.is_specific), None)


def look_up(call: Call, product: Product, promotion_input: str | None, voucher_input: str | None) -> Codes:
    """The codes, or a 400 with the word promotion or voucher in its text."""
    promotions = tuple(_promotion(call, code) for code in _split(promotion_input))
    vouchers = tuple(_voucher(call, product, code) for code in _split(voucher_input))
    if sum(voucher.is_specific for voucher in vouchers) > 1:
        raise bad_request("Only one gift voucher for a specific service can be used")
    return Codes(promotions, vouchers)


def _split(text: str | None) -> list[str]:
    codes = [code.strip().upper() for code in (text or "").split(",")]
    return list(dict.fromkeys(code for code in codes if code))


def _promotion(call: Call, code: str) -> Promotion:
    promotion = next((known for known in call.account.promotions if known.code == code), None)
    if promotion is None:
        raise bad_request("The promotion code entered is not valid")
    if promotion.expired:
        raise bad_request("The promotion has expired")
    return promotion


def _voucher(call: Call, product: Product, code: str) -> Voucher:
    voucher = next((known for known in call.account.vouchers if known.code == code), None)
    if voucher is None:
        raise bad_request("The gift voucher code entered is not valid")
    if voucher.is_specific and voucher.product_id != product.id:
        raise bad_request("The gift voucher is for a different service")
    return voucher
