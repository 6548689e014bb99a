"""An answer to a question as its pages show it."""

from markupsafe import Markup

from library.site import markup


def render(answer: str, sources: str) -> dict:
    """Return an answer and the list of its sources as HTML."""
    listed = "\n".join(f"- {line}" for line in sources.splitlines() if line.strip())
    return {"answer": safe(answer), "sources": safe(listed) if listed else ""}


def at_reply(problems: dict) -> dict:
    """Return what is refused of an ``answer`` at the field ``reply``; that id is the one of the message on the page."""
    return {"reply" if name == "answer" else name: found for name, found in problems.items()}


def safe(text: str) -> Markup:
    return Markup(markup.html(text))  # noqa: S704 (markup lets no HTML through)
