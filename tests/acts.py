"""Acts: each POST route is plain, a step or an undo. ``tests.pages`` looks for steps on every page that a test opens."""

from functools import cache
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException

# plain  it can be taken back at once, with the act that is named; or there is nothing to take back:
#          again    sent again it is as it was before: a form that shows what is stored, or a choice
#          nothing  it asks, shows, sends to who pressed it, or goes on to a page that asks; nothing is stored that anybody would miss
#          done     it writes down what somebody has done by hand: a scan, a call, a postcard
# step   it can't be taken back: its form stands on the page that is named, which says what will be and has a way back, and on no other
#        (but those that are named after it, which show the same)
# undo   元に戻す takes it back for some minutes, by the act that is named
# A route that does several things has a row for each: the word that stands in its address.
ACTS = """
cart.add                            plain  cart.remove
cart.choose                         plain  again
cart.move                           plain  again
cart.place                          step   cart.confirm
cart.remove                         undo   my.take_back
closing.request_closing             step   closing.confirm
closing.withdraw                    plain  closing.request_closing
data.download                       plain  nothing
desk.accounts.add                   plain  desk.accounts.change
desk.accounts.change role           plain  again
desk.accounts.change disable        plain  desk.accounts.change
desk.accounts.change enable         plain  desk.accounts.change
desk.accounts.change sessions       plain  desk.session.sign_in
desk.accounts.change password       step   desk.accounts.ask_change
desk.accounts.change factors        step   desk.accounts.ask_change
desk.again.options                  plain  nothing
desk.again.prove                    plain  nothing
desk.articles.write                 plain  again
desk.branch.choose                  plain  again
desk.branches.add                   plain  desk.branches.close
desk.branches.change                plain  again
desk.branches.close                 step   desk.branches.ask_closing
desk.branches.move                  plain  again
desk.branches.reopen                plain  desk.branches.close
desk.calendar.add_rule              plain  desk.calendar.remove_rule
desk.calendar.change_days           plain  desk.calendar.take_back_days
desk.calendar.remove_rule           plain  desk.calendar.add_rule
desk.calendar.take_back_days        plain  desk.calendar.change_days
desk.categories.change              undo   desk.categories.undo
desk.categories.undo                plain  desk.categories.change
desk.checkout.check_out             undo   desk.checkout.undo
desk.checkout.next_patron           plain  nothing
desk.checkout.undo                  plain  desk.checkout.check_out
desk.closing.close                  step   desk.closing.ask
desk.discovery.check                plain  nothing
desk.ebook_services.add             plain  desk.ebook_services.remove
desk.ebook_services.remove          step   desk.ebook_services.ask_removal
desk.ebooks.add                     plain  desk.ebooks.withdraw
desk.ebooks.change                  plain  again
desk.ebooks.send                    plain  nothing
desk.ebooks.withdraw                step   desk.ebooks.ask_withdrawal
desk.face.change                    plain  again
desk.face.remove_logo               step   desk.face.ask_logo_removal
desk.family.change                  plain  again
desk.family.end                     step   desk.family.ask_end
desk.family.stay                    plain  desk.family.end
desk.family.write_consent           plain  desk.family.end
desk.features.delete                step   desk.features.ask_deletion
desk.features.move                  plain  again
desk.features.write                 plain  again
desk.headings.join                  plain  desk.headings.part
desk.headings.part                  plain  desk.headings.join
desk.holds.name_place               plain  again
desk.holds.put_back                 plain  done
desk.holds.scan                     plain  done
desk.holds.serve contacted          plain  done
desk.holds.serve missing            plain  done
desk.holds.serve cancel             step   desk.holds.ask_cancel
desk.imports.assign_columns         plain  again
desk.imports.assign_values          plain  again
desk.imports.carry_out              step   desk.imports.show
desk.imports.send                   plain  nothing
desk.imports.stop                   plain  desk.imports.carry_out
desk.imports.take_form              plain  desk.numbers.remove
desk.items.change                   plain  again
desk.items.set_state                plain  again
desk.items.settle lost              plain  desk.returns.give_back
desk.items.settle claimed           plain  desk.items.settle
desk.items.settle rejected          plain  done
desk.items.settle damaged           plain  desk.items.settle
desk.items.settle settled           step   desk.items.ask_settled
desk.labels.print_sheets            plain  nothing
desk.lists.write                    plain  nothing
desk.merges.create                  step   desk.merges.new
desk.move.confirm                   plain  desk.move.reopen
desk.move.confirm_counts            plain  desk.move.reopen
desk.move.begin                     plain  desk.move.open_library
desk.move.confirm_numbers           plain  desk.move.reopen
desk.move.discard                   step   desk.move.ask_discard
desk.move.open_library              step   desk.move.ask_opening
desk.move.reopen                    plain  desk.move.confirm
desk.move.try_copy                  plain  nothing
desk.move_sample.confirm            plain  desk.move.reopen
desk.move_sample.draw               plain  again
desk.move_sample.judge              plain  again
desk.notices.send_again             plain  nothing
desk.numbers.add                    plain  desk.numbers.remove
desk.numbers.change                 plain  again
desk.numbers.remove                 step   desk.numbers.ask_removal
desk.offline.install                plain  desk.offline.remove
desk.offline.remove                 plain  desk.offline.install
desk.offline_entries.resolve        step   desk.offline_entries.ask_resolution
desk.offline_entries.retry          plain  done
desk.offline_entries.take           plain  done
desk.offline_paper.enter            plain  done
desk.offline_paper.make             plain  nothing
desk.other_numbers.add              plain  desk.other_numbers.remove
desk.other_numbers.remove           step   desk.other_numbers.ask_removal
desk.patrons.change                 plain  again
desk.patrons.give_number            plain  nothing
desk.patrons.register               plain  desk.closing.close
desk.patrons.search                 plain  nothing
desk.patrons.serve suspend          plain  desk.patrons.serve
desk.patrons.serve resume           plain  desk.patrons.serve
desk.patrons.serve renew            plain  desk.patrons.change
desk.patrons.serve lost             step   desk.patrons.ask_new_number
desk.patrons.serve password         step   desk.patrons.ask_password
desk.patrons.serve release          plain  nothing
desk.patrons.serve note             plain  again
desk.patrons.show_address           plain  nothing
desk.pictures.put                   plain  again
desk.pictures.remove                step   desk.pictures.ask_removal
desk.policies.change                plain  again
desk.policies.change_lending        plain  again
desk.policies.register_network      plain  desk.policies.change
desk.policies.remove_lending        step   desk.policies.ask_lending_removal
desk.postcards.make                 plain  nothing
desk.postcards.note_sent            plain  done
desk.published_answers.write        plain  again
desk.questions.answer               step   desk.questions.show
desk.questions.close                step   desk.questions.show
desk.questions.prepare_publication  plain  again
desk.questions.take                 plain  again
desk.questions.withdraw_consent     step   desk.questions.show desk.questions.take
desk.renewals.renew                 plain  done
desk.renewals.renew_all             plain  done
desk.renewals.scan                  plain  done
desk.returns.give_back              undo   desk.returns.undo
desk.returns.undo                   plain  desk.returns.give_back
desk.scan.look_up                   plain  nothing
desk.second_factor.add_passkey      plain  desk.second_factor.remove_passkey
desk.second_factor.begin_app        plain  nothing
desk.second_factor.confirm_app      plain  desk.second_factor.remove_app
desk.second_factor.passkey_options  plain  nothing
desk.second_factor.remove_app       step   desk.second_factor.ask_app_removal
desk.second_factor.remove_passkey   step   desk.second_factor.ask_passkey_removal
desk.second_factor.renew_codes      step   desk.second_factor.ask_new_codes
desk.second_step.give               plain  nothing
desk.second_step.options            plain  nothing
desk.session.password               plain  again
desk.session.sign_in                plain  session.logout
desk.setup.index                    step   desk.setup.index
desk.sign_ins.end                   plain  nothing
desk.status.run_job                 plain  nothing
desk.stocktakings.begin             plain  desk.stocktakings.close
desk.stocktakings.close             step   desk.stocktakings.ask_close
desk.stocktakings.read_scans        plain  done
desk.stocktakings.scan              plain  done
desk.terminal.mark                  plain  again
desk.texts.change                   plain  again
desk.texts.ship                     step   desk.texts.ask_shipped
desk.title_holds.place              plain  desk.holds.serve
desk.titles.add                     plain  desk.titles.remove
desk.titles.add_item                plain  desk.items.set_state
desk.titles.change                  plain  again
desk.titles.remove                  step   desk.titles.ask_removal
desk.works.join                     plain  desk.works.part
desk.works.part                     plain  desk.works.join
display.change                      plain  again
due_calendar.end                    step   due_calendar.confirm
due_calendar.make                   plain  due_calendar.end
due_calendar.renew                  step   due_calendar.confirm
due_calendar.show_titles            plain  again
ebooks.borrow                       plain  ebooks.give_back
ebooks.give_back                    step   ebooks.ask_return
ebooks.leave                        step   ebooks.ask_leave
ebooks.renew_link                   step   ebooks.ask_link ebooks.index
ebooks.wait                         plain  ebooks.leave
family.agree                        plain  family.end
family.ask                          plain  family.end
family.change                       plain  again
family.confirm_address              plain  display.change
family.draw                         plain  again
family.end                          step   family.ask_end
family.renew                        undo   my.take_back
family.stay                         plain  family.end
history.choose                      plain  nothing
history.delete                      step   history.ask_deletion
history.note                        plain  again
holds.cancel                        step   holds.ask_cancel
holds.change_pickup                 plain  again
holds.extend                        plain  holds.cancel
holds.restore                       plain  holds.cancel
holds.resume                        plain  holds.suspend
holds.suspend                       plain  holds.resume
holds.yield_turn                    step   holds.ask_yield
loans.claim                         step   loans.ask_claim
loans.renew                         undo   my.take_back
loans.renew_several                 undo   my.take_back
loans.renew_shown                   undo   my.take_back
mail.stop                           step   mail.stop
mail.stop_password                  step   mail.stop_password
mail.verify                         step   mail.verify
my.end_session                      plain  session.sign_in
my.take_back                        plain  again
oai.answer_posted                   plain  nothing
passkeys.add                        plain  passkeys.remove
passkeys.options                    plain  nothing
passkeys.remove                     plain  passkeys.add
profile.apply                       step   profile.confirm
profile.check                       plain  nothing
profile.check_and_keep              plain  again
profile.discard                     plain  nothing
profile.test_mail                   plain  nothing
push.add                            plain  push.remove
push.change                         plain  again
push.remove                         plain  push.add
questions.set_consent               plain  again
reader.look                         plain  again
reader.mark                         plain  again
reference.look                      plain  nothing
reference.revise                    plain  nothing
reference.send                      step   reference.confirm reference.look
sdi.remove                          step   sdi.confirm_removal
sdi.rename                          plain  again
sdi.save                            plain  sdi.remove
sdi.switch                          plain  again
seal.delete                         step   seal.ask_deletion
seal.mail                           plain  nothing
seal.open                           step   seal.ask_opening
seal.take_back_deletion             plain  nothing
session.first_password              plain  profile.apply
session.logout                      plain  session.sign_in
session.passkey_options             plain  nothing
session.reset                       plain  nothing
session.reset_with                  step   session.reset_with
session.sign_in                     plain  session.logout
session.sign_in_by_passkey          plain  session.logout
shelves.add                         plain  shelves.take_off
shelves.change_link publish         plain  shelves.change_link
shelves.change_link renew           step   shelves.ask_link
shelves.change_link withdraw        step   shelves.ask_link
shelves.choose_view                 plain  again
shelves.create                      plain  shelves.delete
shelves.delete                      step   shelves.ask_delete
shelves.describe                    plain  again
shelves.mark                        plain  again
shelves.mark_read                   plain  again
shelves.move_book                   plain  again
shelves.move_shelf                  plain  again
shelves.put_in_cart                 plain  cart.remove
shelves.read_file                   step   shelves.confirm_file
shelves.send_file                   plain  nothing
shelves.take_off                    undo   my.take_back
shelves.take_off_several            undo   my.take_back
shelves.write_note                  plain  again
site.text_size                      plain  again
"""
MARKS = ("plain", "step", "undo")
NOTHING_TO_TAKE_BACK = ("again", "nothing", "done")


