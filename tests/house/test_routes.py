"""The rights of every sort of visitor: every address and method by every sort of visitor, the answer written out."""

from datetime import date

import pytest
from flask import url_for

from library import clock
from library.access import sessions
from models import Draft, PatronAddress, Session, Staff, database
from tests import factories
from tests.pages import Browser

FIRST_PASSWORD = "/login/first-password"
SIGN_INS = {"SIGN-IN": "/login", "DESK": "/desk/login"}
REFUSED = (*SIGN_INS, "FIRST", "403")
# {own}, {other}: a session of one's own and of another patron, {own_loan} and the like what they have. A path after the status is where it leads.
ANSWERS = """
endpoint                  method  address                            nobody           first_password   patron            desk                 admin
site.front                GET     /                                  200              FIRST            200               200                  200
site.theme                GET     /theme-none.css                    404              404              404               404                  404
site.text_size            POST    /text-size                         303 /            303 /            303 /             303 /                303 /
health.healthz            GET     /healthz                           200              200              200               200                  200
health.readyz             GET     /readyz                            503              503              503               503                  503
health.numbers            GET     /metrics                           200              200              200               200                  200
copies.newest             GET     /backup/latest                     404              FIRST            404               404                  404
site.favicon              GET     /favicon.ico                       200              200              200               200                  200
site.worker               GET     /sw.js                             200              200              200               200                  200
site.manifest             GET     /manifest.webmanifest              200              200              200               200                  200
styleguide.index          GET     /styleguide                        404              FIRST            404               404                  404
styleguide.desk           GET     /styleguide/desk                   404              FIRST            404               404                  404
catalog.search            GET     /search                            200              FIRST            200               200                  200
catalog.advanced          GET     /search/advanced                   200              FIRST            200               200                  200
catalog.subjects          GET     /subjects                          200              FIRST            200               200                  200
catalog.subject           GET     /subjects/99999                    404              FIRST            404               404                  404
catalog.person            GET     /people/99999                      404              FIRST            404               404                  404
catalog.series            GET     /series/99999                      404              FIRST            404               404                  404
catalog.results_file      GET     /search.ris                        200              FIRST            200              200              200
catalog.title_file        GET     /titles/99999.bib                  404              FIRST            404              404              404
catalog.cover             GET     /covers/9784003101993.webp         404              FIRST            404               404                  404
catalog.suggest           GET     /suggest?q=あ                       204              FIRST            204              204              204
catalog.title             GET     /titles/99999                      404              FIRST            404               404                  404
isbn.page                 GET     /isbn/9784003101993                404              FIRST            404               404                  404
isbn.state                GET     /isbn/9784003101993.json           404              FIRST            404               404                  404
isbn.states               GET     /isbn.json                         400              FIRST            400               400                  400
catalog.classes           GET     /classes                           200              FIRST            200               200                  200
catalog.shelf             GET     /shelf                             200              FIRST            200               200                  200
catalog.authors           GET     /authors                           200              FIRST            200               200                  200
catalog.new               GET     /new                               200              FIRST            200               200                  200
catalog.new_feed          GET     /new.atom                          200              FIRST            200               200                  200
catalog.ranking           GET     /rankings/loans                    200              FIRST            200               200                  200
catalog.ranking           GET     /rankings/holds                    200              FIRST            200               200                  200
oai.answer                GET     /oai?verb=Identify                 200              FIRST            200               200                  200
oai.answer_posted         POST    /oai                               200              FIRST            200               200                  200
sru.answer                GET     /sru                               200              FIRST            200               200                  200
discovery.description     GET     /opensearch.xml                    200              FIRST            200               200                  200
discovery.robots          GET     /robots.txt                        200              FIRST            200               200                  200
discovery.sitemaps        GET     /sitemap.xml                       200              FIRST            200               200                  200
discovery.pages           GET     /sitemap-pages.xml                 200              FIRST            200               200                  200
discovery.sitemap         GET     /sitemap-1.xml                     404              FIRST            404               404                  404
places.index              GET     /access                            200              FIRST            200             200                  200
places.branch             GET     /access/99                         404              FIRST            404             404                  404
guide.index               GET     /guide                             200              FIRST            200             200                  200
guide.sitemap             GET     /sitemap                           200              FIRST            200             200                  200
news.index                GET     /news                              200              FIRST            200             200                  200
news.show                 GET     /news/99999                        404              FIRST            404             404                  404
news.feed                 GET     /news.atom                         200              FIRST            200             200                  200
pages.faq                 GET     /faq                               200              FIRST            200             200                  200
pages.privacy             GET     /privacy                           200              FIRST            200             200                  200
pages.accessibility       GET     /accessibility                     200              FIRST            200             200                  200
pages.results             GET     /accessibility/results             200              FIRST            200             200                  200
pages.show                GET     /pages/none                        404              FIRST            404             404                  404
features.index            GET     /features                          200              FIRST            200             200                  200
features.titles_file      GET     /features/none.ris                 404              FIRST            404              404              404
features.show             GET     /features/none                     404              FIRST            404             404                  404
pictures.show             GET     /pictures/none.jpg                 404              404              404             404                  404
static                    GET     /static/app.css                    200              200              200               200                  200
reference.index           GET     /reference                         200              FIRST            200              200              200
reference.show            GET     /reference/99999                   404              FIRST            404              404              404
reference.ask             GET     /reference/ask                     200              FIRST            200              200              200
reference.revise          POST    /reference/ask                     200              FIRST            200              200              200
reference.confirm         GET     /reference/ask/confirm             303 /reference/ask FIRST            303 /reference/ask 303 /reference/ask 303 /reference/ask
reference.look            POST    /reference/ask/confirm             422              FIRST            422              422              422
reference.done            GET     /reference/ask/done                303 /reference/ask FIRST            303 /reference/ask 303 /reference/ask 303 /reference/ask
reference.send            POST    /reference/ask/done                422              FIRST            422              422              422
questions.index           GET     /my/questions                      SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
questions.show            GET     /my/questions/{own_question}       SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
questions.show            GET     /my/questions/{other_question}     SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
questions.set_consent     POST    /my/questions/{other_question}/consent SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
session.login             GET     /login                             200              FIRST            302 /my/          200                  200
session.sign_in           POST    /login                             422              FIRST            422               422                  422
session.first_password    GET     /login/first-password              303 /login       200              303 /my/          303 /login           303 /login
session.first_password    POST    /login/first-password              303 /login       422              303 /my/          303 /login           303 /login
session.passkey_options   POST    /login/passkey/options             404              FIRST            404               404                  404
session.sign_in_by_passkey POST   /login/passkey                     404              FIRST            404               404                  404
session.reset             GET     /login/reset                       200              FIRST            200               200                  200
session.reset             POST    /login/reset                       200              FIRST            200               200                  200
session.reset_with        GET     /login/reset/dead                  410              FIRST            410               410                  410
session.reset_with        POST    /login/reset/dead                  410              FIRST            410               410                  410
session.stay              GET     /my/stay                           SIGN-IN          FIRST            204              SIGN-IN              SIGN-IN
session.logout            POST    /logout                            303 /login       303 /login       303 /login        303 /desk/login      303 /desk/login
mail.verify               GET     /mail/verify/dead                  410              FIRST            410               410                  410
mail.verify               POST    /mail/verify/dead                  410              FIRST            410               410                  410
mail.stop                 GET     /mail/stop/dead                    410              FIRST            410               410                  410
mail.stop                 POST    /mail/stop/dead                    410              FIRST            410               410                  410
mail.stop_password        GET     /seal/stop/dead                    410              FIRST            410               410                  410
mail.stop_password        POST    /seal/stop/dead                    410              FIRST            410               410                  410
passkeys.index            GET     /my/passkeys                       SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
passkeys.options          POST    /my/passkeys/options               SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
passkeys.add              POST    /my/passkeys                       SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
passkeys.remove           POST    /my/passkeys/99999/removal         SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
push.index                GET     /my/push                           SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
push.add                  POST    /my/push                           SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
push.change               POST    /my/push/99999/kinds               SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
push.remove               POST    /my/push/99999/removal             SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
seal.index                GET     /my/seal                           SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
seal.mail                 POST    /my/seal                           SIGN-IN          FIRST            303 /my/seal      SIGN-IN              SIGN-IN
seal.ask_deletion         GET     /my/seal/deletion                  SIGN-IN          FIRST            303 /my/seal      SIGN-IN              SIGN-IN
seal.delete               POST    /my/seal/deletion                  SIGN-IN          FIRST            303 /my/seal      SIGN-IN              SIGN-IN
seal.ask_opening          GET     /my/seal/dead                      SIGN-IN          FIRST            410               SIGN-IN              SIGN-IN
seal.open                 POST    /my/seal/dead                      SIGN-IN          FIRST            410               SIGN-IN              SIGN-IN
my.index                  GET     /my/                               SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
card.index                GET     /my/card                           SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
my.sessions               GET     /my/sessions                       SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
my.end_session            POST    /my/sessions/{own}/end             SIGN-IN          FIRST            303 /my/sessions  SIGN-IN              SIGN-IN
my.end_session            POST    /my/sessions/{other}/end           SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
my.end_session            POST    /my/sessions/99999/end             SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
loans.index               GET     /my/loans                          SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
loans.renew               POST    /my/loans/{own_loan}/renewal       SIGN-IN          FIRST            303 /my/loans     SIGN-IN              SIGN-IN
loans.renew               POST    /my/loans/{other_loan}/renewal     SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
loans.renew_several       POST    /my/loans/renewals                 SIGN-IN          FIRST            303 /my/loans     SIGN-IN              SIGN-IN
loans.renew_shown         POST    /my/loans/renewals/shown           SIGN-IN          FIRST            303 /my/loans     SIGN-IN              SIGN-IN
my.take_back              POST    /my/undo/family/1                  SIGN-IN          FIRST            303 /my/family     SIGN-IN              SIGN-IN
my.take_back              POST    /my/undo/renewals/1                SIGN-IN          FIRST            303 /my/loans     SIGN-IN              SIGN-IN
loans.ask_claim           GET     /my/loans/{other_loan}/claim       SIGN-IN          FIRST            404             SIGN-IN              SIGN-IN
loans.claim               POST    /my/loans/{own_loan}/claim         SIGN-IN          FIRST            303 /my/loans     SIGN-IN              SIGN-IN
loans.claim               POST    /my/loans/{other_loan}/claim       SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
holds.index               GET     /my/holds                          SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
holds.ask_cancel          GET     /my/holds/{own_hold}/cancel        SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
holds.ask_cancel          GET     /my/holds/{other_hold}/cancel      SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
holds.cancel              POST    /my/holds/{own_hold}/cancel        SIGN-IN          FIRST            303 /my/holds     SIGN-IN              SIGN-IN
holds.cancel              POST    /my/holds/{other_hold}/cancel      SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
holds.restore             POST    /my/holds/{other_hold}/restoration SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
holds.restore             POST    /my/holds/{own_hold}/restoration   SIGN-IN          FIRST            303 /my/holds     SIGN-IN              SIGN-IN
holds.event               GET     /my/holds/{own_hold}.ics           SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
holds.event               GET     /my/holds/{other_hold}.ics         SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
holds.suspend             POST    /my/holds/{own_hold}/suspension    SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
holds.suspend             POST    /my/holds/{other_hold}/suspension  SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
holds.resume              POST    /my/holds/{own_hold}/resumption    SIGN-IN          FIRST            303 /my/holds     SIGN-IN              SIGN-IN
holds.resume              POST    /my/holds/{other_hold}/resumption  SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
holds.ask_yield           GET     /my/holds/{own_hold}/yielding      SIGN-IN          FIRST            200             SIGN-IN              SIGN-IN
holds.ask_yield           GET     /my/holds/{other_hold}/yielding    SIGN-IN          FIRST            404             SIGN-IN              SIGN-IN
holds.yield_turn          POST    /my/holds/{own_hold}/yielding      SIGN-IN          FIRST            303 /my/holds     SIGN-IN              SIGN-IN
holds.yield_turn          POST    /my/holds/{other_hold}/yielding    SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
holds.change_pickup       POST    /my/holds/{own_hold}/pickup-branch SIGN-IN          FIRST            303 /my/holds     SIGN-IN              SIGN-IN
holds.change_pickup       POST    /my/holds/{other_hold}/pickup-branch SIGN-IN        FIRST            404               SIGN-IN              SIGN-IN
holds.extend              POST    /my/holds/{own_hold}/extension     SIGN-IN          FIRST            303 /my/holds     SIGN-IN              SIGN-IN
holds.extend              POST    /my/holds/{other_hold}/extension   SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
cart.index                GET     /my/cart                           SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
cart.choose               POST    /my/cart                           SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
cart.add                  POST    /my/cart/titles                    SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
cart.remove               POST    /my/cart/{own_row}/removal         SIGN-IN          FIRST            303 /my/cart      SIGN-IN              SIGN-IN
cart.remove               POST    /my/cart/{other_row}/removal       SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
cart.move                 POST    /my/cart/{own_row}/up              SIGN-IN          FIRST            303 /my/cart      SIGN-IN              SIGN-IN
cart.move                 POST    /my/cart/{own_row}/down            SIGN-IN          FIRST            303 /my/cart      SIGN-IN              SIGN-IN
cart.move                 POST    /my/cart/{other_row}/up            SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
cart.confirm              GET     /my/cart/confirm                   SIGN-IN          FIRST            303 /my/cart      SIGN-IN              SIGN-IN
cart.place                POST    /my/cart/confirm                   SIGN-IN          FIRST            303 /my/cart      SIGN-IN              SIGN-IN
cart.done                 GET     /my/cart/done                      SIGN-IN          FIRST            303 /my/cart      SIGN-IN              SIGN-IN
shelves.index             GET     /my/shelves                        SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
shelves.create            POST    /my/shelves                        SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
shelves.order_shelves     GET     /my/shelves/order                  SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
shelves.move_shelf        POST    /my/shelves/order                  SIGN-IN          FIRST            303 /my/shelves/order SIGN-IN          SIGN-IN
shelves.choose            GET     /my/shelves/add                    SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.add               POST    /my/shelves/titles                 SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.mark              POST    /my/shelves/marks                  SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.show              GET     /my/shelves/{own_shelf}            SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
shelves.show              GET     /my/shelves/{other_shelf}          SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.choose_view       POST    /my/shelves/{other_shelf}/view     SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.edit              GET     /my/shelves/{own_shelf}/edit       SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
shelves.edit              GET     /my/shelves/{other_shelf}/edit     SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.describe          POST    /my/shelves/{own_shelf}/edit       SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
shelves.describe          POST    /my/shelves/{other_shelf}/edit     SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.ask_link          GET     /my/shelves/{other_shelf}/link/renew SIGN-IN          FIRST            404             SIGN-IN              SIGN-IN
shelves.change_link       POST    /my/shelves/{other_shelf}/link/publish SIGN-IN      FIRST            404               SIGN-IN              SIGN-IN
shelves.ask_delete        GET     /my/shelves/{own_shelf}/deletion   SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
shelves.ask_delete        GET     /my/shelves/{other_shelf}/deletion SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.delete            POST    /my/shelves/{own_shelf}/deletion   SIGN-IN          FIRST            303 /my/shelves   SIGN-IN              SIGN-IN
shelves.delete            POST    /my/shelves/{other_shelf}/deletion SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.order_books       GET     /my/shelves/{own_shelf}/order      SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
shelves.order_books       GET     /my/shelves/{other_shelf}/order    SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.move_book         POST    /my/shelves/{other_shelf}/order    SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.edit_book         GET     /my/shelves/{other_shelf}/books/1  SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.write_note        POST    /my/shelves/{other_shelf}/books/1  SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.mark_read         POST    /my/shelves/{other_shelf}/books/1/read SIGN-IN      FIRST            404               SIGN-IN              SIGN-IN
shelves.take_off          POST    /my/shelves/{other_shelf}/books/1/removal SIGN-IN   FIRST            404               SIGN-IN              SIGN-IN
shelves.take_off_several  POST    /my/shelves/{other_shelf}/removal  SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.put_in_cart       POST    /my/shelves/{other_shelf}/cart     SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.cart_answers      GET     /my/shelves/{other_shelf}/cart     SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.references_file   GET     /my/shelves/{own_shelf}.ris        SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
shelves.references_file   GET     /my/shelves/{other_shelf}.bib      SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
shelves.csv_file          GET     /my/shelves/{own_shelf}.csv        SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
shelves.csv_file          GET     /my/shelves/{other_shelf}.csv      SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.ask_file          GET     /my/shelves/{own_shelf}/import     SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
shelves.ask_file          GET     /my/shelves/{other_shelf}/import   SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.send_file         POST    /my/shelves/{own_shelf}/import     SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
shelves.send_file         POST    /my/shelves/{other_shelf}/import   SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
shelves.confirm_file      GET     /my/shelves/{other_shelf}/import/confirm SIGN-IN    FIRST            404               SIGN-IN              SIGN-IN
shelves.read_file         POST    /my/shelves/{other_shelf}/import/confirm SIGN-IN    FIRST            404               SIGN-IN              SIGN-IN
shelves.public            GET     /shelves/dead                      404              FIRST            404               404                  404
history.index             GET     /my/history                        SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
history.choose            POST    /my/history                        SIGN-IN          FIRST            303 /my/history   SIGN-IN              SIGN-IN
history.ask_deletion      GET     /my/history/deletion?entry={own_record} SIGN-IN     FIRST            200               SIGN-IN              SIGN-IN
history.ask_deletion      GET     /my/history/deletion?entry={other_record} SIGN-IN   FIRST            303 /my/history   SIGN-IN              SIGN-IN
history.delete            POST    /my/history/deletion               SIGN-IN          FIRST            303 /my/history/deletion/done SIGN-IN     SIGN-IN
history.deleted           GET     /my/history/deletion/done          SIGN-IN          FIRST            303 /my/history   SIGN-IN              SIGN-IN
history.record            GET     /my/history/{own_record}           SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
history.record            GET     /my/history/{other_record}         SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
history.note              POST    /my/history/{own_record}           SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
history.note              POST    /my/history/{other_record}         SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
history.passbook          GET     /my/history/passbook               SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
history.year              GET     /my/history/year                   SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
history.csv               GET     /my/history.csv                    SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
sdi.index                 GET     /my/sdi                            SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
sdi.new                   GET     /my/sdi/new?q=neko                 SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
sdi.save                  POST    /my/sdi                            SIGN-IN          FIRST            422              SIGN-IN          SIGN-IN
sdi.condition             GET     /my/sdi/{own_condition}            SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
sdi.condition             GET     /my/sdi/{other_condition}          SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
sdi.switch                POST    /my/sdi/{own_condition}/delivery   SIGN-IN          FIRST            303 /my/sdi      SIGN-IN          SIGN-IN
sdi.switch                POST    /my/sdi/{other_condition}/delivery SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
sdi.edit_name             GET     /my/sdi/{own_condition}/name       SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
sdi.edit_name             GET     /my/sdi/{other_condition}/name     SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
sdi.rename                POST    /my/sdi/{own_condition}/name       SIGN-IN          FIRST            422              SIGN-IN          SIGN-IN
sdi.rename                POST    /my/sdi/{other_condition}/name     SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
sdi.confirm_removal       GET     /my/sdi/{own_condition}/removal    SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
sdi.confirm_removal       GET     /my/sdi/{other_condition}/removal  SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
sdi.remove                POST    /my/sdi/{own_condition}/removal    SIGN-IN          FIRST            303 /my/sdi      SIGN-IN          SIGN-IN
sdi.remove                POST    /my/sdi/{other_condition}/removal  SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
notices.index             GET     /my/notices                        SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
notices.mail              GET     /my/notices/{own_mail}             SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
notices.mail              GET     /my/notices/{other_mail}           SIGN-IN          FIRST            404              SIGN-IN          SIGN-IN
due_calendar.index        GET     /my/calendar                       SIGN-IN          FIRST            200              SIGN-IN          SIGN-IN
due_calendar.make         POST    /my/calendar                       SIGN-IN          FIRST            303 /my/calendar SIGN-IN          SIGN-IN
due_calendar.show_titles  POST    /my/calendar/titles                SIGN-IN          FIRST            303 /my/calendar SIGN-IN          SIGN-IN
due_calendar.confirm      GET     /my/calendar/renewal               SIGN-IN          FIRST            303 /my/calendar SIGN-IN          SIGN-IN
due_calendar.confirm      GET     /my/calendar/end                   SIGN-IN          FIRST            303 /my/calendar SIGN-IN          SIGN-IN
due_calendar.renew        POST    /my/calendar/renewal               SIGN-IN          FIRST            303 /my/calendar SIGN-IN          SIGN-IN
due_calendar.end          POST    /my/calendar/end                   SIGN-IN          FIRST            303 /my/calendar SIGN-IN          SIGN-IN
due_calendar.feed         GET     /my/calendar/dead.ics              404              FIRST            404              404              404
ebooks.index              GET     /my/ebooks                         SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
ebooks.borrow             POST    /my/ebooks/99999/loan              SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
ebooks.wait               POST    /my/ebooks/99999/place             SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
ebooks.ask_leave          GET     /my/ebooks/places/{own_ebook_hold}/removal SIGN-IN          FIRST            200             SIGN-IN              SIGN-IN
ebooks.ask_leave          GET     /my/ebooks/places/{other_ebook_hold}/removal SIGN-IN          FIRST            404             SIGN-IN              SIGN-IN
ebooks.leave              POST    /my/ebooks/places/{own_ebook_hold}/removal SIGN-IN  FIRST            303 /my/ebooks    SIGN-IN              SIGN-IN
ebooks.leave              POST    /my/ebooks/places/{other_ebook_hold}/removal SIGN-IN FIRST           404               SIGN-IN              SIGN-IN
ebooks.ask_return         GET     /my/ebooks/loans/{own_ebook_loan}/return SIGN-IN          FIRST            200             SIGN-IN              SIGN-IN
ebooks.ask_return         GET     /my/ebooks/loans/{other_ebook_loan}/return SIGN-IN          FIRST            404             SIGN-IN              SIGN-IN
ebooks.give_back          POST    /my/ebooks/loans/{own_ebook_loan}/return SIGN-IN    FIRST            303 /my/ebooks    SIGN-IN              SIGN-IN
ebooks.give_back          POST    /my/ebooks/loans/{other_ebook_loan}/return SIGN-IN  FIRST            404               SIGN-IN              SIGN-IN
ebooks.ask_link           GET     /my/ebooks/link                    SIGN-IN          FIRST            303 /my/ebooks  SIGN-IN              SIGN-IN
ebooks.renew_link         POST    /my/ebooks/link                    SIGN-IN          FIRST            303 /my/ebooks#reading SIGN-IN         SIGN-IN
reader.read               GET     /my/ebooks/{own_ebook_loan}/read   SIGN-IN          FIRST            303 /my/ebooks/1/read/1 SIGN-IN           SIGN-IN
reader.read               GET     /my/ebooks/{other_ebook_loan}/read SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
reader.part               GET     /my/ebooks/{other_ebook_loan}/read/1 SIGN-IN        FIRST            404               SIGN-IN              SIGN-IN
reader.picture            GET     /my/ebooks/{other_ebook_loan}/read/files/1 SIGN-IN  FIRST            404               SIGN-IN              SIGN-IN
reader.mark               POST    /my/ebooks/{other_ebook_loan}/read/place SIGN-IN    FIRST            404               SIGN-IN              SIGN-IN
reader.look               POST    /my/ebooks/{other_ebook_loan}/read/look SIGN-IN     FIRST            404               SIGN-IN              SIGN-IN
ebook_files.file          GET     /ebooks/1.dead.epub                404              FIRST            404               404                  404
ebook_files.cover         GET     /ebooks/covers/99999               404              FIRST            404               404                  404
opds2.root                GET     /opds/v2/dead.dead.dead.dead.dead                  404              FIRST            404               404                  404
opds2.own_root            GET     /opds/v2                           401              FIRST            401               401                  401
opds2.shelf               GET     /opds/v2/dead.dead.dead.dead.dead/shelf            404              FIRST            404               404                  404
opds2.own_shelf           GET     /opds/v2/shelf                     401              FIRST            401               401                  401
opds2.books               GET     /opds/v2/dead.dead.dead.dead.dead/all              404              FIRST            404               404                  404
opds2.own_books           GET     /opds/v2/all                       401              FIRST            401               401                  401
opds2.search              GET     /opds/v2/dead.dead.dead.dead.dead/search           404              FIRST            404               404                  404
opds2.own_search          GET     /opds/v2/search                    401              FIRST            401               401                  401
opds2.publication         GET     /opds/v2/dead.dead.dead.dead.dead/ebooks/99999     404              FIRST            404               404                  404
opds2.own_publication     GET     /opds/v2/ebooks/99999              401              FIRST            401               401                  401
opds2.borrow              GET     /opds/v2/dead.dead.dead.dead.dead/ebooks/99999/loan 404              FIRST            404               404                  404
opds2.own_borrow          GET     /opds/v2/ebooks/99999/loan         401              FIRST            401               401                  401
opds2.authentication      GET     /opds/v2/authentication            200              FIRST            200               200                  200
opds.root                 GET     /opds/dead.dead.dead.dead.dead/                        404              FIRST            404               404                  404
opds.own_root             GET     /opds/                             401              FIRST            401               401                  401
opds.shelf                GET     /opds/dead.dead.dead.dead.dead/shelf                   404              FIRST            404               404                  404
opds.own_shelf            GET     /opds/shelf                        401              FIRST            401               401                  401
opds.books                GET     /opds/dead.dead.dead.dead.dead/all                     404              FIRST            404               404                  404
opds.own_books            GET     /opds/all                          401              FIRST            401               401                  401
opds.search               GET     /opds/dead.dead.dead.dead.dead/search                  404              FIRST            404               404                  404
opds.own_search           GET     /opds/search                       401              FIRST            401               401                  401
opds.description          GET     /opds/dead.dead.dead.dead.dead/search.xml              404              FIRST            404               404                  404
opds.own_description      GET     /opds/search.xml                   401              FIRST            401               401                  401
opds.borrow               GET     /opds/dead.dead.dead.dead.dead/ebooks/99999/loan       404              FIRST            404               404                  404
opds.own_borrow           GET     /opds/ebooks/99999/loan            401              FIRST            401               401                  401
profile.edit              GET     /my/profile                        SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
profile.check_and_keep    POST    /my/profile                        SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
profile.check             POST    /my/profile/check/email1           SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
profile.check             POST    /my/profile/check/nothing          SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
profile.discard           POST    /my/profile/discard                SIGN-IN          FIRST            303 /my/          SIGN-IN              SIGN-IN
profile.changes           GET     /my/profile/changes                SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
profile.confirm           GET     /my/profile/confirm                SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
profile.apply             POST    /my/profile/confirm                SIGN-IN          FIRST            409               SIGN-IN              SIGN-IN
profile.done              GET     /my/profile/done                   SIGN-IN          FIRST            303 /my/profile   SIGN-IN              SIGN-IN
profile.test_mail         POST    /my/profile/test-mail/1            SIGN-IN          FIRST            404               SIGN-IN              SIGN-IN
desk.index                GET     /desk/                             DESK             FIRST            DESK              302 /desk/checkout   302 /desk/checkout
desk.session.login        GET     /desk/login                        200              FIRST            200               302 /desk/           302 /desk/
desk.session.sign_in      POST    /desk/login                        422              FIRST            422               422                  422
desk.session.password     GET     /desk/password                     303 /desk/login  303 /desk/login  303 /desk/login   200                  200
desk.session.password     POST    /desk/password                     303 /desk/login  303 /desk/login  303 /desk/login   422                  422
desk.again.index          GET     /desk/again                       DESK             FIRST            DESK              200                  200
desk.again.prove          POST    /desk/again                       DESK             FIRST            DESK              303 /desk/           303 /desk/
desk.again.options        POST    /desk/again/options               DESK             FIRST            DESK              404                  404
desk.second_step.index    GET     /desk/login/second-factor         303 /desk/login  FIRST            303 /desk/login   303 /desk/login      303 /desk/login
desk.second_step.give     POST    /desk/login/second-factor         303 /desk/login  FIRST            303 /desk/login   303 /desk/login      303 /desk/login
desk.second_step.options  POST    /desk/login/second-factor/options 404              FIRST            404               404                  404
desk.second_factor.index  GET     /desk/second-factor               DESK             FIRST            DESK              200                  200
desk.second_factor.begin_app POST /desk/second-factor/app           DESK             FIRST            DESK              303 /desk/second-factor/app 303 /desk/second-factor/app
desk.second_factor.app    GET     /desk/second-factor/app           DESK             FIRST            DESK              303 /desk/second-factor 303 /desk/second-factor
desk.second_factor.confirm_app POST /desk/second-factor/app/code    DESK             FIRST            DESK              303 /desk/second-factor 303 /desk/second-factor
desk.second_factor.ask_app_removal GET     /desk/second-factor/app/removal    DESK             FIRST            DESK            200                  200
desk.second_factor.remove_app POST /desk/second-factor/app/removal  DESK             FIRST            DESK              303 /desk/second-factor 303 /desk/second-factor
desk.second_factor.passkey_options POST /desk/second-factor/passkeys/options DESK    FIRST            DESK              404                  404
desk.second_factor.add_passkey POST /desk/second-factor/passkeys    DESK             FIRST            DESK              404                  404
desk.second_factor.ask_passkey_removal GET     /desk/second-factor/passkeys/99999/removal DESK             FIRST            DESK            404                  404
desk.second_factor.remove_passkey POST /desk/second-factor/passkeys/99999/removal DESK FIRST          DESK              404                  404
desk.second_factor.ask_new_codes GET     /desk/second-factor/codes          DESK             FIRST            DESK            200                  200
desk.second_factor.renew_codes POST /desk/second-factor/codes       DESK             FIRST            DESK              303 /desk/second-factor 303 /desk/second-factor
desk.setup.index          GET     /desk/setup                        404              FIRST            404               404                  404
desk.setup.index          POST    /desk/setup                        404              FIRST            404               404                  404
family.index              GET     /my/family                         SIGN-IN          FIRST            200                  SIGN-IN              SIGN-IN
family.renew              POST    /my/family/renewals                SIGN-IN          FIRST            303 /my/family       SIGN-IN              SIGN-IN
family.ties               GET     /my/family/ties                    SIGN-IN          FIRST            200                  SIGN-IN              SIGN-IN
family.ask                POST    /my/family/ties                    SIGN-IN          FIRST            422                  SIGN-IN              SIGN-IN
family.cards              GET     /my/family/cards                   SIGN-IN          FIRST            200                  SIGN-IN              SIGN-IN
family.agree              POST    /my/family/ties/{own_asked_tie}/agreement SIGN-IN          FIRST            422                  SIGN-IN              SIGN-IN
family.agree              POST    /my/family/ties/{other_asked_tie}/agreement SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.agree              POST    /my/family/ties/{own_tie}/agreement SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.change             POST    /my/family/ties/{own_tie}/ticks    SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.change             POST    /my/family/ties/{own_asked_tie}/ticks SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.change             POST    /my/family/ties/{other_tie}/ticks  SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.stay               POST    /my/family/ties/{own_tie}/staying  SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.stay               POST    /my/family/ties/{other_tie}/staying SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.draw               POST    /my/family/ties/{own_tie}/drawing  SIGN-IN          FIRST            422                  SIGN-IN              SIGN-IN
family.draw               POST    /my/family/ties/{own_asked_tie}/drawing SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.draw               POST    /my/family/ties/{other_tie}/drawing SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.confirm_address    POST    /my/family/addresses/99999/confirmation SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.ask_end            GET     /my/family/ties/{own_tie}/end      SIGN-IN          FIRST            200                  SIGN-IN              SIGN-IN
family.ask_end            GET     /my/family/ties/{own_asked_tie}/end SIGN-IN          FIRST            200                  SIGN-IN              SIGN-IN
family.ask_end            GET     /my/family/ties/{other_tie}/end    SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.end                POST    /my/family/ties/{own_tie}/end      SIGN-IN          FIRST            303 /my/family/ties  SIGN-IN              SIGN-IN
family.end                POST    /my/family/ties/{own_asked_tie}/end SIGN-IN          FIRST            303 /my/family/ties  SIGN-IN              SIGN-IN
family.end                POST    /my/family/ties/{other_tie}/end    SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
family.end                POST    /my/family/ties/{other_asked_tie}/end SIGN-IN          FIRST            404                  SIGN-IN              SIGN-IN
data.index                GET     /my/data                           SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
data.download             POST    /my/data                           SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
closing.index             GET     /my/closing                        SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
closing.confirm           GET     /my/closing/confirm                SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
closing.request_closing   POST    /my/closing/confirm                SIGN-IN          FIRST            422               SIGN-IN              SIGN-IN
closing.done              GET     /my/closing/done                   SIGN-IN          FIRST            303 /my/closing   SIGN-IN              SIGN-IN
closing.withdraw          POST    /my/closing/withdrawal             SIGN-IN          FIRST            303 /my/closing   SIGN-IN              SIGN-IN
display.index             GET     /my/display                        SIGN-IN          FIRST            200               SIGN-IN              SIGN-IN
display.change            POST    /my/display                        SIGN-IN          FIRST            303 /my/display   SIGN-IN              SIGN-IN
desk.family.index         GET     /desk/patrons/99999/family         DESK             FIRST            DESK              404                  404
desk.family.write_consent POST    /desk/patrons/99999/family         DESK             FIRST            DESK              404                  404
desk.family.change        POST    /desk/patrons/99999/family/9/ticks DESK             FIRST            DESK              404                  404
desk.family.ask_end       GET     /desk/patrons/99999/family/9/end   DESK             FIRST            DESK                 404                  404
desk.family.stay          POST    /desk/patrons/99999/family/9/staying DESK             FIRST            DESK              404                  404
desk.family.end           POST    /desk/patrons/99999/family/9/end   DESK             FIRST            DESK              404                  404
desk.categories.index     GET     /desk/patrons/categories           DESK             FIRST            DESK              200                  200
desk.categories.change    POST    /desk/patrons/categories           DESK             FIRST            DESK              422                  422
desk.categories.undo      POST    /desk/patrons/categories/9/undo    DESK             FIRST            DESK              303 /desk/patrons/categories 303 /desk/patrons/categories
desk.closing.index        GET     /desk/patrons/closing-requests     DESK             FIRST            DESK              200                  200
desk.discovery.index      GET     /desk/discovery                    DESK             FIRST            DESK             403                  200
desk.discovery.check      POST    /desk/discovery                    DESK             FIRST            DESK             403                  303 /desk/discovery
desk.terminal.index       GET     /desk/terminal                     DESK             FIRST            DESK             200                  200
desk.terminal.mark        POST    /desk/terminal                     DESK             FIRST            DESK             303 /desk/terminal   303 /desk/terminal
desk.status.index         GET     /desk/status                       DESK             FIRST            DESK              200                  200
desk.status.run_job       POST    /desk/status/nothing               DESK             FIRST            DESK              403                  404
desk.status.run_job       POST    /desk/status/clean_up              DESK             FIRST            DESK              403                  303 /desk/status
desk.audit.index          GET     /desk/audit                        DESK             FIRST            DESK              403                  200
desk.sign_ins.index       GET     /desk/sign-ins                     DESK             FIRST            DESK              403                  200
desk.sign_ins.end         POST    /desk/sign-ins/99999/end           DESK             FIRST            DESK              403                  303 /desk/sign-ins
desk.accounts.index       GET     /desk/staff                        DESK             FIRST            DESK              403                  200
desk.accounts.add         POST    /desk/staff                        DESK             FIRST            DESK              403                  422
desk.accounts.ask_change  GET     /desk/staff/{colleague}/password   DESK             FIRST            DESK            403                  200
desk.accounts.ask_change  GET     /desk/staff/99999/factors          DESK             FIRST            DESK            403                  404
desk.accounts.change      POST    /desk/staff/{colleague}/role       DESK             FIRST            DESK              403                  422
desk.accounts.change      POST    /desk/staff/{colleague}/disable    DESK             FIRST            DESK              403                  303 /desk/staff
desk.accounts.change      POST    /desk/staff/{colleague}/enable     DESK             FIRST            DESK              403                  303 /desk/staff
desk.accounts.change      POST    /desk/staff/{colleague}/password   DESK             FIRST            DESK              403                  200
desk.accounts.change      POST    /desk/staff/{colleague}/factors   DESK             FIRST            DESK              403                  303 /desk/staff
desk.accounts.change      POST    /desk/staff/{colleague}/sessions   DESK             FIRST            DESK              403                  303 /desk/staff
desk.accounts.change      POST    /desk/staff/99999/disable          DESK             FIRST            DESK              403                  404
desk.checkout.index       GET     /desk/checkout                     DESK             FIRST            DESK              200                  200
desk.checkout.check_out   POST    /desk/checkout                     DESK             FIRST            DESK              303 /desk/checkout   303 /desk/checkout
desk.checkout.undo        POST    /desk/checkout/undo                DESK             FIRST            DESK              303 /desk/checkout   303 /desk/checkout
desk.checkout.next_patron POST    /desk/checkout/next                DESK             FIRST            DESK              303 /desk/checkout   303 /desk/checkout
desk.checkout.slip        GET     /desk/checkout/slip                DESK             FIRST            DESK              200                  200
desk.returns.index        GET     /desk/returns                      DESK             FIRST            DESK              200                  200
desk.returns.give_back    POST    /desk/returns                      DESK             FIRST            DESK              303 /desk/returns    303 /desk/returns
desk.returns.undo         POST    /desk/returns/undo                 DESK             FIRST            DESK              303 /desk/returns    303 /desk/returns
desk.renewals.index       GET     /desk/renewals                     DESK             FIRST            DESK              200                  200
desk.renewals.scan        POST    /desk/renewals                     DESK             FIRST            DESK              303 /desk/renewals   303 /desk/renewals
desk.renewals.renew       POST    /desk/renewals/99999               DESK             FIRST            DESK              404                  404
desk.renewals.renew_all   POST    /desk/renewals/all                 DESK             FIRST            DESK              303 /desk/renewals   303 /desk/renewals
desk.holds.index          GET     /desk/holds                        DESK             FIRST            DESK              200                  200
desk.holds.show           GET     /desk/holds/shelf                  DESK             FIRST            DESK              200                  200
desk.holds.show           GET     /desk/holds/contact                DESK             FIRST            DESK              200                  200
desk.holds.show           GET     /desk/holds/reshelve               DESK             FIRST            DESK              200                  200
desk.holds.scan           POST    /desk/holds/scan/pull              DESK             FIRST            DESK              303 /desk/holds      303 /desk/holds
desk.holds.scan           POST    /desk/holds/scan/transfers         DESK             FIRST            DESK              303 /desk/transfers  303 /desk/transfers
desk.holds.serve          POST    /desk/holds/99999/contacted        DESK             FIRST            DESK              404                  404
desk.holds.serve          POST    /desk/holds/99999/missing          DESK             FIRST            DESK              404                  404
desk.holds.serve          POST    /desk/holds/99999/cancel           DESK             FIRST            DESK              404                  404
desk.holds.put_back       POST    /desk/holds/put-back/99999         DESK             FIRST            DESK              404                  404
desk.holds.name_place     POST    /desk/holds/place/99999            DESK             FIRST            DESK              404                  404
desk.holds.ask_cancel     GET     /desk/holds/99999/cancel           DESK             FIRST            DESK              404                  404
desk.holds.slip           GET     /desk/holds/99999/slip             DESK             FIRST            DESK              404                  404
desk.holds.transfers      GET     /desk/transfers                    DESK             FIRST            DESK              200                  200
desk.branch.index         GET     /desk/branch                       DESK             FIRST            DESK              200                  200
desk.branch.choose        POST    /desk/branch                       DESK             FIRST            DESK              303 /desk/branch     303 /desk/branch
desk.items.index          GET     /desk/items                        DESK             FIRST            DESK              200                  200
desk.items.show           GET     /desk/items/99999                  DESK             FIRST            DESK              404                  404
desk.items.set_state      POST    /desk/items/99999/state            DESK             FIRST            DESK              404                  404
desk.items.ask_settled    GET     /desk/items/99999/settled          DESK             FIRST            DESK            404                  404
desk.items.settle         POST    /desk/items/99999/lost             DESK             FIRST            DESK              404                  404
desk.items.settle         POST    /desk/items/99999/claimed          DESK             FIRST            DESK              404                  404
desk.items.settle         POST    /desk/items/99999/rejected         DESK             FIRST            DESK              404                  404
desk.items.settle         POST    /desk/items/99999/damaged          DESK             FIRST            DESK              404                  404
desk.items.settle         POST    /desk/items/99999/settled          DESK             FIRST            DESK              404                  404
desk.claims.index         GET     /desk/claims                       DESK             FIRST            DESK              200                  200
desk.postcards.make       POST    /desk/overdue/postcards            DESK             FIRST            DESK              303 /desk/overdue?days=1 303 /desk/overdue?days=1
desk.postcards.note_sent  POST    /desk/overdue/postcards/sent       DESK             FIRST            DESK              303 /desk/overdue?days=1 303 /desk/overdue?days=1
desk.patrons.index        GET     /desk/patrons                      DESK             FIRST            DESK              200                  200
desk.patrons.search       POST    /desk/patrons                      DESK             FIRST            DESK              303 /desk/patrons 303 /desk/patrons
desk.patrons.give_number  POST    /desk/patrons/99999/new-number     DESK             FIRST            DESK              404                  404
desk.patrons.new          GET     /desk/patrons/new                  DESK             FIRST            DESK              200                  200
desk.patrons.register     POST    /desk/patrons/new                  DESK             FIRST            DESK              422                  422
desk.patrons.show         GET     /desk/patrons/99999                DESK             FIRST            DESK              404                  404
desk.patrons.ask_password GET     /desk/patrons/99999/password       DESK             FIRST            DESK              404                  404
desk.patrons.show_address POST    /desk/patrons/99999/address        DESK             FIRST            DESK              404                  404
desk.patrons.edit         GET     /desk/patrons/99999/edit           DESK             FIRST            DESK              404                  404
desk.patrons.change       POST    /desk/patrons/99999/edit           DESK             FIRST            DESK              404                  404
desk.patrons.ask_new_number GET     /desk/patrons/99999/lost           DESK             FIRST            DESK              404                  404
desk.patrons.serve        POST    /desk/patrons/99999/suspend        DESK             FIRST            DESK              404                  404
desk.patrons.serve        POST    /desk/patrons/99999/resume         DESK             FIRST            DESK              404                  404
desk.patrons.serve        POST    /desk/patrons/99999/renew          DESK             FIRST            DESK              404                  404
desk.patrons.serve        POST    /desk/patrons/99999/lost           DESK             FIRST            DESK              404                  404
desk.patrons.serve        POST    /desk/patrons/99999/password       DESK             FIRST            DESK              404                  404
desk.patrons.serve        POST    /desk/patrons/99999/release        DESK             FIRST            DESK              404                  404
desk.patrons.serve        POST    /desk/patrons/99999/note           DESK             FIRST            DESK              404                  404
desk.closing.ask          GET     /desk/patrons/99999/closing        DESK             FIRST            DESK              404                  404
desk.closing.close        POST    /desk/patrons/99999/closing        DESK             FIRST            DESK              404                  404
opening_days.month        GET     /calendar                          200              FIRST            200               200                  200
opening_days.month        GET     /calendar/nowhere                  404              FIRST            404               404                  404
opening_days.feed         GET     /calendar/nowhere.ics              404              FIRST            404               404                  404
desk.branches.index       GET     /desk/branches                     DESK             FIRST            DESK              403                  200
desk.branches.new         GET     /desk/branches/new                 DESK             FIRST            DESK              403                  200
desk.branches.add         POST    /desk/branches/new                 DESK             FIRST            DESK              403                  422
desk.branches.show        GET     /desk/branches/99999               DESK             FIRST            DESK              403                  404
desk.branches.change      POST    /desk/branches/99999               DESK             FIRST            DESK              403                  404
desk.branches.move        POST    /desk/branches/99999/place         DESK             FIRST            DESK              403                  404
desk.branches.ask_closing GET     /desk/branches/99999/closing       DESK             FIRST            DESK              403                  404
desk.branches.reopen      POST    /desk/branches/99999/reopening     DESK             FIRST            DESK              403                  404
desk.branches.close       POST    /desk/branches/99999/closing       DESK             FIRST            DESK              403                  404
desk.face.index           GET     /desk/library                      DESK             FIRST            DESK              403                  200
desk.face.change          POST    /desk/library                      DESK             FIRST            DESK              403                  422
desk.face.ask_logo_removal GET     /desk/library/logo/removal         DESK             FIRST            DESK            403                  200
desk.face.remove_logo     POST    /desk/library/logo/removal         DESK             FIRST            DESK              403                  303 /desk/library
desk.pack.index           GET     /desk/pack                         DESK             FIRST            DESK              403                  200
desk.pack.make            POST    /desk/pack                         DESK             FIRST            DESK              403                  422
desk.pack.progress        GET     /desk/pack/progress                DESK             FIRST            DESK              403                  302 /desk/pack
desk.pack.download        POST    /desk/pack/download                DESK             FIRST            DESK              403                  422
desk.lists.index          GET     /desk/lists                        DESK             FIRST            DESK              403                  200
desk.lists.write          POST    /desk/lists/patrons                DESK             FIRST            DESK              403                  422
desk.move.index           GET     /desk/move                         DESK             FIRST            DESK              403                  200
desk.move.confirm         POST    /desk/move/rules/confirmation      DESK             FIRST            DESK              403                  422
desk.move.reopen          POST    /desk/move/rules/reopening         DESK             FIRST            DESK              403                  422
desk.move.counts          GET     /desk/move/counts                  DESK             FIRST            DESK              403                  200
desk.move.confirm_counts  POST    /desk/move/counts                  DESK             FIRST            DESK              403                  422
desk.move_sample.index    GET     /desk/move/sample                  DESK             FIRST            DESK              403                  200
desk.move_sample.draw     POST    /desk/move/sample                  DESK             FIRST            DESK              403                  422
desk.move_sample.confirm  POST    /desk/move/sample/confirmation     DESK             FIRST            DESK              403                  422
desk.move_sample.person   GET     /desk/move/sample/99999            DESK             FIRST            DESK              403                  404
desk.move_sample.judge    POST    /desk/move/sample/99999            DESK             FIRST            DESK              403                  404
desk.move.rules           GET     /desk/move/rules                   DESK             FIRST            DESK              403                  200
desk.move.numbers         GET     /desk/move/numbers                 DESK             FIRST            DESK              403                  200
desk.move.confirm_numbers POST    /desk/move/numbers                 DESK             FIRST            DESK              403                  422
desk.move.mails           GET     /desk/move/mails                   DESK             FIRST            DESK              403                  200
desk.move.backup          GET     /desk/move/backup                  DESK             FIRST            DESK              403                  200
desk.move.try_copy        POST    /desk/move/backup                  DESK             FIRST            DESK              403                  422
desk.move.ask_opening     GET     /desk/move/opening                 DESK             FIRST            DESK              403                  200
desk.move.open_library    POST    /desk/move/opening                 DESK             FIRST            DESK              403                  422
desk.move.ask_discard     GET     /desk/move/discard                 DESK             FIRST            DESK              403                  200
desk.move.discard         POST    /desk/move/discard                 DESK             FIRST            DESK              403                  422
desk.calendar.index       GET     /desk/calendar                     DESK             FIRST            DESK              403                  200
desk.calendar.change_days POST    /desk/calendar/days                DESK             FIRST            DESK              403                  422
desk.calendar.take_back_days POST    /desk/calendar/take-back           DESK             FIRST            DESK              403                  422
desk.calendar.add_rule    POST    /desk/calendar/rules               DESK             FIRST            DESK              403                  422
desk.calendar.remove_rule POST    /desk/calendar/rules/99999/remove  DESK             FIRST            DESK              403                  404
desk.overdue.index        GET     /desk/overdue                      DESK             FIRST            DESK              200               200
desk.notices.index        GET     /desk/notices                      DESK             FIRST            DESK              200               200
desk.notices.send_again   POST    /desk/notices/99999/again          DESK             FIRST            DESK              404               404
desk.numbers.index        GET     /desk/numbers                      DESK             FIRST            DESK              403               200
desk.numbers.new          GET     /desk/numbers/card/new             DESK             FIRST            DESK              403               200
desk.numbers.add          POST    /desk/numbers/item/new             DESK             FIRST            DESK              403               422
desk.numbers.edit         GET     /desk/numbers/card/99999           DESK             FIRST            DESK              403               404
desk.numbers.change       POST    /desk/numbers/card/99999           DESK             FIRST            DESK              403               404
desk.numbers.ask_removal  GET     /desk/numbers/item/99999/removal   DESK             FIRST            DESK            403                  404
desk.numbers.remove       POST    /desk/numbers/item/99999/removal   DESK             FIRST            DESK              403               404
desk.other_numbers.index  GET     /desk/patrons/99999/numbers        DESK             FIRST            DESK              404               404
desk.other_numbers.add    POST    /desk/patrons/99999/numbers        DESK             FIRST            DESK              404               404
desk.other_numbers.ask_removal GET     /desk/patrons/99999/numbers/9/removal DESK             FIRST            DESK            404                  404
desk.other_numbers.remove POST    /desk/patrons/99999/numbers/9/removal DESK             FIRST            DESK              404               404
desk.policies.index       GET     /desk/policies                     DESK             FIRST            DESK              403               200
desk.policies.change      POST    /desk/policies                     DESK             FIRST            DESK              403               422
desk.policies.lending     GET     /desk/policies/lending             DESK             FIRST            DESK              403               200
desk.policies.change_lending POST    /desk/policies/lending             DESK             FIRST            DESK              403               422
desk.policies.ask_lending_removal GET     /desk/policies/lending/remove      DESK             FIRST            DESK            403                  303 /desk/policies
desk.policies.remove_lending POST    /desk/policies/lending/remove      DESK             FIRST            DESK              403               422
desk.features.index       GET     /desk/features                     DESK             FIRST            DESK             200                 200
desk.features.show        GET     /desk/features/new                 DESK             FIRST            DESK             200                 200
desk.features.show        GET     /desk/features/99999               DESK             FIRST            DESK             404                 404
desk.features.write       POST    /desk/features/new                 DESK             FIRST            DESK             422                 422
desk.features.write       POST    /desk/features/99999               DESK             FIRST            DESK             404                 404
desk.features.move        POST    /desk/features/99999/place         DESK             FIRST            DESK             404                 404
desk.features.ask_deletion GET     /desk/features/99999/deletion      DESK             FIRST            DESK             404                 404
desk.features.delete      POST    /desk/features/99999/deletion      DESK             FIRST            DESK             404                 404
desk.pictures.index       GET     /desk/pictures                     DESK             FIRST            DESK             403                 200
desk.pictures.show        GET     /desk/pictures/outside             DESK             FIRST            DESK             403                 200
desk.pictures.show        GET     /desk/pictures/feature-99999       DESK             FIRST            DESK             403                 404
desk.pictures.put         POST    /desk/pictures/outside             DESK             FIRST            DESK             403                 422
desk.pictures.put         POST    /desk/pictures/nowhere             DESK             FIRST            DESK             403                 404
desk.pictures.ask_removal GET     /desk/pictures/outside/removal     DESK             FIRST            DESK            403                  200
desk.pictures.remove      POST    /desk/pictures/outside/removal     DESK             FIRST            DESK             403                 303 /desk/pictures
desk.articles.index       GET     /desk/articles                     DESK             FIRST            DESK             403                 200
desk.articles.show        GET     /desk/articles/news                DESK             FIRST            DESK             403                 200
desk.articles.show        GET     /desk/articles/99999               DESK             FIRST            DESK             403                 404
desk.articles.write       POST    /desk/articles/news                DESK             FIRST            DESK             403                 422
desk.articles.write       POST    /desk/articles/99999               DESK             FIRST            DESK             403                 404
desk.texts.index          GET     /desk/texts                        DESK             FIRST            DESK              403               200
desk.texts.show           GET     /desk/texts/due                    DESK             FIRST            DESK              403               200
desk.texts.change         POST    /desk/texts/due                    DESK             FIRST            DESK              403               422
desk.texts.ask_shipped    GET     /desk/texts/due/shipped            DESK             FIRST            DESK            403                  200
desk.texts.ship           POST    /desk/texts/due/shipped            DESK             FIRST            DESK              403               303 /desk/texts
desk.statistics.index     GET     /desk/statistics                   DESK             FIRST            DESK              403               200
desk.statistics.download  GET     /desk/statistics/time/no.csv       DESK             FIRST            DESK              403               404
desk.titles.index         GET     /desk/titles                       DESK             FIRST            DESK              200                  200
desk.titles.new           GET     /desk/titles/new                   DESK             FIRST            DESK              200                  200
desk.titles.add           POST    /desk/titles/new                   DESK             FIRST            DESK              422                  422
desk.titles.show          GET     /desk/titles/99999                 DESK             FIRST            DESK              404                  404
desk.title_holds.new      GET     /desk/titles/99999/hold            DESK             FIRST            DESK              404                  404
desk.title_holds.place    POST    /desk/titles/99999/hold            DESK             FIRST            DESK              404                  404
desk.titles.edit          GET     /desk/titles/99999/edit            DESK             FIRST            DESK              404                  404
desk.titles.change        POST    /desk/titles/99999/edit            DESK             FIRST            DESK              404                  404
desk.titles.ask_removal   GET     /desk/titles/99999/remove          DESK             FIRST            DESK            404                  404
desk.titles.remove        POST    /desk/titles/99999/remove          DESK             FIRST            DESK              404                  404
desk.headings.index       GET     /desk/people                       DESK             FIRST            DESK              200                  200
desk.headings.join        POST    /desk/people/join                  DESK             FIRST            DESK              422                  422
desk.headings.part        POST    /desk/people/part                  DESK             FIRST            DESK              422                  422
desk.works.index          GET     /desk/works                        DESK             FIRST            DESK              200                  200
desk.works.join           POST    /desk/works/join                   DESK             FIRST            DESK              422                  422
desk.works.part           POST    /desk/works/part                   DESK             FIRST            DESK              422                  422
desk.merges.index         GET     /desk/merges                       DESK             FIRST            DESK              200                  200
desk.merges.new           GET     /desk/merges/new                   DESK             FIRST            DESK              422                  422
desk.merges.create        POST    /desk/merges                       DESK             FIRST            DESK              422                  422
desk.titles.add_item      POST    /desk/titles/99999/items           DESK             FIRST            DESK              404                  404
desk.items.edit           GET     /desk/items/99999/edit             DESK             FIRST            DESK              404                  404
desk.items.change         POST    /desk/items/99999/edit             DESK             FIRST            DESK              404                  404
desk.ebooks.index         GET     /desk/ebooks                       DESK             FIRST            DESK              200                  200
desk.ebooks.send          POST    /desk/ebooks                       DESK             FIRST            DESK              403                  422
desk.ebooks.new           GET     /desk/ebooks/new/dead              DESK             FIRST            DESK              403                  422
desk.ebooks.add           POST    /desk/ebooks/new/dead              DESK             FIRST            DESK              403                  422
desk.ebooks.show          GET     /desk/ebooks/99999                 DESK             FIRST            DESK              404                  404
desk.ebooks.change        POST    /desk/ebooks/99999                 DESK             FIRST            DESK              403                  404
desk.ebooks.ask_withdrawal GET     /desk/ebooks/99999/withdrawal      DESK             FIRST            DESK              403                  404
desk.ebooks.withdraw      POST    /desk/ebooks/99999/withdrawal      DESK             FIRST            DESK              403                  404
desk.ebook_services.index GET     /desk/ebooks/services              DESK             FIRST            DESK              403                  200
desk.ebook_services.add   POST    /desk/ebooks/services              DESK             FIRST            DESK              403                  422
desk.ebook_services.ask_removal GET     /desk/ebooks/services/99999/removal DESK             FIRST            DESK            403                  404
desk.ebook_services.remove POST    /desk/ebooks/services/99999/removal DESK            FIRST            DESK              403                  404
desk.offline.index         GET     /desk/offline                      DESK             FIRST            DESK             200              200
desk.offline.shell         GET     /desk/offline/shell                200              FIRST            200              200              200
desk.offline.worker        GET     /desk/offline/worker.js            200              FIRST            200              200              200
desk.offline.file          GET     /desk/offline/files/none/window.js 404              FIRST            404              404              404
desk.offline.cards_and_copies GET     /desk/offline/list                 DESK             FIRST            DESK             404              404
desk.offline.install       POST    /desk/offline/browser              DESK             FIRST            DESK             403              204
desk.offline.remove        POST    /desk/offline/browser/removal      DESK             FIRST            DESK             204              204
desk.offline_entries.index GET     /desk/offline/entries              DESK             FIRST            DESK             200              200
desk.offline_entries.take  POST    /desk/offline/entries              DESK             FIRST            DESK             422              422
desk.offline_entries.retry POST    /desk/offline/entries/99999/retry  DESK             FIRST            DESK             409              409
desk.offline_entries.ask_resolution GET     /desk/offline/entries/99999/resolution DESK             FIRST            DESK            303 /desk/offline/entries 303 /desk/offline/entries
desk.offline_entries.resolve POST    /desk/offline/entries/99999/resolution DESK             FIRST            DESK             409              409
desk.offline_paper.index   GET     /desk/offline/paper                DESK             FIRST            DESK             200              200
desk.offline_paper.enter   POST    /desk/offline/paper                DESK             FIRST            DESK             422              422
desk.offline_paper.make    POST    /desk/offline/paper/sheets         DESK             FIRST            DESK             422              422
desk.offline_paper.sheets  GET     /desk/offline/paper/sheets         DESK             FIRST            DESK             200              200
desk.questions.index      GET     /desk/questions                    DESK             FIRST            DESK             200              200
desk.questions.show       GET     /desk/questions/99999              DESK             FIRST            DESK             404              404
desk.questions.take       POST    /desk/questions/99999/taking       DESK             FIRST            DESK             404              404
desk.questions.answer     POST    /desk/questions/99999/answer       DESK             FIRST            DESK             404              404
desk.questions.close      POST    /desk/questions/99999/closing      DESK             FIRST            DESK             404              404
desk.questions.prepare_publication POST    /desk/questions/99999/publication  DESK             FIRST            DESK             404              404
desk.questions.withdraw_consent POST    /desk/questions/99999/consent      DESK             FIRST            DESK             404              404
desk.published_answers.show GET     /desk/answers/99999                DESK             FIRST            DESK             404              404
desk.published_answers.write POST    /desk/answers/99999                DESK             FIRST            DESK             404              404
desk.labels.index         GET     /desk/labels                       DESK             FIRST            DESK              200                  200
desk.labels.print_sheets  POST    /desk/labels                       DESK             FIRST            DESK              422                  422
desk.cards.show           GET     /desk/patrons/99999/card           DESK             FIRST            DESK              404                  404
desk.stocktakings.index   GET     /desk/stocktaking                  DESK             FIRST            DESK              200                  200
desk.stocktakings.begin   POST    /desk/stocktaking                  DESK             FIRST            DESK              422                  422
desk.stocktakings.show    GET     /desk/stocktaking/99999            DESK             FIRST            DESK              404                  404
desk.stocktakings.scan    POST    /desk/stocktaking/99999/scans      DESK             FIRST            DESK              404                  404
desk.stocktakings.read_scans POST    /desk/stocktaking/99999/file       DESK             FIRST            DESK              404                  404
desk.stocktakings.result  GET     /desk/stocktaking/99999/missing    DESK             FIRST            DESK              404                  404
desk.stocktakings.download GET     /desk/stocktaking/99999.csv        DESK             FIRST            DESK              404                  404
desk.stocktakings.ask_close GET     /desk/stocktaking/99999/close      DESK             FIRST            DESK              404                  404
desk.stocktakings.close   POST    /desk/stocktaking/99999/close      DESK             FIRST            DESK              404                  404
desk.imports.index        GET     /desk/import                       DESK             FIRST            DESK              403                  200
desk.imports.send         POST    /desk/import                       DESK             FIRST            DESK              403                  422
desk.imports.show         GET     /desk/import/dead                  DESK             FIRST            DESK              403                  422
desk.imports.columns      GET     /desk/import/dead/columns          DESK             FIRST            DESK              403                  422
desk.imports.assign_columns POST    /desk/import/dead/columns          DESK             FIRST            DESK              403                  422
desk.imports.values       GET     /desk/import/dead/values           DESK             FIRST            DESK              403                  422
desk.imports.assign_values POST    /desk/import/dead/values           DESK             FIRST            DESK              403                  422
desk.imports.progress     GET     /desk/import/dead/progress         DESK             FIRST            DESK              403                  302 /desk/import/dead
desk.imports.carry_out    POST    /desk/import/dead/run              DESK             FIRST            DESK              403                  422
desk.imports.stop         POST    /desk/import/dead/stop             DESK             FIRST            DESK              403                  422
desk.imports.download     GET     /desk/import/dead/report           DESK             FIRST            DESK              403                  422
desk.exports.download       GET     /desk/export/csv                   DESK             FIRST            DESK              403                  200
"""
_HEAD, *_ROWS = (line.split(maxsplit=3) for line in ANSWERS.strip().splitlines())
ROLES = _HEAD[3].split()


