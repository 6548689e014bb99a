"""Answers to every sort of visitor at the addresses for readers: tests/house/rights.py says whom each is for."""

ANSWERS = """
endpoint                   method address                                      for      answer
site.front                 GET    /                                            anybody  200
site.theme                 GET    /theme-none.css                              all      404
site.text_size             POST   /text-size                                   all      303 /
health.healthz             GET    /healthz                                     all      200
health.readyz              GET    /readyz                                      all      503
health.numbers             GET    /metrics                                     all      200
copies.newest              GET    /backup/latest                               anybody  404
site.favicon               GET    /favicon.ico                                 all      200
site.worker                GET    /sw.js                                       all      200
site.manifest              GET    /manifest.webmanifest                        all      200
styleguide.index           GET    /styleguide                                  anybody  404
styleguide.desk            GET    /styleguide/desk                             anybody  404
catalog.search             GET    /search                                      anybody  200
catalog.advanced           GET    /search/advanced                             anybody  200
catalog.subjects           GET    /subjects                                    anybody  200
catalog.subject            GET    /subjects/99999                              anybody  404
catalog.person             GET    /people/99999                                anybody  404
catalog.series             GET    /series/99999                                anybody  404
catalog.results_file       GET    /search.ris                                  anybody  200
catalog.title_file         GET    /titles/99999.bib                            anybody  404
catalog.cover              GET    /covers/9784003101993.webp                   anybody  404
catalog.suggest            GET    /suggest?q=あ                                 anybody  204
catalog.title              GET    /titles/99999                                anybody  404
isbn.page                  GET    /isbn/9784003101993                          anybody  404
isbn.state                 GET    /isbn/9784003101993.json                     anybody  404
isbn.states                GET    /isbn.json                                   anybody  400
catalog.classes            GET    /classes                                     anybody  200
catalog.shelf              GET    /shelf                                       anybody  200
catalog.authors            GET    /authors                                     anybody  200
catalog.new                GET    /new                                         anybody  200
catalog.new_feed           GET    /new.atom                                    anybody  200
catalog.ranking            GET    /rankings/loans                              anybody  200
catalog.ranking            GET    /rankings/holds                              anybody  200
oai.answer                 GET    /oai?verb=Identify                           anybody  200
oai.answer_posted          POST   /oai                                         anybody  200
sru.answer                 GET    /sru                                         anybody  200
discovery.description      GET    /opensearch.xml                              anybody  200
discovery.robots           GET    /robots.txt                                  anybody  200
discovery.sitemaps         GET    /sitemap.xml                                 anybody  200
discovery.pages            GET    /sitemap-pages.xml                           anybody  200
discovery.sitemap          GET    /sitemap-1.xml                               anybody  404
places.index               GET    /access                                      anybody  200
places.branch              GET    /access/99                                   anybody  404
guide.index                GET    /guide                                       anybody  200
guide.sitemap              GET    /sitemap                                     anybody  200
news.index                 GET    /news                                        anybody  200
news.show                  GET    /news/99999                                  anybody  404
news.feed                  GET    /news.atom                                   anybody  200
pages.faq                  GET    /faq                                         anybody  200
pages.privacy              GET    /privacy                                     anybody  200
pages.accessibility        GET    /accessibility                               anybody  200
pages.results              GET    /accessibility/results                       anybody  200
pages.show                 GET    /pages/none                                  anybody  404
features.index             GET    /features                                    anybody  200
features.titles_file       GET    /features/none.ris                           anybody  404
features.show              GET    /features/none                               anybody  404
pictures.show              GET    /pictures/none.jpg                           all      404
static                     GET    /static/app.css                              all      200
reference.index            GET    /reference                                   anybody  200
reference.show             GET    /reference/99999                             anybody  404
reference.ask              GET    /reference/ask                               anybody  200
reference.revise           POST   /reference/ask                               anybody  200
reference.confirm          GET    /reference/ask/confirm                       anybody  303 /reference/ask
reference.look             POST   /reference/ask/confirm                       anybody  422
reference.done             GET    /reference/ask/done                          anybody  303 /reference/ask
reference.send             POST   /reference/ask/done                          anybody  422
questions.index            GET    /my/questions                                patron   200
questions.show             GET    /my/questions/{own_question}                 patron   200
questions.show             GET    /my/questions/{other_question}               patron   404
questions.set_consent      POST   /my/questions/{other_question}/consent       patron   404
session.login              GET    /login                                       each     200  FIRST  302 /my/  200  200
session.sign_in            POST   /login                                       anybody  422
session.first_password     GET    /login/first-password                        each     303 /login  200  303 /my/  303 /login  303 /login
session.first_password     POST   /login/first-password                        each     303 /login  422  303 /my/  303 /login  303 /login
session.passkey_options    POST   /login/passkey/options                       anybody  404
session.sign_in_by_passkey POST   /login/passkey                               anybody  404
session.reset              GET    /login/reset                                 anybody  200
session.reset              POST   /login/reset                                 anybody  200
session.reset_with         GET    /login/reset/dead                            anybody  410
session.reset_with         POST   /login/reset/dead                            anybody  410
session.stay               GET    /my/stay                                     patron   204
session.logout             POST   /logout                                      each     303 /login  303 /login  303 /login  303 /desk/login  303 /desk/login
mail.verify                GET    /mail/verify/dead                            anybody  410
mail.verify                POST   /mail/verify/dead                            anybody  410
mail.stop                  GET    /mail/stop/dead                              anybody  410
mail.stop                  POST   /mail/stop/dead                              anybody  410
mail.stop_password         GET    /seal/stop/dead                              anybody  410
mail.stop_password         POST   /seal/stop/dead                              anybody  410
passkeys.index             GET    /my/passkeys                                 patron   200
passkeys.options           POST   /my/passkeys/options                         patron   404
passkeys.add               POST   /my/passkeys                                 patron   404
passkeys.remove            POST   /my/passkeys/99999/removal                   patron   404
push.index                 GET    /my/push                                     patron   200
push.add                   POST   /my/push                                     patron   422
push.change                POST   /my/push/99999/kinds                         patron   404
push.remove                POST   /my/push/99999/removal                       patron   404
seal.index                 GET    /my/seal                                     patron   200
seal.mail                  POST   /my/seal                                     patron   303 /my/seal
seal.ask_deletion          GET    /my/seal/deletion                            patron   303 /my/seal
seal.delete                POST   /my/seal/deletion                            patron   303 /my/seal
seal.take_back_deletion    POST   /my/seal/deletion/back                       patron   303 /my/seal
seal.ask_opening           GET    /my/seal/dead                                patron   410
seal.open                  POST   /my/seal/dead                                patron   410
my.index                   GET    /my/                                         patron   200
card.index                 GET    /my/card                                     patron   200
my.sessions                GET    /my/sessions                                 patron   200
my.end_session             POST   /my/sessions/{own}/end                       patron   303 /my/sessions
my.end_session             POST   /my/sessions/{other}/end                     patron   404
my.end_session             POST   /my/sessions/99999/end                       patron   404
loans.index                GET    /my/loans                                    patron   200
loans.renew                POST   /my/loans/{own_loan}/renewal                 patron   303 /my/loans
loans.renew                POST   /my/loans/{other_loan}/renewal               patron   404
loans.renew_several        POST   /my/loans/renewals                           patron   303 /my/loans
loans.renew_shown          POST   /my/loans/renewals/shown                     patron   303 /my/loans
my.take_back               POST   /my/undo/family/1                            patron   303 /my/family
my.take_back               POST   /my/undo/renewals/1                          patron   303 /my/loans
loans.ask_claim            GET    /my/loans/{other_loan}/claim                 patron   404
loans.claim                POST   /my/loans/{own_loan}/claim                   patron   303 /my/loans
loans.claim                POST   /my/loans/{other_loan}/claim                 patron   404
holds.index                GET    /my/holds                                    patron   200
holds.ask_cancel           GET    /my/holds/{own_hold}/cancel                  patron   200
holds.ask_cancel           GET    /my/holds/{other_hold}/cancel                patron   404
holds.cancel               POST   /my/holds/{own_hold}/cancel                  patron   303 /my/holds
holds.cancel               POST   /my/holds/{other_hold}/cancel                patron   404
holds.restore              POST   /my/holds/{other_hold}/restoration           patron   404
holds.restore              POST   /my/holds/{own_hold}/restoration             patron   303 /my/holds
holds.event                GET    /my/holds/{own_hold}.ics                     patron   404
holds.event                GET    /my/holds/{other_hold}.ics                   patron   404
holds.suspend              POST   /my/holds/{own_hold}/suspension              patron   422
holds.suspend              POST   /my/holds/{other_hold}/suspension            patron   404
holds.resume               POST   /my/holds/{own_hold}/resumption              patron   303 /my/holds
holds.resume               POST   /my/holds/{other_hold}/resumption            patron   404
holds.ask_yield            GET    /my/holds/{own_hold}/yielding                patron   200
holds.ask_yield            GET    /my/holds/{other_hold}/yielding              patron   404
holds.yield_turn           POST   /my/holds/{own_hold}/yielding                patron   303 /my/holds
holds.yield_turn           POST   /my/holds/{other_hold}/yielding              patron   404
holds.change_pickup        POST   /my/holds/{own_hold}/pickup-branch           patron   303 /my/holds
holds.change_pickup        POST   /my/holds/{other_hold}/pickup-branch         patron   404
holds.extend               POST   /my/holds/{own_hold}/extension               patron   303 /my/holds
holds.extend               POST   /my/holds/{other_hold}/extension             patron   404
cart.index                 GET    /my/cart                                     patron   200
cart.choose                POST   /my/cart                                     patron   422
cart.add                   POST   /my/cart/titles                              patron   404
cart.remove                POST   /my/cart/{own_row}/removal                   patron   303 /my/cart
cart.remove                POST   /my/cart/{other_row}/removal                 patron   404
cart.move                  POST   /my/cart/{own_row}/up                        patron   303 /my/cart
cart.move                  POST   /my/cart/{own_row}/down                      patron   303 /my/cart
cart.move                  POST   /my/cart/{other_row}/up                      patron   404
cart.confirm               GET    /my/cart/confirm                             patron   303 /my/cart
cart.place                 POST   /my/cart/confirm                             patron   303 /my/cart
cart.done                  GET    /my/cart/done                                patron   303 /my/cart
shelves.index              GET    /my/shelves                                  patron   200
shelves.create             POST   /my/shelves                                  patron   422
shelves.order_shelves      GET    /my/shelves/order                            patron   200
shelves.move_shelf         POST   /my/shelves/order                            patron   303 /my/shelves/order
shelves.choose             GET    /my/shelves/add                              patron   404
shelves.add                POST   /my/shelves/titles                           patron   404
shelves.mark               POST   /my/shelves/marks                            patron   404
shelves.show               GET    /my/shelves/{own_shelf}                      patron   200
shelves.show               GET    /my/shelves/{other_shelf}                    patron   404
shelves.choose_view        POST   /my/shelves/{other_shelf}/view               patron   404
shelves.edit               GET    /my/shelves/{own_shelf}/edit                 patron   200
shelves.edit               GET    /my/shelves/{other_shelf}/edit               patron   404
shelves.describe           POST   /my/shelves/{own_shelf}/edit                 patron   422
shelves.describe           POST   /my/shelves/{other_shelf}/edit               patron   404
shelves.ask_link           GET    /my/shelves/{other_shelf}/link/renew         patron   404
shelves.change_link        POST   /my/shelves/{other_shelf}/link/publish       patron   404
shelves.ask_delete         GET    /my/shelves/{own_shelf}/deletion             patron   200
shelves.ask_delete         GET    /my/shelves/{other_shelf}/deletion           patron   404
shelves.delete             POST   /my/shelves/{own_shelf}/deletion             patron   303 /my/shelves
shelves.delete             POST   /my/shelves/{other_shelf}/deletion           patron   404
shelves.order_books        GET    /my/shelves/{own_shelf}/order                patron   200
shelves.order_books        GET    /my/shelves/{other_shelf}/order              patron   404
shelves.move_book          POST   /my/shelves/{other_shelf}/order              patron   404
shelves.edit_book          GET    /my/shelves/{other_shelf}/books/1            patron   404
shelves.write_note         POST   /my/shelves/{other_shelf}/books/1            patron   404
shelves.mark_read          POST   /my/shelves/{other_shelf}/books/1/read       patron   404
shelves.take_off           POST   /my/shelves/{other_shelf}/books/1/removal    patron   404
shelves.take_off_several   POST   /my/shelves/{other_shelf}/removal            patron   404
shelves.put_in_cart        POST   /my/shelves/{other_shelf}/cart               patron   404
shelves.cart_answers       GET    /my/shelves/{other_shelf}/cart               patron   404
shelves.references_file    GET    /my/shelves/{own_shelf}.ris                  patron   200
shelves.references_file    GET    /my/shelves/{other_shelf}.bib                patron   404
shelves.csv_file           GET    /my/shelves/{own_shelf}.csv                  patron   200
shelves.csv_file           GET    /my/shelves/{other_shelf}.csv                patron   404
shelves.ask_file           GET    /my/shelves/{own_shelf}/import               patron   200
shelves.ask_file           GET    /my/shelves/{other_shelf}/import             patron   404
shelves.send_file          POST   /my/shelves/{own_shelf}/import               patron   422
shelves.send_file          POST   /my/shelves/{other_shelf}/import             patron   404
shelves.confirm_file       GET    /my/shelves/{other_shelf}/import/confirm     patron   404
shelves.read_file          POST   /my/shelves/{other_shelf}/import/confirm     patron   404
shelves.public             GET    /shelves/dead                                anybody  404
history.index              GET    /my/history                                  patron   200
history.choose             POST   /my/history                                  patron   303 /my/history
history.ask_deletion       GET    /my/history/deletion?entry={own_record}      patron   200
history.ask_deletion       GET    /my/history/deletion?entry={other_record}    patron   303 /my/history
history.delete             POST   /my/history/deletion                         patron   303 /my/history/deletion/done
history.deleted            GET    /my/history/deletion/done                    patron   303 /my/history
history.record             GET    /my/history/{own_record}                     patron   200
history.record             GET    /my/history/{other_record}                   patron   404
history.note               POST   /my/history/{own_record}                     patron   422
history.note               POST   /my/history/{other_record}                   patron   404
history.passbook           GET    /my/history/passbook                         patron   200
history.year               GET    /my/history/year                             patron   200
history.csv                GET    /my/history.csv                              patron   200
sdi.index                  GET    /my/sdi                                      patron   200
sdi.new                    GET    /my/sdi/new?q=neko                           patron   200
sdi.save                   POST   /my/sdi                                      patron   422
sdi.condition              GET    /my/sdi/{own_condition}                      patron   200
sdi.condition              GET    /my/sdi/{other_condition}                    patron   404
sdi.switch                 POST   /my/sdi/{own_condition}/delivery             patron   303 /my/sdi
sdi.switch                 POST   /my/sdi/{other_condition}/delivery           patron   404
sdi.edit_name              GET    /my/sdi/{own_condition}/name                 patron   200
sdi.edit_name              GET    /my/sdi/{other_condition}/name               patron   404
sdi.rename                 POST   /my/sdi/{own_condition}/name                 patron   422
sdi.rename                 POST   /my/sdi/{other_condition}/name               patron   404
sdi.confirm_removal        GET    /my/sdi/{own_condition}/removal              patron   200
sdi.confirm_removal        GET    /my/sdi/{other_condition}/removal            patron   404
sdi.remove                 POST   /my/sdi/{own_condition}/removal              patron   303 /my/sdi
sdi.remove                 POST   /my/sdi/{other_condition}/removal            patron   404
notices.index              GET    /my/notices                                  patron   200
notices.mail               GET    /my/notices/{own_mail}                       patron   200
notices.mail               GET    /my/notices/{other_mail}                     patron   404
due_calendar.index         GET    /my/calendar                                 patron   200
due_calendar.make          POST   /my/calendar                                 patron   303 /my/calendar
due_calendar.show_titles   POST   /my/calendar/titles                          patron   303 /my/calendar
due_calendar.confirm       GET    /my/calendar/renewal                         patron   303 /my/calendar
due_calendar.confirm       GET    /my/calendar/end                             patron   303 /my/calendar
due_calendar.renew         POST   /my/calendar/renewal                         patron   303 /my/calendar
due_calendar.end           POST   /my/calendar/end                             patron   303 /my/calendar
due_calendar.feed          GET    /my/calendar/dead.ics                        anybody  404
ebooks.index               GET    /my/ebooks                                   patron   200
ebooks.borrow              POST   /my/ebooks/99999/loan                        patron   404
ebooks.wait                POST   /my/ebooks/99999/place                       patron   404
ebooks.ask_leave           GET    /my/ebooks/places/{own_ebook_hold}/removal   patron   200
ebooks.ask_leave           GET    /my/ebooks/places/{other_ebook_hold}/removal patron   404
ebooks.leave               POST   /my/ebooks/places/{own_ebook_hold}/removal   patron   303 /my/ebooks
ebooks.leave               POST   /my/ebooks/places/{other_ebook_hold}/removal patron   404
ebooks.ask_return          GET    /my/ebooks/loans/{own_ebook_loan}/return     patron   200
ebooks.ask_return          GET    /my/ebooks/loans/{other_ebook_loan}/return   patron   404
ebooks.give_back           POST   /my/ebooks/loans/{own_ebook_loan}/return     patron   303 /my/ebooks
ebooks.give_back           POST   /my/ebooks/loans/{other_ebook_loan}/return   patron   404
ebooks.ask_link            GET    /my/ebooks/link                              patron   303 /my/ebooks
ebooks.renew_link          POST   /my/ebooks/link                              patron   303 /my/ebooks#reading
reader.read                GET    /my/ebooks/{own_ebook_loan}/read             patron   303 /my/ebooks/1/read/1
reader.read                GET    /my/ebooks/{other_ebook_loan}/read           patron   404
reader.part                GET    /my/ebooks/{other_ebook_loan}/read/1         patron   404
reader.picture             GET    /my/ebooks/{other_ebook_loan}/read/files/1   patron   404
reader.mark                POST   /my/ebooks/{other_ebook_loan}/read/place     patron   404
reader.look                POST   /my/ebooks/{other_ebook_loan}/read/look      patron   404
ebook_files.file           GET    /ebooks/1.dead.epub                          anybody  404
ebook_files.cover          GET    /ebooks/covers/99999                         anybody  404
opds2.root                 GET    /opds/v2/dead.dead.dead.dead.dead            anybody  404
opds2.own_root             GET    /opds/v2                                     anybody  401
opds2.shelf                GET    /opds/v2/dead.dead.dead.dead.dead/shelf      anybody  404
opds2.own_shelf            GET    /opds/v2/shelf                               anybody  401
opds2.books                GET    /opds/v2/dead.dead.dead.dead.dead/all        anybody  404
opds2.own_books            GET    /opds/v2/all                                 anybody  401
opds2.search               GET    /opds/v2/dead.dead.dead.dead.dead/search     anybody  404
opds2.own_search           GET    /opds/v2/search                              anybody  401
opds2.publication          GET    /opds/v2/dead.dead.dead.dead.dead/ebooks/99999 anybody  404
opds2.own_publication      GET    /opds/v2/ebooks/99999                        anybody  401
opds2.borrow               GET    /opds/v2/dead.dead.dead.dead.dead/ebooks/99999/loan anybody  404
opds2.own_borrow           GET    /opds/v2/ebooks/99999/loan                   anybody  401
opds2.authentication       GET    /opds/v2/authentication                      anybody  200
opds.root                  GET    /opds/dead.dead.dead.dead.dead/              anybody  404
opds.own_root              GET    /opds/                                       anybody  401
opds.shelf                 GET    /opds/dead.dead.dead.dead.dead/shelf         anybody  404
opds.own_shelf             GET    /opds/shelf                                  anybody  401
opds.books                 GET    /opds/dead.dead.dead.dead.dead/all           anybody  404
opds.own_books             GET    /opds/all                                    anybody  401
opds.search                GET    /opds/dead.dead.dead.dead.dead/search        anybody  404
opds.own_search            GET    /opds/search                                 anybody  401
opds.description           GET    /opds/dead.dead.dead.dead.dead/search.xml    anybody  404
opds.own_description       GET    /opds/search.xml                             anybody  401
opds.borrow                GET    /opds/dead.dead.dead.dead.dead/ebooks/99999/loan anybody  404
opds.own_borrow            GET    /opds/ebooks/99999/loan                      anybody  401
profile.edit               GET    /my/profile                                  patron   200
profile.check_and_keep     POST   /my/profile                                  patron   422
profile.check              POST   /my/profile/check/email1                     patron   200
profile.check              POST   /my/profile/check/nothing                    patron   404
profile.discard            POST   /my/profile/discard                          patron   303 /my/
profile.changes            GET    /my/profile/changes                          patron   200
profile.confirm            GET    /my/profile/confirm                          patron   200
profile.apply              POST   /my/profile/confirm                          patron   409
profile.done               GET    /my/profile/done                             patron   303 /my/profile
profile.test_mail          POST   /my/profile/test-mail/1                      patron   404
family.index               GET    /my/family                                   patron   200
family.renew               POST   /my/family/renewals                          patron   422
family.ties                GET    /my/family/ties                              patron   200
family.ask                 POST   /my/family/ties                              patron   422
family.cards               GET    /my/family/cards                             patron   200
family.agree               POST   /my/family/ties/{own_asked_tie}/agreement    patron   422
family.agree               POST   /my/family/ties/{other_asked_tie}/agreement  patron   404
family.agree               POST   /my/family/ties/{own_tie}/agreement          patron   404
family.change              POST   /my/family/ties/{own_tie}/ticks              patron   404
family.change              POST   /my/family/ties/{own_asked_tie}/ticks        patron   404
family.change              POST   /my/family/ties/{other_tie}/ticks            patron   404
family.stay                POST   /my/family/ties/{own_tie}/staying            patron   404
family.stay                POST   /my/family/ties/{other_tie}/staying          patron   404
family.draw                POST   /my/family/ties/{own_tie}/drawing            patron   422
family.draw                POST   /my/family/ties/{own_asked_tie}/drawing      patron   404
family.draw                POST   /my/family/ties/{other_tie}/drawing          patron   404
family.confirm_address     POST   /my/family/addresses/99999/confirmation      patron   404
family.ask_end             GET    /my/family/ties/{own_tie}/end                patron   200
family.ask_end             GET    /my/family/ties/{own_asked_tie}/end          patron   200
family.ask_end             GET    /my/family/ties/{other_tie}/end              patron   404
family.end                 POST   /my/family/ties/{own_tie}/end                patron   303 /my/family/ties
family.end                 POST   /my/family/ties/{own_asked_tie}/end          patron   303 /my/family/ties
family.end                 POST   /my/family/ties/{other_tie}/end              patron   404
family.end                 POST   /my/family/ties/{other_asked_tie}/end        patron   404
data.index                 GET    /my/data                                     patron   200
data.download              POST   /my/data                                     patron   422
closing.index              GET    /my/closing                                  patron   200
closing.confirm            GET    /my/closing/confirm                          patron   200
closing.request_closing    POST   /my/closing/confirm                          patron   422
closing.done               GET    /my/closing/done                             patron   303 /my/closing
closing.withdraw           POST   /my/closing/withdrawal                       patron   303 /my/closing
display.index              GET    /my/display                                  patron   200
display.change             POST   /my/display                                  patron   303 /my/display
opening_days.month         GET    /calendar                                    anybody  200
opening_days.month         GET    /calendar/nowhere                            anybody  404
opening_days.feed          GET    /calendar/nowhere.ics                        anybody  404
"""