@cache
def table() -> dict[tuple[str, str], tuple[str, tuple[str, ...]]]:
    """Return each act, as endpoint and the word in its address, with its mark and what takes it back or the pages it stands on."""
    rows = {}
    for line in ACTS.strip().splitlines():
        named, mark, ways = line[:36].split(), line[36:].split()[0], line[36:].split()[1:]
        rows[named[0], named[1] if named[1:] else ""] = (mark, tuple(ways))
    return rows


def act_at(app, address: str) -> tuple[str, str]:
    """Return the act to which a form is sent: its endpoint, and the word in the address where that has several."""
    try:
        endpoint, values = app.url_map.bind("").match(urlsplit(address).path, method="POST")
    except HTTPException:  # a form of another site, or one that a test made
        return "", ""
    words = [value for value in values.values() if (endpoint, value) in table()]
    return endpoint, words[0] if words else ""


def stray_steps(app, page, method: str, address: str) -> list[str]:
    """Return the acts of a page that can't be taken back and belong on another, which asks first. A refused one is shown again where it is."""
    here, found = _asking(_endpoint(app, address, method)), []
    for sent_to in _sent_to(page, address):
        act = act_at(app, sent_to)
        mark, pages = table().get(act, ("", ()))
        if mark == "step" and not here & {*pages, act[0], "desk.again.index"}:
            found.append(f"{sent_to} stands on {address}, which does not ask first")
    return found


def _asking(endpoint: str) -> set[str]:
    """Return an endpoint, with the pages that it shows again when what was sent to it is refused or looked at."""
    shown = [pages for (act, _), (mark, pages) in table().items() if act == endpoint and mark == "step"]
    return {endpoint}.union(*shown)


def _sent_to(page, address: str) -> list[str]:
    forms = [form for form in page.iter("form") if form.get("method", "").lower() == "post"]
    buttons = [button for button in page.iter("button") if button.get("formmethod") != "get"]
    return [form.get("action") or address for form in forms] + [
        each.get("formaction") for each in buttons if each.get("formaction")
    ]


def _endpoint(app, address: str, method: str) -> str:
    try:
        return app.url_map.bind("").match(urlsplit(address).path, method=method)[0]
    except HTTPException:  # an address that is not there
        return ""
