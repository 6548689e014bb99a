"""The forms of the desk: what belongs together stands together, and nothing touches."""

import pytest

PAGES = ("labels", "import", "calendar", "stocktaking", "patrons", "titles", "items", "terminal", "policies/cards",
    "staff", "ebooks", "features/new", "titles/1", "patrons/1/family")  # fmt: skip

# pairs of neighbours that stand one above the other, and the pixels between them
NEIGHBOURS = """() => {
  const pairs = [];
  for (const box of document.querySelectorAll("main, main section, main form, main fieldset, main .group-body, main .field")) {
    const shown = [...box.children].filter((one) => one.getBoundingClientRect().height && !one.matches(".unseen"));
    for (const [place, below] of shown.slice(1).entries()) {
      const [above, under] = [shown[place].getBoundingClientRect(), below.getBoundingClientRect()];
      if (under.top > above.top && under.left < above.right && under.right > above.left && under.bottom > above.bottom)
        pairs.push([shown[place].matches(".label, .crumbs"), below.matches("p, ul, dl"), Math.round(under.top - above.bottom), below.textContent.trim()]);
    }
  }
  return pairs;
}"""


@pytest.fixture
def desk(visit):
    return visit().be_at_desk("kanri")


@pytest.mark.parametrize("page", PAGES)
def test_no_block_touches_or_covers_the_one_above_it(desk, page):
    desk.go(f"/desk/{page}")
    pairs = desk.page.evaluate(NEIGHBOURS)
    assert pairs
    assert [pair for pair in pairs if pair[2] < 0] == []
    assert [pair for pair in pairs if pair[1] and not pair[0] and pair[2] < 4] == []


@pytest.mark.parametrize("page", ["labels", "calendar", "policies/cards", "staff"])
def test_radios_of_one_question_stand_in_one_line(desk, page):
    desk.go(f"/desk/{page}")
    questions = desk.main.get_by_role("group").filter(has=desk.page.get_by_role("radio"))
    assert questions.count()
    for question in questions.all():
        assert len({round(radio.bounding_box()["y"]) for radio in question.get_by_role("radio").all()}) == 1


@pytest.mark.parametrize("page", ["labels", "import", "calendar", "stocktaking", "staff"])
def test_the_first_field_stands_beside_its_heading(desk, page):
    desk.go(f"/desk/{page}")
    groups = desk.main.locator("section.group").filter(has=desk.page.locator(".group-body .label"))
    assert groups.count()
    for group in groups.all():
        heading, label = group.locator("h2").bounding_box(), group.locator(".group-body .label").first.bounding_box()
        assert abs(label["y"] - heading["y"]) < 12
