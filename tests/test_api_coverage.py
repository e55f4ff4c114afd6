"""Nothing of the API is forgotten."""

import pytest

from tests.api_coverage import DOCUMENT, Row, document, rows

SEED = [row for row in rows() if row.seed]


def test_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text() == document(), "run: python -m tests.api_coverage"


def test_seed_has_twenty_two_operations() -> None:
    assert len(SEED) == 22


@pytest.mark.parametrize("row", SEED, ids=lambda row: f"{row.verb} {row.path}")
def test_seed_operation_has_method_service_answer_and_test(row: Row) -> None:
    assert row.method
    assert row.services
    assert row.answer != "–"
    assert row.tests


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.verb} {row.path}")
def test_every_operation_has_a_method_and_an_answer(row: Row) -> None:
    assert row.method
    assert row.answer != "–"
