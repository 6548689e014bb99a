from datetime import date, timedelta

import pytest

from library import errors
from library.access import passwords, sessions
from library.patrons import changes, drafts, patrons, profile, signing_in
from models import Audit, Branch, Draft, HistoryEntry, Hold, MailPreference, OutboxMail, Patron, PatronAddress
from tests import factories
from tests.conftest import NOW
from tests.factories import PASSWORD

NEW_PASSWORD = "yama-no-ue-no-kumo"


def changed(patron, **given):
    return profile.stored(patron) | given


def problems(patron, **given):
    found, _ = profile.judge(patron, profile.stored(patron), changed(patron, **given))
    return {group: [type(problem) for problem in listed] for group, listed in found.items()}


def change(patron, choices=None, session=None, password_hash="", now=NOW, **given):
    """Edit and confirm in one go; the receipt."""
    draft = drafts.store(patron, changed(patron, **given), password_hash=password_hash, now=now)
    return changes.apply(draft, choices or changes.Choices(), session=session, now=now)


def fresh(patron):
    return Patron.get_by_id(patron.id)


def mails():
    return [(mail.kind, mail.address) for mail in OutboxMail.select().order_by(OutboxMail.id)]


# -- what stands on the page -----------------------------------------------------------------------------------------
def test_a_new_patron_gets_nothing_keeps_nothing_and_collects_at_the_branch_of_registration(patron):
    stored = profile.stored(patron)
    assert not any(stored[key] for key in stored if key.endswith(("_pc", "_mobile", "_active")))
    assert (stored["contact_method"], stored["contact_phone"], stored["keep_history"]) == ("none", "mobile", False)
    assert stored["due_days"] == 1
    assert Branch.get_by_id(stored["pickup_branch"]).name == "本館"


def test_without_a_branch_of_registration_that_hands_out_holds_the_first_one_stands_there(db):
    closed = factories.branch("移動図書館", position=0, pickup=False)
    first = factories.branch("東部", position=1)
    factories.branch("龍田", position=2)
    assert profile.stored(factories.patron(branch=closed))["pickup_branch"] == first.id
    assert profile.stored(factories.patron(branch=None))["pickup_branch"] == first.id


# -- rules -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["registration", "hold", "sdi", "due"])
def test_a_ticked_kind_needs_an_address_of_that_kind(patron, kind):
    assert problems(patron, **{f"{kind}_mobile": True}) == {kind: [errors.NoAddressOfKind]}
    assert problems(patron, **{f"{kind}_mobile": True, "email2": "a@docomo.ne.jp", "email2_kind": "mobile"}) == {}


@pytest.mark.parametrize("kind", ["registration", "due"])
def test_delivery_needs_a_ticked_kind(patron, kind):
    given = {f"{kind}_active": True, "email1": "abc@example.jp", "contact_method": "mail"}
    assert problems(patron, **given) == {kind: [errors.NoKindTicked]}


def test_due_notices_need_mail_as_contact_method_and_the_fix_is_one_press(patron):
    values = changed(patron, email1="abc@example.jp", due_pc=True, due_active=True)
    found, _ = profile.judge(patron, profile.stored(patron), values)
    assert type(found["due"][0]) is errors.DueNoticeNeedsMail
    assert (found["due"][0].fix.field, found["due"][0].fix.to) == ("contact_method", "mail")


def test_turning_to_another_contact_method_is_refused_while_due_notices_are_on(patron):
    factories.address(patron)
    change(patron, due_pc=True, due_active=True, contact_method="mail")
    assert problems(fresh(patron), contact_method="none") == {"due": [errors.DueNoticeNeedsMail]}


def test_contact_by_mail_needs_an_address(patron):
    assert problems(patron, contact_method="mail") == {"contact_method": [errors.MailNeedsAddress]}
    assert problems(patron, contact_method="mail", email2="abc@example.jp") == {}


@pytest.mark.parametrize("phone", ["mobile", "home", "work"])
def test_contact_by_phone_needs_that_number_on_file(patron, phone):
    given = {"contact_method": "phone", "contact_phone": phone}
    assert problems(patron, **given) == {"contact_phone": [errors.PhoneNotOnFile]}
    setattr(patron, f"phone_{phone}", "096-000-0000")
    assert problems(patron, **given) == {}


