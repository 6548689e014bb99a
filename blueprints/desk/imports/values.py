"""値の対応づけ: the meaning of words that the library doesn't have."""

from collections.abc import Iterator

from flask import request

from blueprints.desk.imports.blueprint import bp, facts, run_of
from blueprints.desk.imports.columns import begin_work
from library import errors
from library.importing import kinds, runs, words
from web import access, htmx

ADD, ADD_GROUP = "+", "+団体"  # what a word can be, beside a word of the library (=…), nothing (=) and not taken (=-)


@bp.get("/<token>/values")
@access.staff_required(role="admin")
def values(token: str) -> access.Reply:
    return _values_page(run_of(token))


def _values_page(run: runs.Run, refusal: errors.Refused | None = None) -> access.Reply:
    return htmx.page(
        "desk/imports/values.html",
        422 if refusal else 200,
        run=facts(run),
        columns=list(_words(run)),
        refusal=refusal.sentence if refusal else "",
    )


def _words(run: runs.Run) -> Iterator[dict]:
    """Yield each column with words that the library does not have or that were mapped, and the choices for them."""
    state, plan = run.state, run.plan
    known = (run.remembered | plan.assigned).values
    labels = {column.name: column for column in run.kind.columns}
    for name in [name for name in labels if state.unknown.get(name) or known.get(name)]:
        found = {**dict.fromkeys(known.get(name, {}), 0), **state.unknown.get(name, {})}
        added = plan.added.get(name, [])
        yield {
            "name": name,
            "label": labels[name].label,
            "is_free": name in words.FREE,
            "rules": name in words.SETTINGS,
            "groups": name == "category",
            "required": labels[name].required,
            "meanings": kinds.meanings(plan.kind, name),
            "words": [
                {
                    "word": word,
                    "count": count,
                    "chosen": _chosen(word, known.get(name, {}), added, plan.groups) or _proposed(plan, name, word),
                }
                for word, count in found.items()
            ],
            "others": state.more_unknown.get(name, 0),
        }


def _chosen(word: str, known: dict, added: list, groups: list) -> str:
    """Return the value of a word's choice in the form: "" before one was made."""
    if word in added:
        return ADD_GROUP if word in groups else ADD
    return f"={known[word]}" if word in known else ""


def _proposed(plan: runs.Plan, name: str, word: str) -> str:
    """Return the choice that a word seems to have, until the page was answered."""
    value = "" if plan.is_asked else kinds.proposal(plan.kind, name, word)
    return f"={value}" if value else ""


@bp.post("/<token>/values")
@access.staff_required(role="admin")
def assign_values(token: str) -> access.Reply:
    """Keep what the words mean and try the whole file."""
    run = run_of(token)
    state = run.state
    plan, unknown, stopping, left = run.plan, state.unknown, state.stopping, 0
    plan.values, plan.added, plan.groups, plan.is_asked = {}, {}, [], True
    for column in run.kind.columns:
        number = 0
        while (word := request.form.get(f"word_{column.name}_{number}")) is not None:
            means = request.form.get(f"means_{column.name}_{number}", "")
            _assign(plan, column.name, word, means)
            left += not means and column.name in stopping and word in unknown.get(column.name, {})
            number += 1
    run.keep_plan()
    return _values_page(run, errors.ValuesOpen(count=left)) if left else begin_work(run, dry_run=True)


def _assign(plan: runs.Plan, name: str, word: str, means: str) -> None:
    if means in (ADD, ADD_GROUP) and name in words.SETTINGS:
        plan.added.setdefault(name, []).append(word)
        plan.groups += [word] if means == ADD_GROUP else []
    elif means.startswith("=") or (means.strip() and name in words.FREE):
        plan.values.setdefault(name, {})[word] = means.removeprefix("=").strip()
