"""対応づけ: the headings and words of other systems, by name: seen, renamed, written to a file, taken from one."""

from collections import Counter

from flask import abort, current_app, request

from blueprints.desk.imports.blueprint import bp
from library import errors
from library.importing import assignments, profiles
from web import access, flash, forms, htmx

LIST = "desk.imports.list_profiles"
ROOM = 64 * 1024  # of a form around its file
ESCAPED = 3  # times the bytes of a letter, in a form


class NameForm(forms.Form):
    new = forms.Text("名前", maximum=profiles.LONGEST_NAME)


@bp.get("/profiles")
@access.staff_required(role="admin")
def list_profiles() -> access.Reply:
    return _list_page()


def _list_page(refusal: errors.Refused | None = None) -> access.Reply:
    problems = {"file": [refusal]} if refusal else {}
    lines = [{"sentence": refusal.sentence, "anchor": "file"}] if refusal else []
    listed = [profiles.stored(name) for name in assignments.profiles()]
    return htmx.page(
        "desk/imports/profiles.html",
        422 if refusal else 200,
        **forms.error_values(problems, lines),
        messages=flash.take(LIST),
        profiles=[
            (profile.name, list(Counter(kind for kind, _, _ in profiles.lines(profile)).items())) for profile in listed
        ],
    )


def _named() -> profiles.Profile:
    """Return the profile that the address names; 404 for none."""
    found = profiles.stored(request.args.get("name", ""))
    return found if found.kinds else abort(404)


@bp.get("/profiles/one")
@access.staff_required(role="admin")
def show_profile() -> access.Reply:
    profile = _named()
    return _profile_page(profile, NameForm(formdata=None, new=profile.name))


def _profile_page(profile: profiles.Profile, form: NameForm) -> access.Reply:
    lines = [(*key, said, "") for key, said in profiles.lines(profile).items()]
    return form.page("desk/imports/profile.html", name=profile.name, lines=lines)


@bp.post("/profiles/one")
@access.staff_required(role="admin")
def rename_profile() -> access.Reply:
    profile, form = _named(), NameForm()
    new = form.new.data.strip()
    form.submit(lambda: profiles.rename(profile.name, new), at="new")
    return _profile_page(profile, form) if form.problems else flash.leave(LIST, done="renamed", name=new)


@bp.get("/profiles/file")
@access.staff_required(role="admin")
def download_profile() -> access.Reply:
    """Return a profile as a TOML file."""
    headers = {"Content-Disposition": "attachment; filename=profile.toml", "Cache-Control": "no-store"}
    return current_app.response_class(profiles.written(_named()), 200, headers, mimetype="application/toml")


@bp.post("/profiles")
@access.staff_required(role="admin")
@access.takes_file(profiles.LARGEST * ESCAPED + ROOM)
def take_profile() -> access.Reply:
    """Show what a file would change here, which asks for its content; take that in."""
    file = request.files.get("file")
    try:
        if not (file or "content" in request.form):
            raise errors.FileMissing()
        profile = profiles.read(file.read(profiles.LARGEST + 1) if file else request.form["content"].encode())
    except errors.Refused as refusal:
        return _list_page(refusal)
    if not file:
        profiles.take(profile)
        return flash.leave(LIST, done="taken", name=profile.name)
    changes = profiles.changes(profile)
    facts = {"name": profile.name, "is_new": profile.name not in assignments.profiles(), "lines": changes}
    return htmx.page("desk/imports/taking.html", **facts, reasons=not changes, content=profiles.written(profile))


@bp.get("/profiles/removal")
@access.staff_required(role="admin")
def ask_profile_removal() -> access.Reply:
    """Show what is forgotten with a profile."""
    return htmx.page("desk/imports/removal.html", name=_named().name)


@bp.post("/profiles/removal")
@access.staff_required(role="admin")
def remove_profile() -> access.Reply:
    name = _named().name
    profiles.remove(name)
    return flash.leave(LIST, done="removed", name=name)
