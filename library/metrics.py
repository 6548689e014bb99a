"""Counters for a program that watches the server. Labels name kinds of things: no patron, no title, no address."""

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Summary,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

disable_created_metrics()  # they would double the series with moments that nobody needs
REGISTRY = CollectorRegistry()
PREFIX = "madoguchi"


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    return Counter(name, meaning, labels, namespace=PREFIX, registry=REGISTRY)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(name, meaning, labels, namespace=PREFIX, registry=REGISTRY, multiprocess_mode="mostrecent")


def prometheus_text() -> bytes:
    """Return all numbers in the text format of Prometheus, summed over the processes of this machine."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry := CollectorRegistry())
    return generate_latest(registry)


requests = Histogram("request_seconds", "time until an answer stood", ("status",), namespace=PREFIX, registry=REGISTRY)
# only count and sum: a histogram of each rule and status would take 1.5 MB
rules = Summary("rule_seconds", "the same, by the rule of the address", ("rule",), namespace=PREFIX, registry=REGISTRY)
sign_ins = _counter("sign_ins", "tries to sign in", "who", "outcome")
mails = _counter("mails", "mails by what became of them", "outcome")
pushes = _counter("pushes", "notices to phones by what became of them", "outcome")
job_failures = _counter("job_failures", "runs of jobs that failed", "job")
circulation = _counter("circulation", "loans, returns, renewals and holds", "what")
outbox_oldest = _gauge("outbox_oldest_seconds", "time that the oldest mail has been due")
job_success = _gauge("job_success_timestamp", "moment of the last success", "job")
backup_age = _gauge("backup_age_seconds", "age of the newest backup; NaN: there is none")
drill_age = _gauge("drill_age_seconds", "time since a backup was last put back aside and opened; NaN: none was")
disk_free = _gauge("disk_free_bytes", "room that is left where the library is stored")