def _cells(rest):
    """303 /my/ is one cell."""
    cells = []
    for word in rest.split():
        if word.startswith("/"):
            cells[-1] += f" {word}"
        else:
            cells.append(word)
    return cells


TABLE = [(endpoint, method, address, _cells(rest)) for endpoint, method, address, rest in _ROWS]
CASES = [
    pytest.param(role, method, address, cells[ROLES.index(role)], id=f"{role} {method} {address}")
    for _, method, address, cells in TABLE
    for role in ROLES
]
CATALOGUE = (
    "/search",
    "/titles",
    "/new",
    "/authors",
    "/people",
    "/series",
    "/subjects",
    "/classes",
    "/shelf",
    "/rankings",
)
OWNED = {"loan": factories.loan, "tie": factories.tie, "asked_tie": factories.asked_tie, "hold": factories.hold, "row": factories.cart_row, "ebook_loan": factories.ebook_loan, "ebook_hold": factories.ebook_hold, "shelf": factories.shelf, "record": factories.history,
          "condition": factories.condition, "mail": factories.mail, "question": factories.question}  # fmt: skip
WITHOUT_TOKEN = {"site.text_size", "mail.stop", "oai.answer_posted"}


@pytest.fixture
def other(app):
    """Another patron, signed in elsewhere, with an address and a draft of their own."""
    someone = factories.patron(name="別人 太郎")
    factories.address(someone)
    sessions.begin(someone, now=clock.now())
    factories.staff("desk", login="colleague")
    return someone


