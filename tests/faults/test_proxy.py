"""The headers of a reverse proxy about its visitors reach the library through the real server, if the settings trust
it.
"""

import pytest

from tests import libraries
from tests.server import Visitor, running

SAID = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "library.example.jp",
    "Origin": "https://library.example.jp",
}


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"TRUSTED_PROXIES": 1}, 303),
        ({"TRUSTED_PROXIES": 0}, 403),
        ({"TRUSTED_PROXIES": 1, "PROXY_ADDRESSES": "203.0.113.0/24"}, 403),
    ],
)
def test_a_form_through_a_trusted_proxy_comes_from_this_site(tmp_path, migrated, settings, status):
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    libraries.fill(folder, migrated)
    with running(folder, JOBS=0, ALLOWED_HOSTS="library.example.jp", **settings) as server:
        answer, _, _ = Visitor(server).ask("POST", "/text-size", {"size": "l"}, SAID)
    assert answer == status