def test_the_same_address_twice_is_refused_whatever_the_letters(patron):
    assert problems(patron, email1="abc@example.jp", email2="ABC@example.jp") == {"email2": [errors.AddressTwice]}


def test_a_branch_that_hands_out_no_holds_is_refused(patron):
    bus = factories.branch("移動図書館", pickup=False)
    assert problems(patron, pickup_branch=bus.id) == {"pickup_branch": [errors.BranchHandsOutNoHolds]}


def test_hold_mail_may_be_ticked_nowhere_with_contact_by_mail(patron):
    assert problems(patron, email1="abc@example.jp", contact_method="mail") == {}


@pytest.mark.parametrize("address", ["a..b@docomo.ne.jp", "a.@ezweb.ne.jp"])
def test_old_addresses_of_the_carriers_are_taken_with_a_warning(patron, address):
    found, warnings = profile.judge(patron, profile.stored(patron), changed(patron, email1=address))
    assert found == {}
    assert errors.AddressOfOldForm() in warnings["email1"]


@pytest.mark.parametrize("address", ["hanako.tosho@docomo.ne.jp", "hanako@ezweb.ne.jp", "a-b_c@au.com"])
def test_an_ordinary_address_of_a_carrier_is_taken_without_a_word(patron, address):
    old = profile.stored(patron)
    assert profile.judge(patron, old, old | {"email1": address, "email1_kind": "mobile"}) == ({}, {})


def mended(values, fix):
    return values | profile.corrections(fix.field, fix.to, values)


@pytest.mark.parametrize(
    "address", ["taro@docomo.ne.jp", "taro@i.softbank.jp", "taro@xx.ezweb.ne.jp", "taro@rakumail.jp"]
)
def test_a_carriers_address_among_pc_ones_proposes_mobile(patron, address):
    values = changed(patron, email1=address, sdi_pc=True)
    found, warnings = profile.judge(patron, profile.stored(patron), values)
    (warning,) = warnings["email1"]
    assert found == {} and "携帯電話会社" in warning.sentence and warning.fix.label == "E-mail1を「携帯」にする"
    after = mended(values, warning.fix)
    assert (after["email1_kind"], after["sdi_pc"], after["sdi_mobile"]) == ("mobile", False, True)
    assert profile.judge(patron, profile.stored(patron), after) == ({}, {})


def test_ticks_stay_where_another_address_of_the_kind_is(patron):
    values = changed(patron, email1="taro@docomo.ne.jp", email2="taro@example.jp", sdi_pc=True)
    _, warnings = profile.judge(patron, profile.stored(patron), values)
    after = mended(values, warnings["email1"][0].fix)
    assert (after["email1_kind"], after["sdi_pc"], after["sdi_mobile"]) == ("mobile", True, False)


def test_a_carriers_address_that_is_stored_is_not_asked_about_again(patron):
    factories.address(patron, "taro@docomo.ne.jp")
    assert profile.judge(patron, profile.stored(patron), changed(patron, keep_history=True)) == ({}, {})


def test_one_press_sends_notices_to_the_only_address_and_chooses_what_they_need(patron):
    values = changed(patron, email1="abc@example.jp", due_active=True)
    found, _ = profile.judge(patron, profile.stored(patron), values)
    assert found["due"] == [errors.NoKindTicked(), errors.DueNoticeNeedsMail()]
    fix = found["due"][0].fix
    assert fix.label == "「自PC」に送り、予約連絡方法を「メール」にする"
    after = mended(values, fix)
    assert profile.judge(patron, profile.stored(patron), after)[0] == {}
    assert (after["due_pc"], after["due_mobile"], after["contact_method"]) == (True, False, "mail")


def test_a_tick_without_an_address_goes_to_the_kind_that_has_one(patron):
    values = changed(patron, email1="abc@docomo.ne.jp", email1_kind="mobile", hold_pc=True)
    fix = profile.judge(patron, profile.stored(patron), values)[0]["hold"][0].fix
    assert fix.label == "「携帯」に送る"
    after = mended(values, fix)
    assert (after["hold_pc"], after["hold_mobile"], after["contact_method"]) == (False, True, "none")


