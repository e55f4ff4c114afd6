"""What every call to Bookeo passes: breaker, budget, deadline; and what the gate learns from each answer."""

import time
from collections.abc import Iterator

import pytest
import responses

from booking.bookeo import Bookeo, BudgetSpent, CircuitOpen, RateLimited
from booking.services import cache
from booking.services.breaker import FAILURES, Breaker
from booking.services.budget import Budget, Grant
from booking.services.errors import Unavailable, bookeo_errors_translated
from booking.services.lanes import Lane, lane
from booking.services.upstream import UpstreamGate
from tests.services.answers import answer, error
from tests.services.conftest import BASE


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    cache.forget_everything()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock
    cache.forget_everything()


PLENTY = Grant(1000, 10)


def _client(grant: Grant = PLENTY, breaker: Breaker | None = None) -> Bookeo:
    gate = UpstreamGate(Budget("key", grant), breaker or Breaker())
    return Bookeo(base_url=BASE, secret_key="secret", api_key="key", gate=gate, observe=gate.observe)


def test_each_repeat_of_a_read_costs_a_call_of_the_budget(mock: responses.RequestsMock) -> None:
    answer(mock, "GET", "/settings/languages", error(503, "Busy"), status=503)
    client = _client(Grant(2, 30))
    with lane(Lane.CHECKOUT, seconds=2), pytest.raises(BudgetSpent) as spent:
        client.list_languages()
    assert len(mock.calls) == 2
    assert spent.value.retry_after > 20
    assert not spent.value.outcome_unknown


def test_dead_upstream_is_not_called_again_and_again(mock: responses.RequestsMock) -> None:
    answer(mock, "POST", "/holds", error(500, "Internal error"), status=500)
    answer(mock, "GET", "/settings/languages", {"data": []})
    breaker = Breaker()
    client = _client(breaker=breaker)
    for _ in range(FAILURES):
        breaker.report(failed=True)
    began = time.monotonic()
    with pytest.raises(CircuitOpen):
        client.list_languages()
    assert time.monotonic() - began < 0.5
    assert len(mock.calls) == 0


def test_429_is_honoured_by_the_next_call_without_sleeping(mock: responses.RequestsMock) -> None:
    answer(mock, "GET", "/settings/languages", {**error(429, "Too many"), "retryAfter": 25}, status=429)
    client = _client()
    began = time.monotonic()
    with pytest.raises(RateLimited):
        client.list_languages()
    with lane(Lane.CHECKOUT, seconds=0.2), pytest.raises(BudgetSpent) as spent:
        client.list_languages()
    assert 20 < spent.value.retry_after <= 25
    assert time.monotonic() - began < 2
    assert len(mock.calls) == 1


def test_call_that_is_held_back_becomes_a_page_with_a_time_to_return(mock: responses.RequestsMock) -> None:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.report(failed=True)
    with pytest.raises(Unavailable) as unavailable, bookeo_errors_translated():
        _client(breaker=breaker).list_languages()
    assert unavailable.value.retry_after == 10


def test_request_that_has_used_up_its_time_is_not_sent(mock: responses.RequestsMock) -> None:
    answer(mock, "GET", "/settings/languages", {"data": []})
    client = _client(Grant(1, 30))
    client.list_languages()
    with lane(Lane.BROWSING, seconds=0):
        began = time.monotonic()
        with pytest.raises(BudgetSpent):
            client.list_languages()
    assert time.monotonic() - began < 0.5
