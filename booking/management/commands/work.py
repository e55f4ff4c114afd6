"""Do the work that no visitor waits for, until told to stop."""

import logging
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from huey.consumer import Consumer

from booking import tasks

logger = logging.getLogger("booking.tasks")

# One of them may be waiting for Bookeo while the other reads notifications.
THREADS = 2
# An idle worker looks into the file of the queue this often, in seconds. Redis wakes it.
LOOK_SECONDS = 0.5
STOP_SECONDS = 4
STOPS = {signal.SIGTERM, signal.SIGINT}


class AttentiveConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    """Huey's threads are at work a moment before it listens: a signal in between would end them. It is blocked before,
    and waits for the listener."""

    def start(self) -> None:
        super().start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


class Command(BaseCommand):
    help = "Runs the worker: finds out about lost answers, reads notifications, keeps things remembered and tidy."

    def handle(self, *args: Any, **options: Any) -> None:
        huey = tasks.queue().huey
        if huey.immediate:
            raise CommandError("QUEUE_URL is “immediate”: work is done when it is asked for, and no worker is needed.")
        connections.close_all()  # those of this thread, opened by the checks
        for name in tasks.NAMES:
            tasks.ask(name)
        consumer = AttentiveConsumer(
            huey, workers=THREADS, max_delay=LOOK_SECONDS, graceful_signal="TERM", shutdown_timeout=STOP_SECONDS
        )
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        logger.info("the worker begins")
        consumer.run()
        # Whatever is still under way ends with this process, and is found again by the next one.
        logger.info("the worker has stopped")
