"""What was sent to Bookeo."""

from typing import Any

import responses


def sent(mock: responses.RequestsMock) -> list[Any]:
    """The requests in their order. `params` is the decoded query, which the type of a request does not know."""
    return [call.request for call in mock.calls]