def visitor(app, role, patron):
    browser = Browser(app)
    if role in ("desk", "admin"):
        browser.be(factories.staff(role))
    elif role == "patron":
        browser.be(patron)
        browser.get("/my/sessions")
    elif role == "first_password":
        browser.be(factories.patron(password=None, birth_date=date(1978, 8, 8)), "first_password")
        browser.get(FIRST_PASSWORD)
    return browser


def filled(address, patron, other, made=None):
    """The address with the numbers of what each of them has; ``made`` keeps it for the next address."""
    if "{" not in address:
        return address
    made = {} if made is None else made
    ids = {who: Session.get_or_none(Session.patron == someone) for who, someone in (("own", patron), ("other", other))}
    for what, make in OWNED.items():
        for who, someone in (("own", patron), ("other", other)):
            if f"{{{who}_{what}}}" in address:
                ids[f"{who}_{what}"] = made[who, what] = made.get((who, what)) or make(someone)
    colleague = Staff.get(Staff.login == "colleague")
    return address.format(colleague=colleague.id, **{who: row.id if row else 0 for who, row in ids.items()})


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_what_is_theirs(role, app, patron, other):
    """To look at pages changes nothing, so that one browser looks at all."""
    browser, made = visitor(app, role, patron), {}
    wrong = {}
    for _, method, address, cells in TABLE:
        if method == "GET":
            address = filled(address, patron, other, made)
            answer = browser.get(address)
            if not is_answered(answer, cells[ROLES.index(role)]):
                wrong[address] = (answer.status_code, answer.location)
            answer.close()
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_do_it_is_refused_and_changes_nothing(role, app, patron, other):
    """So that one browser sends all."""
    browser, made, wrong = visitor(app, role, patron), {}, {}
    cases = [(address, cells[ROLES.index(role)]) for _, method, address, cells in TABLE if method != "GET"]
    refused = [(filled(address, patron, other, made), cell) for address, cell in cases if cell in REFUSED]
    token = browser.token()
    before = contents()
    for address, expected in refused:
        answer = browser.post(address, {"csrf_token": token}, token=False)
        if not is_answered(answer, expected):
            wrong[address] = (answer.status_code, answer.location)
        answer.close()
    assert wrong == {}
    assert contents() == before


