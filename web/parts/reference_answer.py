"""A librarian's answer to a question, as pages show it."""

from markupsafe import Markup

from library.site import markup


def render(answer: str, sources: str) -> dict:
    """Return ``answer`` and ``sources`` as HTML."""
    listed = "\n".join(f"- {line}" for line in sources.splitlines() if line.strip())
    return {"answer": safe(answer), "sources": safe(listed) if listed else ""}


def at_reply(problems: dict) -> dict:
    """Return the problems with those of ``answer`` under ``reply``, the field's id on the page."""
    return {"reply" if name == "answer" else name: found for name, found in problems.items()}


def safe(text: str) -> Markup:
    """Return the HTML of a text in our markup, which lets no HTML through."""
    return Markup(markup.html(text))  # noqa: S704 (markup lets no HTML through)
