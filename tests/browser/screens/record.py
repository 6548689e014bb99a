"""The record that `make test-all-ways` leaves for the page ウェブアクセシビリティ試験結果: library/site/run.json."""

import json
from datetime import date
from urllib.parse import unquote, urlsplit

from library.site import conformance
from settings import config

SCREEN, PAGE, WAYS, AXE = "screen", "page", "ways", "axe"


def note(record_property, name, visitor, ways):
    """Keep with the report of a test which screen it looks at, in how many ways, and with which axe."""
    record_property(SCREEN, name)
    record_property(WAYS, len(ways))
    record_property(PAGE, unquote(urlsplit(visitor.page.url).path))
    record_property(AXE, visitor.page.evaluate("axe.version"))


def of_reports(reports):
    """Return the facts of a run; None if its tests noted nothing. A test that failed has found
    something on its screen.
    """
    noted = [(each, facts) for each in reports if SCREEN in (facts := dict(each.user_properties))]
    if not noted:
        return None
    return {
        "version": config.VERSION,
        "began": date.fromtimestamp(min(each.start for each, _ in noted)).isoformat(),
        "ended": date.fromtimestamp(max(each.stop for each, _ in noted)).isoformat(),
        "axe": noted[0][1][AXE],
        "ways": max(facts[WAYS] for _, facts in noted),
        "screens": sorted({facts[SCREEN] for _, facts in noted}),
        "pages": sorted({facts[PAGE] for _, facts in noted}),
        "found": sorted({facts[SCREEN] for each, facts in noted if each.failed}),
    }


def joined(before, facts):
    """Return the record of a run in which some of its screens were looked at again, after they were mended."""
    again = set(facts["screens"])
    return facts | {
        "began": before["began"],
        "ways": min(before["ways"], facts["ways"]),
        "screens": sorted(again.union(before["screens"])),
        "pages": sorted({*facts["pages"], *before["pages"]}),
        "found": sorted(set(before["found"]) - again | set(facts["found"])),
    }


def write(reports, path=conformance.HERE / conformance.RUN, *, again=False):
    """Write the facts of a run; those of screens looked at ``again`` into the record that is there. Return the number
    of those stand there.
    """
    facts = of_reports(reports)
    if facts is None:
        return 0
    if again:
        before = json.loads(path.read_text(encoding="utf-8"))
        if before["version"] != facts["version"]:
            raise ValueError(f"the record is of version {before['version']}")
        facts = joined(before, facts)
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return len(facts["screens"])