@pytest.mark.parametrize("role", ROLES)
def test_who_asks_for_what_is_not_there_or_says_nothing_is_told_so(role, app, patron, other):
    """A refusal changes nothing for the next, so that one browser sends all."""
    browser, made, wrong = visitor(app, role, patron), {}, {}
    for _, method, address, cells in TABLE:
        expected = cells[ROLES.index(role)]
        if method != "GET" and expected.startswith("4") and expected not in REFUSED:
            address = filled(address, patron, other, made)
            answer = browser.post(address)
            if not is_answered(answer, expected):
                wrong[address] = (answer.status_code, answer.location)
            answer.close()
    assert wrong == {}


DONE = [case for case in CASES if case.values[1] != "GET" and case.values[3][0] in "23"]


@pytest.mark.parametrize(("role", "method", "address", "expected"), DONE)
def test_everybody_may_do_what_is_theirs(role, method, address, expected, app, patron, other):
    browser = visitor(app, role, patron)
    answer = browser.post(filled(address, patron, other), {"size": "l"} if address == "/text-size" else {})
    assert is_answered(answer, expected), (answer.status_code, answer.location)
    answer.close()


def is_answered(answer, expected):
    """The status, and where it leads to: a way in leads back to where one was."""
    if expected in SIGN_INS:
        way_in = SIGN_INS[expected]
        back = f"{way_in}?next=/{'desk' if way_in.startswith('/desk') else 'my'}"
        return answer.status_code == 303 and answer.location.startswith(back)
    status, _, leads_to = f"303 {FIRST_PASSWORD}".partition(" ") if expected == "FIRST" else expected.partition(" ")
    return (answer.status_code, answer.location or "") == (int(status), leads_to)


