"""Tests that need a server are left out where there is none (``make test-postgres`` has one)."""

from tests import postgres

collect_ignore = [] if postgres.SERVER else ["test_search_on_both.py"]
