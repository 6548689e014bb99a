"""利用者情報変更: edit → confirm → result. Three addresses, each a whole page, each a part for htmx."""

from types import SimpleNamespace

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user

from blueprints import access, fields, htmx
from library import addresses, clock, dates, errors, policy, profile, sessions, signing_in, wording
from models import OutboxMail, PatronAddress

bp = Blueprint("profile", __name__)
PASSWORDS = ("current_password", "new_password", "new_password_again")
SWITCH = [("on", "配信"), ("off", "停止")]


class ProfileForm(fields.Form):
    current_password = fields.Secret("現パスワード")
    new_password = fields.Secret("新パスワード")
    new_password_again = fields.Secret("確認パスワード")
    email1 = fields.Text("E-mail1", fold=addresses.fold)
    email1_kind = fields.Choice("E-mail1の種別", wording.ADDRESS_KINDS.items())
    email2 = fields.Text("E-mail2", fold=addresses.fold)
    email2_kind = fields.Choice("E-mail2の種別", wording.ADDRESS_KINDS.items())
    registration_pc = fields.Tick("自PC")
    registration_mobile = fields.Tick("携帯")
    registration_active = fields.Radio("配信状態", SWITCH)
    hold_pc = fields.Tick("自PC")
    hold_mobile = fields.Tick("携帯")
    sdi_pc = fields.Tick("自PC")
    sdi_mobile = fields.Tick("携帯")
    due_pc = fields.Tick("自PC")
    due_mobile = fields.Tick("携帯")
    due_active = fields.Radio("配信状態", SWITCH)
    due_days = fields.Choice("通知する日", [(day, wording.days_before(day)) for day in range(8)])
    pickup_branch = fields.Choice("予約受取館")
    contact_method = fields.Choice("予約連絡方法", wording.CONTACT_METHODS.items())
    contact_phone = fields.Choice("電話連絡先", wording.CONTACT_PHONES.items())
    keep_history = fields.Tick("残す")

    def __init__(self, patron, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pickup_branch.offer((branch.id, branch.name) for branch in profile.pickup_branches(patron))

    def show(self, values):
        """Fill in stored values or those of a draft."""
        for name, value in values.items():
            if name.endswith("_active"):
                value = "on" if value else "off"
            elif name in ("due_days", "pickup_branch"):
                value = str(value)
            self[name].data = value

    def values(self):
        """What was chosen, by the keys of the rules. Only when nothing is refused on arrival."""
        values = {field.name: field.data for field in self if field.name in ALL_KEYS}
        for name in ("registration_active", "due_active"):
            values[name] = values[name] == "on"
        for name in ("due_days", "pickup_branch"):
            values[name] = int(values[name])
        return values


ALL_KEYS = {key for keys in profile.GROUPS.values() for key in keys}
GROUP_OF = {key: group for group, keys in profile.GROUPS.items() for key in keys} | {name: name for name in PASSWORDS}


# -- edit ------------------------------------------------------------------------------------------------------------
@bp.get("")
@access.patron_required
def edit():
    patron, now = current_user.patron, clock.now()
    if token := request.args.get("drop"):
        profile.drop_draft(patron, token)
        return redirect(url_for(".edit"), 303)
    draft = profile.current_draft(patron, now=now)
    form = ProfileForm(patron, formdata=None)
    revising = draft if request.args.get("draft") else None
    values = revising.values if revising else profile.stored(patron)
    form.show(values)
    _, warnings = profile.judge(patron, profile.stored(patron), values)
    message = None
    if request.args.get("draft") and draft is None:
        message = _message("care", errors.DraftGone().sentence)
    return _edit_page(form, warnings=warnings, revising=revising, draft=draft, message=message)


@bp.post("")
@access.patron_required
def check_and_keep():
    """更新 on the edit step: refuse, or keep a draft and go to the confirm step. A fix button mends and shows the page."""
    patron, now = current_user.patron, clock.now()
    draft = profile.current_draft(patron, now=now)
    form = ProfileForm(patron)
    revising = draft if draft and draft.password_hash and _passwords_absent() else None
    if fix := request.form.get("fix"):
        return _mended(form, fix, draft, revising)
    refused = _arrival(form, revising)
    if refused:
        return _refused_page(form, refused, {}, revising, draft)
    values = form.values()
    problems, warnings = profile.judge(patron, profile.stored(patron), values)
    password_hash, password_problems = _new_password(form, revising, now)
    problems |= password_problems
    if problems:
        return _refused_page(form, problems, warnings, revising, draft)
    if values == profile.stored(patron) and not password_hash:
        return _edit_page(form, warnings=warnings, message=_message("info", "変更された項目はありません"))
    profile.save_draft(patron, values, password_hash=password_hash, now=now)
    return redirect(url_for(".confirm"), 303)


@bp.post("/check/<group>")
@access.patron_required
def check(group):
    """One group's messages while the patron types: the rules alone, no password is looked at."""
    if group not in profile.GROUPS and group not in PASSWORDS:
        abort(404)
    patron = current_user.patron
    form = ProfileForm(patron)
    problems, warnings = _arrival(form, None, passwords=False), {}
    if not problems:
        problems, warnings = profile.judge(patron, profile.stored(patron), form.values())
    return render_template(
        "profile/_messages.html",
        group=group,
        problems_of=problems.get(group, []),
        warnings_of=warnings.get(group, []),
    )


@bp.get("/cancel")
@access.patron_required
def cancel():
    profile.drop_draft(current_user.patron, request.args.get("draft", ""))
    return redirect(url_for("my.index"), 303)


@bp.post("/test-mail/<int:position>")
@access.patron_required
def test_mail(position):
    patron = current_user.patron
    form = ProfileForm(patron, formdata=None)
    form.show(profile.stored(patron))
    try:
        row = profile.send_test_mail(patron, position, now=clock.now())
    except PatronAddress.DoesNotExist:
        abort(404)
    except errors.TestMailTooSoon as refusal:
        return _edit_page(form, message=_message("care", refusal.sentence), status=429)
    sent = "テストメール" if row.verified_at else "テストメールと、アドレス確認のメール"
    text = f"{row.address} あてに、{sent}をお送りします。数分たっても届かないときは、迷惑メール対策の設定をご確認ください。"
    return _edit_page(form, message=_message("good", text))


def _arrival(form, revising, passwords=True):
    """Refusals of what arrived, by group."""
    found = {}
    for name, refusals in fields.refused(form).items():
        if name in PASSWORDS and (revising or not passwords):
            continue
        found.setdefault(GROUP_OF[name], []).extend(profile.Problem(refusal) for refusal in refusals)
    return {group: problems[:1] for group, problems in found.items()}


def _passwords_absent():
    return not any(name in request.form for name in PASSWORDS)


def _new_password(form, revising, now):
    """The hash for the draft and the problems: of a new password, of one kept from the draft, or none."""
    if revising:
        return revising.password_hash, {}
    try:
        hashed = profile.new_password(
            current_user.patron,
            *(form[name].data or "" for name in PASSWORDS),
            address=request.remote_addr or "",
            now=now,
        )
    except errors.RefusedTogether as refused:
        return "", {name: [profile.Problem(refusal) for refusal in found] for name, found in refused.by_field.items()}
    if hashed:
        sessions.note_authenticated(current_user.session, now=now)
    return hashed, {}


def _mended(form, fix, draft, revising):
    """One press of a correction: the value is set, all that was typed stays, nothing is judged as final."""
    field, _, value = fix.partition(":")
    if fix == "password:drop" and revising:
        profile.drop_draft_password(revising)
        revising = None
    elif field in ("email1", "email2") or (field == "contact_method" and value in wording.CONTACT_METHODS):
        form[field].data = form[field].fold(value[:254]) if field != "contact_method" else value
        form[field].raw_data = [value]
    warnings = {}
    if not _arrival(form, revising, passwords=False):
        _, warnings = profile.judge(current_user.patron, profile.stored(current_user.patron), form.values())
    return _edit_page(form, warnings=warnings, revising=revising, draft=draft)


def _refused_page(form, problems, warnings, revising, draft):
    too_often = [p.refusal for found in problems.values() for p in found if type(p.refusal) is errors.SignInTooOften]
    status = 429 if too_often else 422
    response = _edit_page(form, problems, warnings, revising=revising, draft=draft, status=status)
    if too_often:
        response.headers["Retry-After"] = str(too_often[0].facts["seconds"])
    return response


def _edit_page(
    form, problems=None, warnings=None, *, revising=None, draft=None, message=None, status=200, address=None
):
    problems = problems or {}
    sender = current_app.config["MAIL_SENDER"]
    token = draft.token if draft else None
    return htmx.page(
        "profile/edit.html",
        status,
        address=address,
        form=form,
        problems=problems,
        page_has_errors=bool(problems),
        warnings=warnings or {},
        summary=_summary(problems),
        message=message,
        draft=None
        if revising or draft is None
        else SimpleNamespace(token=token, moment=dates.moment(draft.created_at)),
        password_kept=bool(revising and revising.password_hash),
        reset_url=url_for(".edit", drop=token),
        cancel_url=url_for(".cancel", draft=token),
        mail_domain=sender.rpartition("@")[2],
        mail_sender=sender,
        minimum=policy.get("password_minimum"),
        stored=list(current_user.patron.addresses.order_by(PatronAddress.position)),
    )


def _summary(problems):
    order = [*PASSWORDS, *profile.GROUPS]
    return [
        {"label": wording.field(group), "sentence": problem.sentence, "anchor": group}
        for group in sorted(problems, key=order.index)
        for problem in problems[group]
    ]


def _message(level, text, link=None):
    return {"level": level, "text": text, "link": link}


# -- confirm ---------------------------------------------------------------------------------------------------------
@bp.get("/confirm")
@access.patron_required
def confirm():
    now = clock.now()
    draft = profile.current_draft(current_user.patron, now=now)
    if draft is None:
        return _edit_with_reason(errors.DraftGone())
    return _confirm_page(draft, now)


@bp.post("/confirm")
@access.patron_required
def apply():
    """更新 on the confirm step: everything at once, once."""
    patron, now = current_user.patron, clock.now()
    try:
        draft = profile.require_draft(patron, request.form.get("draft", ""), now=now)
        if moved := profile.rebase(draft, now=now):
            raise errors.ChangedMeanwhile(fields=wording.fields(moved))
        problems = _identity_problems(draft, now)
        if problems:
            return _confirm_page(draft, now, problems)
        profile.apply(draft, _choices(draft), session=current_user.session, now=now)
    except errors.ChangedMeanwhile as refusal:
        draft = profile.current_draft(patron, now=now)
        return _confirm_page(draft, now, message=_message("care", refusal.sentence), status=409)
    except errors.RefusedTogether as refused:
        return _refused_at_confirm(draft, refused, now)
    except (errors.DraftGone, errors.DraftReplaced, errors.DraftApplied) as refusal:
        return _edit_with_reason(refusal)
    return redirect(url_for(".done"), 303)


def _choices(draft):
    wanted = request.form.get("send_confirmation") and profile.addresses_to_be(draft)
    return profile.Choices(
        confirmation_to=request.form.get("confirmation_to", "") if wanted else "",
        delete_history="delete_history" in request.form,
        update_holds="update_holds" in request.form,
    )


def _identity_problems(draft, now):
    """The password once more where the rules ask for it."""
    if not profile.needs_password(draft, authenticated_at=current_user.session.authenticated_at, now=now):
        return {}
    password = request.form.get("current_password", "")
    if not password:
        return {"current_password": [profile.Problem(errors.CurrentPasswordMissing())]}
    try:
        signing_in.check_current(current_user.patron, password, address=request.remote_addr or "", now=now)
    except errors.Refused as refusal:
        return {"current_password": [profile.Problem(refusal)]}
    sessions.note_authenticated(current_user.session, now=now)
    return {}


def _refused_at_confirm(draft, refused, now):
    problems = {group: [profile.Problem(refusal) for refusal in found] for group, found in refused.by_field.items()}
    if "confirmation_to" in problems:
        return _confirm_page(draft, now, problems)
    form = ProfileForm(current_user.patron, formdata=None)
    form.show(draft.values)
    return _refused_page(form, problems, {}, draft, draft)


def _confirm_page(draft, now, problems=None, message=None, status=200):
    problems = problems or {}
    rows = profile.rows(draft)
    return htmx.page(
        "profile/confirm.html",
        422 if problems else status,
        rows=rows,
        changed_count=sum(row.changed for row in rows),
        token=draft.token,
        addresses=profile.addresses_to_be(draft),
        send_confirmation="send_confirmation" in request.form,
        confirmation_to=request.form.get("confirmation_to", ""),
        history_count=profile.history_at_stake(draft),
        delete_history="delete_history" in request.form,
        open_holds=profile.holds_at_stake(draft),
        update_holds="update_holds" in request.form,
        holds_change=_holds_change(rows),
        needs_password=profile.needs_password(draft, authenticated_at=current_user.session.authenticated_at, now=now),
        problems=problems,
        page_has_errors=bool(problems),
        summary=[
            {"label": wording.field(name), "sentence": problem.sentence, "anchor": name}
            for name, found in problems.items()
            for problem in found
        ],
        message=message,
    )


def _holds_change(rows):
    new = {row.label: row.value for row in rows if row.changed}
    parts = [f"{label}を{new[wording.field(code)]}に" for code, label in
             (("pickup_branch", "受取館"), ("contact_method", "連絡方法")) if wording.field(code) in new]  # fmt: skip
    return f"{'、'.join(parts)}変えます。" if parts else ""


def _edit_with_reason(refusal):
    patron = current_user.patron
    form = ProfileForm(patron, formdata=None)
    form.show(profile.stored(patron))
    link = None
    if isinstance(refusal, errors.DraftApplied):
        link = ("結果をみる", url_for(".done"))
    draft = profile.current_draft(patron, now=clock.now())
    message = _message("care", refusal.sentence, link)
    return _edit_page(form, draft=draft, message=message, status=409, address=url_for(".edit"))


# -- done ------------------------------------------------------------------------------------------------------------
@bp.get("/done")
@access.patron_required
def done():
    receipt = profile.last_receipt(current_user.patron, now=clock.now())
    if receipt is None:
        return redirect(url_for(".edit"), 303)
    count = len(receipt.details["fields"])
    return htmx.page("profile/done.html", moment=receipt.at, count=count, follow=_follow(receipt))


def _follow(receipt):
    """What comes now, in plain words."""
    mails = OutboxMail.select().where(OutboxMail.cause == receipt).order_by(OutboxMail.id)
    by_kind = {}
    for mail in mails:
        by_kind.setdefault(mail.kind, []).append(mail.address)
    listed = [_mail_follow(kind, "、".join(by_kind[kind])) for kind in _MAIL_FOLLOW if kind in by_kind]
    return listed + _field_follow(receipt)


_MAIL_FOLLOW = {
    "acknowledgement": ("mail", "申請確認メールをお送りします", "{to} あてに、まもなく届きます。届かないときは、迷惑メール対策の設定をご確認ください。"),
    "registered": ("mail", "登録完了メールをお送りします", "{to} あてに、まもなく届きます。"),
    "verify": ("check", "新しいアドレスを確認してください", "{to} あてのメールにあるリンクを、24時間以内に開いてください。開くまでは、パスワードの再設定には使えません。"),
    "security": ("bell", "変更のお知らせを、元のアドレスにもお送りします", "{to} あてです。心当たりのない変更に気づけるようにするためです。"),
}  # fmt: skip


def _mail_follow(kind, to):
    icon, title, text = _MAIL_FOLLOW[kind]
    return {"icon": icon, "title": title, "text": text.format(to=to)}


def _field_follow(receipt):
    patron, fields_changed, details = current_user.patron, receipt.details["fields"], receipt.details
    listed = []
    if "due" in fields_changed and profile.stored(patron)["due_active"]:
        text = "これから返却期限が近づく資料について、登録のアドレスへお送りします。お送りする日は「借りている資料」で確かめられます。"
        listed.append({"icon": "calendar", "title": "返却期限通知は、次の返却期限から始まります", "text": text})
    if "keep_history" in fields_changed:
        listed.append(_history_follow(patron, receipt))
    if details.get("history_deleted"):
        text = f"{details['history_deleted']}件を削除しました。元には戻せません。"
        listed.append({"icon": "history", "title": "これまでの記録を削除しました", "text": text})
    if details.get("holds_updated"):
        text = f"予約中の{details['holds_updated']}件にも反映しました。"
        listed.append({"icon": "bookmark", "title": "予約にも反映しました", "text": text})
    if "password" in fields_changed:
        text = "パスワードを変更したためです。次からは新しいパスワードをお使いください。"
        listed.append({"icon": "person", "title": "ほかの端末からはログアウトしました", "text": text})
    return listed


def _history_follow(patron, receipt):
    if patron.keep_history:
        day = dates.with_weekday(profile.history_shown_from(receipt), year=False)
        text = f"これから借りる資料が対象で、{day}から表示されます。いま借りている資料は表示されません。"
        return {"icon": "history", "title": "貸出履歴は、明日から表示されます", "text": text}
    text = "これから借りる資料は記録されません。"
    return {"icon": "history", "title": "貸出履歴の記録をやめました", "text": text}


@bp.get("/changes")
@access.patron_required
def changes():
    """変更の記録: never a value."""
    listed = [
        {
            "at": row.at,
            "via": {"site": "このサイト", "desk": "図書館の窓口"}[row.details.get("via", "site")],
            "fields": [wording.field(code) for code in row.details["fields"]],
        }
        for row in profile.changes(current_user.patron)
    ]
    return htmx.page("profile/changes.html", changes=listed)