@pytest.mark.parametrize("role", ROLES)
def test_htmx_is_told_to_load_the_page_it_may_not_swap_in(role, app, patron, other):
    browser, made, wrong = visitor(app, role, patron), {}, {}
    for _, method, address, cells in TABLE:
        expected = cells[ROLES.index(role)]
        if expected.isupper():
            address = filled(address, patron, other, made)
            answer = browser.get(address, htmx=True) if method == "GET" else browser.post(address, htmx=True)
            leads_to = answer.headers.get("HX-Redirect", "")
            if (answer.status_code, answer.data) != (401, b"") or not leads_to.startswith(
                SIGN_INS.get(expected, FIRST_PASSWORD)
            ):
                wrong[address] = (answer.status_code, leads_to)
    assert wrong == {}


def test_the_table_tells_of_every_address(app):
    told = {(endpoint, method) for endpoint, method, _, _ in TABLE}
    there = {
        (rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert told == there


def test_every_view_says_who_may_open_it(app):
    marks = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "access", None) for rule in app.url_map.iter_rules()
    }
    assert marks.pop("static") is None
    assert {
        endpoint: mark for endpoint, mark in marks.items() if mark not in ("public", "patron", "desk", "admin")
    } == {}


def test_a_mark_says_what_the_table_says(app):
    for endpoint, _, _, cells in TABLE:
        if endpoint != "static":
            mark = {"SIGN-IN": "patron", "DESK": "admin" if cells[ROLES.index("desk")] == "403" else "desk"}
            assert app.view_functions[endpoint].access == mark.get(cells[0], "public"), endpoint