def test_with_two_kinds_of_address_none_is_proposed(patron):
    values = changed(patron, email1="a@example.jp", email2="b@au.com", email2_kind="mobile", due_active=True)
    assert profile.judge(patron, profile.stored(patron), values)[0]["due"][0].fix is None


@pytest.mark.parametrize(
    ("field", "to"),
    [("keep_history", "y"), ("due", "fax"), ("email1_kind", "fax"), ("contact_method", "fax"), ("", "")],
)
def test_a_value_that_no_rule_offers_mends_nothing(patron, field, to):
    assert profile.corrections(field, to, profile.stored(patron)) == {}


def test_a_likely_typo_is_a_warning_with_its_correction(patron):
    found, warnings = profile.judge(patron, profile.stored(patron), changed(patron, email1="taro@gmial.com"))
    assert found == {}
    assert warnings["email1"][0].fix.to == "taro@gmail.com"


def test_an_old_sin_from_an_import_is_a_warning_and_blocks_nothing(patron):
    factories.preference(patron, "due", to_mobile=True, active=True)
    found, warnings = profile.judge(patron, profile.stored(patron), changed(patron, keep_history=True))
    assert found == {}
    assert len(warnings["due"]) == 2


# -- draft -----------------------------------------------------------------------------------------------------------
def test_one_draft_a_patron_for_thirty_minutes(patron):
    first = drafts.store(patron, changed(patron, keep_history=True), now=NOW)
    second = drafts.store(patron, changed(patron, keep_history=True), now=NOW)
    assert Draft.select().count() == 1
    with pytest.raises(errors.DraftReplaced):
        drafts.require(patron, first.token, now=NOW)
    assert drafts.require(patron, second.token, now=NOW + timedelta(minutes=29)) == second
    with pytest.raises(errors.DraftGone):
        drafts.require(patron, second.token, now=NOW + timedelta(minutes=30))


def test_a_draft_is_applied_once(patron):
    draft = drafts.store(patron, changed(patron, keep_history=True), now=NOW)
    changes.apply(draft, changes.Choices(), now=NOW)
    with pytest.raises(errors.DraftApplied):
        changes.apply(draft, changes.Choices(), now=NOW)
    assert Audit.select().where(Audit.action == "profile.changed").count() == 1


def test_a_change_by_the_desk_meanwhile_stops_the_change_and_is_named(patron):
    tatsuda = factories.branch("龍田")
    draft = drafts.store(patron, changed(patron, keep_history=True), now=NOW)
    Patron.update(pickup_branch=tatsuda, contact_phone="home").where(Patron.id == patron.id).execute()
    with pytest.raises(errors.ChangedMeanwhile) as caught:
        changes.apply(draft, changes.Choices(), now=NOW)
    assert caught.value.facts["fields"] == "予約受取館、電話連絡先"
    assert fresh(patron).keep_history is False


def test_after_that_the_rows_left_alone_follow_the_desk_and_the_old_form_is_dead(patron):
    tatsuda = factories.branch("龍田")
    draft = drafts.store(patron, changed(patron, keep_history=True), now=NOW)
    Patron.update(pickup_branch=tatsuda).where(Patron.id == patron.id).execute()
    old_token = draft.token
    with pytest.raises(errors.ChangedMeanwhile):
        changes.apply(draft, changes.Choices(), now=NOW)
    draft = drafts.current(fresh(patron), now=NOW)
    with pytest.raises(errors.DraftReplaced):
        drafts.require(patron, old_token, now=NOW)
    changes.apply(draft, changes.Choices(), now=NOW)
    assert (fresh(patron).pickup_branch, fresh(patron).keep_history) == (tatsuda, True)


def test_no_password_is_in_the_draft(patron):
    hashed = changes.new_password(patron, PASSWORD, NEW_PASSWORD, NEW_PASSWORD, now=NOW)
    drafts.store(patron, changed(patron), password_hash=hashed, now=NOW)
    row = Draft.select().dicts().get()
    assert NEW_PASSWORD not in str(row)
    assert PASSWORD not in str(row)


