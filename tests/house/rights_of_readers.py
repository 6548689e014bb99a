"""Answers to every sort of visitor at the addresses for readers: tests/house/rights.py reads the columns."""

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
opening_days.month        GET     /calendar                          200              FIRST            200               200                  200
opening_days.month        GET     /calendar/nowhere                  404              FIRST            404               404                  404
opening_days.feed         GET     /calendar/nowhere.ics              404              FIRST            404               404                  404
"""