POSTS = sorted({(endpoint, address) for endpoint, method, address, _ in TABLE if method == "POST"})


@pytest.mark.parametrize("role", ROLES)
def test_a_form_without_a_token_is_refused(role, app, patron, other):
    """A refused form changes nothing, so that one browser sends all; the few that need no token come last."""
    browser, made = visitor(app, role, patron), {}
    signed_in, answered = None, {}
    for endpoint, address in sorted(POSTS, key=lambda post: post[0] in WITHOUT_TOKEN):
        address = filled(address, patron, other, made)
        signed_in = signed_in or Session.select().count()
        answered[endpoint, address] = browser.post(address, {"size": "l"}, token=False).status_code
        if endpoint not in WITHOUT_TOKEN:
            assert Session.select().count() == signed_in, address
    assert {post: status for post, status in answered.items() if (status == 400) == (post[0] in WITHOUT_TOKEN)} == {}


def test_a_token_of_another_browser_is_refused(app, patron, other):
    foreign = Browser(app).token()
    browser, made, answered = visitor(app, "patron", patron), {}, {}
    for endpoint, address in POSTS:
        if endpoint not in WITHOUT_TOKEN:
            address = filled(address, patron, other, made)
            answered[address] = browser.post(address, {"csrf_token": foreign}, token=False).status_code
    assert answered and set(answered.values()) == {400}, answered


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_do_nothing_anywhere(method, app, patron, other):
    browser, made = visitor(app, "patron", patron), {}
    for _, _, address, _ in TABLE:
        answer = getattr(browser.client, method)(filled(address, patron, other, made))
        assert answer.status_code == 405, address
        assert answer.headers["Allow"]


