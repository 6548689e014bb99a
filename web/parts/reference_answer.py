"""An answer to a question as its pages show it."""

from markupsafe import Markup

from library.site import markup


def render(row) -> dict:
    """An answer and what it is taken from."""
    sources = "\n".join(f"- {line}" for line in row.sources.splitlines() if line.strip())
    return {"answer": safe(row.answer), "sources": safe(sources) if sources else ""}


def safe(text):
    return Markup(markup.html(text))  # noqa: S704 (markup lets no HTML through)
