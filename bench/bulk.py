"""A job that nobody waits for and that wants all it can get: reads of bookings, in the background's lane."""

import sys
import time
from datetime import UTC, datetime, timedelta

import django


def main(seconds: float) -> None:
    """Read for so many seconds, and print how many reads were granted."""
    django.setup()
    from booking.services import booking_changes  # the settings must be there first
    from booking.services.errors import Unavailable
    from booking.services.lanes import Lane, lane

    granted, end = 0, time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        with lane(Lane.BACKGROUND, seconds=left):
            now = datetime.now(UTC)
            try:
                booking_changes.find_bookings(starting=(now, now + timedelta(days=1)))
            except Unavailable as error:
                time.sleep(min(error.retry_after, left, 1.0))
            else:
                granted += 1
    print(granted)


if __name__ == "__main__":
    main(float(sys.argv[1]))
