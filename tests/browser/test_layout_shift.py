"""Nothing moves while a page comes: what a person is about to press stays where it is."""

import pytest

from tests.browser import screens

PAGES = ("front page", "all titles", "titles, narrowed", "title", "sign-in", "edit", "history", "My Library")
SLOW = {
    "offline": False,
    "latency": 20,
    "downloadThroughput": 100_000,
    "uploadThroughput": 100_000,
}  # the page is seen before its script
LEAST = 0.005  # of the cumulative layout shift: a list of choices grows by a letter while the page still arrives
# what grows before the page has come to its end was itself not whole: a chip that has its icon, and then its word, may
# go to the next line
MOVED = """() => new Promise((told) => {
    const moved = [], [{ domInteractive }] = performance.getEntriesByType("navigation");
    const isHalf = ({ previousRect, currentRect }) => previousRect.width < currentRect.width;
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) {
            if (shift.startTime < domInteractive && shift.sources.length && shift.sources.every(isHalf)) continue;
            moved.push(`${shift.value.toFixed(4)} ` + shift.sources.map(({ node }) => node?.parentElement?.className).join());
        }
    }).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(told, 0, moved)));
})"""


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_while_a_page_comes(visit, library, name):
    visitor = visit(width=390, height=844)
    screens.ALL[name](visitor, library)
    line = visitor.context.new_cdp_session(visitor.page)
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", SLOW)
    visitor.page.reload()
    moved = visitor.page.evaluate(MOVED)
    assert sum(float(each.partition(" ")[0]) for each in moved) < LEAST, moved