# -- confirm ---------------------------------------------------------------------------------------------------------
def test_the_rows_are_in_the_words_and_order_of_the_manual(patron):
    factories.branch("龍田")
    draft = drafts.store(
        patron,
        changed(patron, email1="abc@gmail.com", sdi_pc=True, keep_history=True, contact_method="mail", due_pc=True,
                due_active=True, pickup_branch=Branch.get(Branch.name == "龍田").id),
        now=NOW,
    )  # fmt: skip
    assert [(row.label, row.value) for row in drafts.rows(draft)] == [
        ("パスワード", ""),
        ("E-mail1", "abc@gmail.com [自PC]"),
        ("E-mail2", "[自PC]"),
        ("登録完了メール配信先", "配信状態 停止"),
        ("予約関連メール配信先", "配信状態 予約毎に個別選択"),
        ("SDI配信先", "自PC 配信状態 SDI設定で個別に選択"),
        ("返却期限通知", "自PC 配信状態 配信 1日前"),
        ("予約受取館", "龍田"),
        ("予約連絡方法", "メール"),
        ("電話連絡先", "携帯電話"),
        ("貸出履歴", "残す"),
    ]
    assert [row.label for row in drafts.rows(draft) if not row.changed] == [
        "パスワード", "E-mail2", "登録完了メール配信先", "予約関連メール配信先", "電話連絡先",
    ]  # fmt: skip
    assert {row.label: row.before for row in drafts.rows(draft)}["予約受取館"] == "本館"


def test_a_fresh_sign_in_is_enough_to_change_an_address_for_ten_minutes(patron):
    draft = drafts.store(patron, changed(patron, email1="abc@example.jp"), now=NOW)
    assert not drafts.needs_password(draft, authenticated_at=NOW - timedelta(minutes=10), now=NOW)
    assert drafts.needs_password(draft, authenticated_at=NOW - timedelta(minutes=10, seconds=1), now=NOW)
    other = drafts.store(patron, changed(patron, keep_history=True), now=NOW)
    assert not drafts.needs_password(other, authenticated_at=NOW - timedelta(hours=5), now=NOW)


# -- apply -----------------------------------------------------------------------------------------------------------
def test_all_fields_change_together_with_the_receipt(patron):
    tatsuda = factories.branch("龍田")
    receipt = change(
        patron, email1="abc@gmail.com", email1_kind="pc", email2="a@docomo.ne.jp", email2_kind="mobile",
        registration_pc=True, registration_active=True, hold_pc=True, sdi_mobile=True, due_pc=True, due_mobile=True,
        due_active=True, due_days=3, pickup_branch=tatsuda.id, contact_method="mail", contact_phone="home",
        keep_history=True,
    )  # fmt: skip
    assert profile.stored(fresh(patron)) == {
        "email1": "abc@gmail.com", "email1_kind": "pc", "email2": "a@docomo.ne.jp", "email2_kind": "mobile",
        "registration_pc": True, "registration_mobile": False, "registration_active": True,
        "hold_pc": True, "hold_mobile": False, "sdi_pc": False, "sdi_mobile": True,
        "due_pc": True, "due_mobile": True, "due_active": True, "due_days": 3,
        "pickup_branch": tatsuda.id, "contact_method": "mail", "contact_phone": "home", "keep_history": True,
    }  # fmt: skip
    assert receipt.details["fields"] == list(profile.GROUPS)
    assert MailPreference.select().count() == 4


def test_a_new_password_signs_in_and_ends_every_other_session(patron):
    here = signing_in.sign_in(patron.card_number, PASSWORD, now=NOW)
    there = signing_in.sign_in(patron.card_number, PASSWORD, now=NOW)
    hashed = changes.new_password(patron, PASSWORD, NEW_PASSWORD, NEW_PASSWORD, now=NOW)
    change(patron, session=sessions.find(here.token, now=NOW), password_hash=hashed)
    assert sessions.find(here.token, now=NOW)
    assert sessions.find(there.token, now=NOW) is None
    assert passwords.verify(fresh(patron).password_hash, NEW_PASSWORD)


def test_mails_go_to_the_chosen_address_the_ticked_kinds_every_old_address_and_each_new_one(patron):
    factories.address(patron, "old@example.jp")
    choices = changes.Choices(confirmation_to="new@example.jp")
    change(patron, choices, email1="new@example.jp", registration_pc=True, registration_active=True)
    assert sorted(mails()) == [
        ("acknowledgement", "new@example.jp"),
        ("registered", "new@example.jp"),
        ("security", "old@example.jp"),
        ("verify", "new@example.jp"),
    ]


