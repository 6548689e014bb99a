"""The screen of each route that answers with a page. A new page is a line here; test_screens.py looks where the screen really is."""

SCREENS = """
card.index                    card
cart.confirm                  cart, confirm
cart.done                     cart, done
cart.index                    cart
catalog.advanced              advanced search
catalog.authors               authors
catalog.classes               classes
catalog.new                   new books
catalog.person                person
catalog.ranking               rankings, loans
catalog.search                all titles
catalog.series                series
catalog.shelf                 shelf, walked along
catalog.subject               subject
catalog.subjects              subjects
catalog.title                 title
isbn.page                     by its ISBN
closing.confirm               closing, confirm
closing.done                  closing, done
closing.index                 closing
data.index                    own data
desk.accounts.index           desk, accounts
desk.again.index              desk, asked again
desk.articles.index           desk, articles
desk.articles.show            desk, articles/1
desk.audit.index              desk, record of work
desk.branch.index             desk, branch
desk.branches.ask_closing     desk, branches/1/closing
desk.branches.index           desk, branches
desk.branches.new             desk, branches/new
desk.branches.show            desk, branches/1
desk.calendar.index           desk, calendar
desk.cards.show               desk, card of a patron
desk.checkout.index           desk, checkout
desk.checkout.slip            desk, checkout/slip
desk.claims.index             desk, claims
desk.categories.index         desk, patrons/categories
desk.closing.ask              desk, patrons/1/closing
desk.closing.index            desk, requests to close cards
desk.ebook_services.index     desk, services of e-books elsewhere
desk.ebooks.ask_withdrawal    desk, the end of an e-book
desk.ebooks.index             desk, e-books
desk.ebooks.new               desk, file of an e-book looked at
desk.ebooks.show              desk, an e-book
desk.family.index             desk, family of a child
desk.features.ask_deletion    desk, features/1/deletion
desk.features.index           desk, features
desk.features.show            desk, features/1
desk.headings.index           desk, people
desk.holds.ask_cancel         desk, cancelling a hold
desk.holds.index              desk, holds
desk.holds.show               desk, holds/shelf
desk.holds.slip               desk, slip of a hold
desk.holds.transfers          desk, transfers
desk.imports.index            desk, files to read in
desk.imports.columns          desk, columns of a file assigned
desk.imports.show             desk, file tried
desk.imports.values           desk, words of a file assigned
desk.items.edit               desk, copy changed
desk.items.ask_settled        desk, a lost copy settled
desk.items.index              desk, items
desk.items.show               desk, copy
desk.labels.index             desk, labels
desk.face.index               desk, library
desk.lists.index              desk, lists
desk.move.ask_discard         desk, move/discard
desk.move.ask_opening         desk, move/opening
desk.move.backup              desk, move/backup
desk.move.counts              desk, move/counts
desk.move.index               desk, move
desk.move.mails               desk, move/mails
desk.move.numbers             desk, move/numbers
desk.move.rules               desk, move/rules
desk.move_sample.index        desk, move/sample
desk.move_sample.person       desk, one of the sample
desk.notices.index            desk, notices
desk.numbers.edit             desk, numbers/card/1
desk.numbers.index            desk, numbers
desk.numbers.new              desk, form of numbers, refused
desk.offline.index            desk, offline
desk.offline.shell            desk, offline/shell
desk.offline_entries.index    desk, offline/entries
desk.offline_paper.index      desk, offline/paper
desk.offline_paper.sheets     desk, offline/paper/sheets
desk.other_numbers.index      desk, other numbers of a patron
desk.overdue.index            desk, overdue
desk.patrons.ask_new_number   desk, new number asked about
desk.patrons.ask_password     desk, initial password asked about
desk.patrons.edit             desk, patron changed, refused
desk.patrons.index            desk, patrons
desk.patrons.new              desk, new patron
desk.patrons.show             desk, patrons/1
desk.pictures.index           desk, pictures
desk.pictures.show            desk, pictures/outside
desk.policies.index           desk, policies
desk.policies.lending         desk, policies/lending
desk.published_answers.show   desk, an answer to be published
desk.questions.index          desk, questions, new
desk.questions.show           desk, a new question
desk.renewals.index           desk, renewals
desk.returns.index            desk, returns
desk.scan.index               desk, scan
desk.second_factor.app        desk, app of the second factor
desk.second_factor.index      desk, second factor
desk.second_step.index        desk, second step
desk.session.login            desk, sign-in
desk.session.password         desk, password
desk.statistics.index         desk, statistics?of=time
desk.sign_ins.index           desk, sign-ins
desk.status.index             desk, status
desk.stocktakings.ask_close   desk, stocktaking to be ended
desk.stocktakings.index       desk, stocktakings
desk.stocktakings.result      desk, stocktaking missing
desk.stocktakings.show        desk, stocktaking begun
desk.discovery.index          desk, discovery
desk.terminal.index           desk, terminals
desk.texts.index              desk, texts
desk.texts.show               desk, texts/due
desk.title_holds.new          desk, titles/1/hold
desk.titles.edit              desk, title changed
desk.titles.index             desk, titles
desk.titles.new               desk, new title
desk.titles.show              desk, title
desk.works.index              desk, works
desk.merges.index             desk, records of one book
desk.merges.new               desk, records to be merged
display.index                 name in headings
due_calendar.confirm          calendar, to be ended
due_calendar.index            calendar, none
ebooks.ask_leave              e-books, leaving a line
ebooks.ask_return             e-books, an early return
ebooks.ask_link               e-books, another address
ebooks.index                  e-books, at a terminal
family.index                  family, by day
family.cards                  family, cards
family.ask_end                family, ending
family.ties                   family ties, full
features.index                features
features.show                 features, one
guide.index                   guide
guide.sitemap                 sitemap
history.ask_deletion          history, day misread
history.deleted               history, deleted
history.index                 history
history.passbook              history, passbook
history.record                history, note refused
history.year                  history, year
holds.ask_cancel              holds, cancelling
holds.ask_yield               holds, yielding
holds.index                   holds
loans.ask_claim               loans, said to be back
loans.index                   loans
mail.stop                     stop link
mail.stop_password            new password of nobody's, stopped by mail
mail.verify                   verification link
my.index                      My Library
my.sessions                   devices
news.index                    news
news.show                     news, one
passkeys.index                passkeys
push.index                    notices to phones
notices.index                 record of mails, many
notices.mail                  record of mails, one
opening_days.month            calendar
pages.accessibility           accessibility
pages.results                 accessibility results
pages.faq                     questions
pages.privacy                 privacy
pages.show                    page of the library
places.branch                 branch
places.index                  access
profile.changes               record of changes
profile.confirm               confirm
profile.done                  done
profile.edit                  edit
questions.index               reference, a patron's questions
questions.show                reference, a patron's answer
reader.part                   an e-book that is read
reference.ask                 reference, a patron asks
reference.confirm             reference, confirm
reference.done                reference, done
reference.index               reference, /reference
reference.show                reference, /reference/1
sdi.condition                 SDI, one with new and told titles
sdi.confirm_removal           SDI, removal
sdi.edit_name                 SDI, name
sdi.index                     SDI, ten
sdi.new                       SDI, saving
seal.ask_deletion             sealed records, to be deleted
seal.ask_opening              sealed records, opened by mail
seal.index                    sealed records
session.first_password        first password
session.login                 sign-in
session.reset                 reset
session.reset_with            reset link
shelves.ask_link              shelf, its link renewed
shelves.ask_delete            shelf deletion
shelves.ask_file              shelf file
shelves.cart_answers          shelf, all put in the cart
shelves.choose                shelf, choosing one
shelves.confirm_file          shelf, a file confirmed
shelves.edit                  shelf settings
shelves.edit_book             shelf, a note
shelves.index                 shelves, none
shelves.order_books           shelf order
shelves.order_shelves         shelves, ordering a hundred
shelves.public                public shelf
shelves.show                  shelf
site.front                    front page
styleguide.desk               styleguide, desk
styleguide.index              styleguide
"""
NO_SCREENS = """
desk.family.ask_end           a page that asks, as of desk, cancelling a hold
desk.accounts.ask_change      a page that asks, as of desk, cancelling a hold
desk.ebook_services.ask_removal a page that asks, as of desk, cancelling a hold
desk.face.ask_logo_removal    a page that asks, as of desk, cancelling a hold
desk.numbers.ask_removal      a page that asks, as of desk, cancelling a hold
desk.offline_entries.ask_resolution a page that asks, as of desk, cancelling a hold
desk.other_numbers.ask_removal a page that asks, as of desk, cancelling a hold
desk.pictures.ask_removal     a page that asks, as of desk, cancelling a hold
desk.policies.ask_lending_removal a page that asks, as of desk, cancelling a hold
desk.second_factor.ask_app_removal a page that asks, as of desk, cancelling a hold
desk.second_factor.ask_new_codes a page that asks, as of desk, cancelling a hold
desk.second_factor.ask_passkey_removal a page that asks, as of desk, cancelling a hold
desk.texts.ask_shipped        a page that asks, as of desk, cancelling a hold
desk.titles.ask_removal       a page that asks, as of desk, cancelling a hold
isbn.state                    an answer to a program
isbn.states                   an answer to a program
catalog.new_feed              a feed
oai.answer                    an answer to a program
sru.answer                    an answer to a program
desk.exports.download         a file
desk.imports.download         a file
desk.imports.progress         part of a page
desk.offline.cards_and_copies a file
desk.offline.file             a module of the offline desk
desk.offline.worker           its service worker
desk.index                    leads to 貸出
desk.setup.index              only in a library without staff: tests/blueprints/desk/test_accounts.py
desk.statistics.download      a file
desk.stocktakings.download    a file
discovery.description         for programs
discovery.pages               for programs
discovery.robots              for programs
discovery.sitemap             for programs
discovery.sitemaps            for programs
due_calendar.feed             a calendar file
catalog.cover                 a picture
ebook_files.cover             a picture
ebook_files.file              a file
reader.picture                a picture
reader.read                   leads to a part of a book
history.csv                   a file
holds.event                   a calendar file
news.feed                     a feed
opds.books                    for reading apps
opds.borrow                   for reading apps
opds.description              for reading apps
opds.own_books                for reading apps
opds.own_borrow               for reading apps
opds.own_description          for reading apps
opds.own_root                 for reading apps
opds.own_search               for reading apps
opds.own_shelf                for reading apps
opds.root                     for reading apps
opds.search                   for reading apps
opds.shelf                    for reading apps
opds2.authentication          for reading apps
opds2.books                   for reading apps
opds2.borrow                  for reading apps
opds2.own_books               for reading apps
opds2.own_borrow              for reading apps
opds2.own_publication         for reading apps
opds2.own_root                for reading apps
opds2.own_search              for reading apps
opds2.own_shelf               for reading apps
opds2.publication             for reading apps
opds2.root                    for reading apps
opds2.search                  for reading apps
opds2.shelf                   for reading apps
opening_days.feed             a calendar file
pictures.show                 a picture
session.stay                  an answer without content, for terminal.js
shelves.csv_file              a file
shelves.references_file       a file
catalog.results_file          a file
catalog.suggest               a list under the box: tests/browser/test_suggest.py
catalog.title_file            a file
features.titles_file          a file
site.favicon                  a picture
site.worker                   a script
site.manifest                 a file that browsers read
site.theme                    a style sheet
copies.newest                 for a machine that stores copies
health.healthz                for programs that watch the server
health.numbers                for programs that watch the server
health.readyz                 for programs that watch the server
static                        files
"""


def _read(table):
    return dict(line.split(maxsplit=1) for line in table.strip().splitlines())


SCREEN_OF = _read(SCREENS)  # endpoint → screen
REASON = _read(NO_SCREENS)  # endpoint → why it has none
ROUTE_OF = {screen: endpoint for endpoint, screen in SCREEN_OF.items()}
