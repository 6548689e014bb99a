"""What runs only beside a server (``make test-postgres``)."""

from tests import postgres

collect_ignore = [] if postgres.SERVER else ["test_search_on_both.py"]