def test_five_new_addresses_a_day_so_that_nobody_has_us_flood_a_mailbox(patron):
    for number in range(changes.NEW_ADDRESSES_A_DAY):
        change(patron, email1=("flooded@example.jp", "own@example.jp")[number % 2])
    for moment in (NOW, NOW + timedelta(hours=23)):
        with pytest.raises(errors.RefusedTogether) as refused:
            change(patron, email1="own@example.jp", now=moment)
        (refusal,) = refused.value.by_field["email1"]
        assert refusal.sentence == (
            "新しいメールアドレスを登録できるのは、1日に5回までです。お急ぎのときは、図書館の窓口へお申し出ください。"
        )
    change(patron, email1="flooded@example.jp", email1_kind="mobile")
    change(patron, email1="own@example.jp", now=NOW + timedelta(days=1))


def test_a_password_change_is_told_to_the_addresses_on_file(patron):
    factories.address(patron, "one@example.jp")
    factories.address(patron, "two@example.jp", position=2)
    change(patron, password_hash=passwords.hash_password(NEW_PASSWORD))
    assert mails() == [("security", "one@example.jp"), ("security", "two@example.jp")]


def test_a_change_of_anything_else_sends_nothing_unasked(patron):
    factories.address(patron)
    change(patron, keep_history=True, contact_method="mail")
    assert mails() == []


def test_the_confirmation_goes_to_no_address_that_is_not_there(patron):
    factories.address(patron)
    with pytest.raises(errors.RefusedTogether):
        change(patron, changes.Choices(confirmation_to="stranger@example.jp"), keep_history=True)
    assert (mails(), fresh(patron).keep_history) == ([], False)


def test_facts_of_an_address_move_with_it(patron):
    factories.address(patron, "one@example.jp", verified_at=NOW)
    factories.address(patron, "two@example.jp", position=2)
    change(patron, email1="two@example.jp", email2="one@example.jp")
    rows = {row.address: row for row in PatronAddress.select()}
    assert rows["one@example.jp"].position == 2
    assert rows["one@example.jp"].verified_at == NOW
    assert rows["two@example.jp"].verified_at is None
    assert "verify" not in dict(mails())


def test_history_is_deleted_only_when_that_is_said(patron):
    factories.history(patron)
    factories.history(factories.patron())
    change(patron, keep_history=True)
    change(fresh(patron), keep_history=False)
    assert HistoryEntry.select().count() == 2
    change(fresh(patron), keep_history=True)
    receipt = change(fresh(patron), changes.Choices(delete_history=True), keep_history=False)
    assert HistoryEntry.select().where(HistoryEntry.patron == patron).count() == 0
    assert HistoryEntry.select().count() == 1
    assert receipt.details["history_deleted"] == 1


def test_open_holds_follow_when_that_is_said_but_not_those_on_their_way(patron):
    tatsuda = factories.branch("龍田")
    waiting = factories.hold(patron, factories.title("草枕"))
    moving = factories.hold(patron, factories.title("三四郎"), state="in_transit")
    change(patron, pickup_branch=tatsuda.id)
    assert Hold.get_by_id(waiting.id).pickup_branch != tatsuda
    honkan = factories.branch("本館")
    change(fresh(patron), pickup_branch=honkan.id)
    change(fresh(patron), changes.Choices(update_holds=True), pickup_branch=tatsuda.id)
    assert Hold.get_by_id(waiting.id).pickup_branch == tatsuda
    assert Hold.get_by_id(moving.id).pickup_branch != tatsuda


def test_a_rule_that_turned_against_the_draft_refuses_it_whole(patron):
    tatsuda = factories.branch("龍田")
    draft = drafts.store(patron, changed(patron, pickup_branch=tatsuda.id, keep_history=True), now=NOW)
    Branch.update(pickup=False).where(Branch.id == tatsuda.id).execute()
    with pytest.raises(errors.RefusedTogether):
        changes.apply(draft, changes.Choices(), now=NOW)
    assert fresh(patron).keep_history is False


