"""One template for the page and for the part that htmx swaps."""

from tests.pages import HTMX
from web import htmx


def test_no_variable_of_a_template_is_lost_whatever_its_name(app):
    line = app.jinja_env.from_string("{{ template }} {{ status }} {{ address }}")
    with app.test_request_context("/"):
        answer = htmx.page(line, template="図書", status="在架", address="127.0.0.1")
    assert (answer.get_data(as_text=True), answer.status_code) == ("図書 在架 127.0.0.1", 200)


def test_a_part_tells_the_address_that_the_browser_is_to_show(app):
    line = app.jinja_env.from_string("")
    with app.test_request_context("/desk/returns/undo", method="POST", headers=HTMX):
        answer = htmx.page(line, 422, "/desk/returns")
    assert (answer.status_code, answer.headers["HX-Push-Url"]) == (422, "/desk/returns")
