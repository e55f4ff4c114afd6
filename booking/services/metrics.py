"""What is counted for the operator. Labels have few values: never an id, an address or a token."""

from prometheus_client import Counter, Histogram

upstream_calls = Counter("bookeo_calls_total", "Calls that went out to Bookeo", ["operation", "lane", "outcome"])
upstream_seconds = Histogram("bookeo_call_seconds", "How long Bookeo took", ["operation"])
limiter_wait_seconds = Histogram("bookeo_budget_wait_seconds", "How long calls waited for their turn", ["lane"])
limiter_refusals = Counter("bookeo_budget_refusals_total", "Calls for which there was no room in time", ["lane"])
cache_reads = Counter("cache_reads_total", "Remembered answers that were asked for", ["kind", "outcome"])
breaker_opened = Counter("bookeo_breaker_opened_total", "How often Bookeo was given a rest")