def test_looking_at_pages_changes_nothing(app, patron, other):
    """GET is safe: a program that follows every link signs nobody out and sends nothing."""
    browser, made = visitor(app, "patron", patron), {}
    pages = [filled(address, patron, other, made) for _, method, address, _ in TABLE if method == "GET"]
    browser.client.get("/my/family").close()  # once a day it is written down who looked, for the child to see
    before = contents()
    for page in pages:
        browser.client.get(page).close()
    assert contents() == before


def contents():
    return {name: database.execute_sql(f'SELECT * FROM "{name}"').fetchall() for name in database.get_tables()}


# -- what is not mine ------------------------------------------------------------------------------------------------
def test_a_draft_of_another_patron_can_not_be_dropped_or_applied(app, patron, other):
    theirs = Browser(app)
    theirs.sign_in(other)
    theirs.get("/my/profile")
    theirs.post("/my/profile", theirs.form("/my/profile") | {"contact_method": "mail"})
    token = Draft.get(Draft.patron == other).token
    mine = visitor(app, "patron", patron)
    mine.post("/my/profile/discard", {"draft": token})
    assert mine.post("/my/profile/confirm", {"draft": token}).status_code == 409
    assert Draft.get(Draft.patron == other).token == token
    assert PatronAddress.get().patron == other


def test_pages_of_one_patron_name_no_other(app, patron, other):
    factories.loan(other, title=factories.title("別人の本"))
    factories.history(other, "別人の履歴")
    browser = visitor(app, "patron", patron)
    for _, method, address, cells in TABLE:
        if method == "GET" and cells[ROLES.index("patron")] in ("200", "409"):
            answer = browser.client.get(address)
            everybodys = (
                ("別人",) if address.startswith(CATALOGUE) else ()
            )  # that the library has the book is no secret
            for theirs in {other.card_number, other.name, "abc@example.jp", "別人"}.difference(everybodys):
                assert theirs.encode() not in answer.data, address
            answer.close()


def test_addresses_of_pages_are_those_that_are_written_down(app):
    """Bookmarks, mails and manuals name them."""
    with app.test_request_context():
        assert url_for("session.login") == "/login"
        assert url_for("my.index") == "/my/"
        assert url_for("loans.index") == "/my/loans"
        assert url_for("shelves.index") == "/my/shelves"
        assert url_for("profile.edit") == "/my/profile"
        assert url_for("profile.confirm") == "/my/profile/confirm"
        assert url_for("profile.done") == "/my/profile/done"
        assert url_for("profile.changes") == "/my/profile/changes"
