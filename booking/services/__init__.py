"""Our verbs: find times, hold seats, place a booking. Plain values in and out; no request, no HTML."""
