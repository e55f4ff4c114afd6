"""What is counted for the operator. Labels have few values: never an id, an address or a token."""

import os
from pathlib import Path

from prometheus_client import Counter, Histogram

# Where the processes of one machine count together (deploy/gunicorn.conf.py); the library insists that it is there.
if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)

upstream_calls = Counter("bookeo_calls_total", "Calls that went out to Bookeo", ["operation", "lane", "outcome"])
upstream_seconds = Histogram("bookeo_call_seconds", "How long Bookeo took", ["operation"])
limiter_wait_seconds = Histogram("bookeo_budget_wait_seconds", "How long calls waited for their turn", ["lane"])
limiter_refusals = Counter("bookeo_budget_refusals_total", "Calls for which there was no room in time", ["lane"])
cache_reads = Counter("cache_reads_total", "Remembered answers that were asked for", ["kind", "outcome"])
breaker_opened = Counter("bookeo_breaker_opened_total", "How often Bookeo was given a rest")

http_requests = Counter("http_requests_total", "Requests answered", ["route", "method", "status"])
http_seconds = Histogram("http_request_seconds", "How long an answer took to begin", ["route"], buckets=SECONDS)
webhook_messages = Counter("webhook_messages_total", "Notifications that were posted to us", ["outcome"])
background_runs = Counter("background_runs_total", "Work that no visitor waits for", ["task", "outcome"])
