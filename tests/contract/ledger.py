"""Counts what was held against the document, and keeps what did not fit until the test that did it has failed."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from tests.contract.checks import Answered, Sent, answer_problems, request_problems


class ContractBroken(AssertionError):
    """A request or an answer that the OpenAPI document does not allow."""


@dataclass
class Ledger:
    """The exchanges of one run. `bad_requests_wanted` says that the running test breaks the contract on purpose."""

    requests: int = 0
    answers: int = 0
    violations: int = 0
    bad_requests: int = 0
    bad_requests_wanted: bool = False
    _open: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check_request(self, sent: Sent) -> None:
        """Raise ContractBroken unless the document, or the running test, allows the request."""
        problems = request_problems(sent)
        with self._lock:
            self.requests += 1
            self.bad_requests += bool(problems)
        if not self.bad_requests_wanted:
            self._report(f"{sent} asked for what it may not", problems)

    def check_answer(
        self, sent: Sent, answered: Answered, *, also: Collection[int] = (), may_be_empty: bool = False
    ) -> None:
        """Raise ContractBroken unless the document allows the answer."""
        problems = answer_problems(sent, answered, also=also, may_be_empty=may_be_empty)
        with self._lock:
            self.answers += 1
        self._report(f"{sent} was answered by {answered.status}", problems)

    def _report(self, what: str, problems: list[str]) -> None:
        if not problems:
            return
        message = f"{what}: {'; '.join(problems)}"
        with self._lock:
            self.violations += 1
            self._open.append(message)
        raise ContractBroken(message)

    def begin(self, *, bad_requests_wanted: bool) -> None:
        """A test begins."""
        self._open.clear()
        self.bad_requests = 0
        self.bad_requests_wanted = bad_requests_wanted

    def settle(self) -> None:
        """Raise ContractBroken if anything did not fit since the test began, also when somebody swallowed the error."""
        found = list(dict.fromkeys(self._open))
        self._open.clear()
        if found:
            raise ContractBroken("\n".join(found))
        if self.bad_requests_wanted and not self.bad_requests:
            raise ContractBroken("the test says that it sends bad requests, and sends none")