# -- afterwards ------------------------------------------------------------------------------------------------------
def test_the_record_of_changes_has_fields_and_no_values(patron):
    factories.address(patron, "old@example.jp")
    change(patron, email1="new@example.jp", password_hash=passwords.hash_password(NEW_PASSWORD))
    told = changes.past_changes(patron)[0]
    assert told.details["fields"] == ["password", "email1"]
    assert "example.jp" not in str(told.details)


def test_the_audit_log_can_be_neither_changed_nor_shortened(patron, db):
    receipt = change(patron, keep_history=True)
    for sql in ("UPDATE audit SET action = 'x'", "DELETE FROM audit"):
        with pytest.raises(Exception, match="audit rows"), db.atomic():
            db.execute_sql(sql)
    assert Audit.get_by_id(receipt.id).action == "profile.changed"


def test_a_test_mail_goes_out_once_in_ten_minutes(patron):
    factories.address(patron, verified_at=NOW)
    changes.send_test_mail(patron, 1, now=NOW)
    with pytest.raises(errors.TestMailTooSoon) as caught:
        changes.send_test_mail(patron, 1, now=NOW + timedelta(minutes=4))
    assert caught.value.facts["n"] == 6
    changes.send_test_mail(patron, 1, now=NOW + timedelta(minutes=10))
    assert mails() == [("test", "abc@example.jp")] * 2


def test_a_test_mail_to_an_unverified_address_brings_a_new_verification(patron):
    factories.address(patron)
    changes.send_test_mail(patron, 1, now=NOW)
    assert sorted(mails()) == [("test", "abc@example.jp"), ("verify", "abc@example.jp")]


# -- password --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ((PASSWORD, "", ""), {"new_password": errors.NewPasswordMissing,
         "new_password_again": errors.NewPasswordAgainMissing}),
        (("", NEW_PASSWORD, NEW_PASSWORD), {"current_password": errors.CurrentPasswordMissing}),
        ((PASSWORD, NEW_PASSWORD, ""), {"new_password_again": errors.NewPasswordAgainMissing}),
        ((PASSWORD, NEW_PASSWORD, "other"), {"new_password_again": errors.NewPasswordsDiffer}),
        (("wrong", NEW_PASSWORD, NEW_PASSWORD), {"current_password": errors.CurrentPasswordWrong}),
        ((PASSWORD, PASSWORD, PASSWORD), {"new_password": errors.PasswordIsCurrent}),
        ((PASSWORD, "short", "short"), {"new_password": errors.PasswordTooShort}),
    ],
)  # fmt: skip
def test_all_three_or_none(patron, typed, refused):
    with pytest.raises(errors.RefusedTogether) as caught:
        changes.new_password(patron, *typed, now=NOW)
    assert {name: type(found[0]) for name, found in caught.value.by_field.items()} == refused


def test_all_empty_means_unchanged(patron):
    assert changes.new_password(patron, "", "", "", now=NOW) == ""


def test_a_wrong_current_password_counts_in_the_throttle(patron):
    for number in range(5):
        with pytest.raises(errors.RefusedTogether):
            changes.new_password(patron, f"wrong-{number}", NEW_PASSWORD, NEW_PASSWORD, now=NOW)
    with pytest.raises(errors.CurrentPasswordTooOften):
        signing_in.check_current(patron, PASSWORD, now=NOW)


def test_deliverable_addresses_are_of_a_ticked_kind_and_not_known_to_be_dead(patron):
    factories.address(patron, "pc@example.jp")
    factories.address(patron, "dead@example.jp", "pc", 2, undeliverable_at=NOW)
    factories.preference(patron, "due", to_pc=True, active=True)
    assert [row.address for row in patrons.deliverable(patron, "due")] == ["pc@example.jp"]


def test_a_patron_may_borrow_until_the_last_day_of_the_card(db):
    patron = factories.patron(expires_on=date(2026, 11, 25))
    assert patrons.may_borrow(patron, today=date(2026, 11, 25))
    assert not patrons.may_borrow(patron, today=date(2026, 11, 26))


def test_a_group_cannot_choose_to_keep_its_loans(db):
    group = factories.patron(category="団体", birth_date=None)
    assert [errors.GroupKeepsNoHistory] in problems(group, keep_history=True).values()
