"""Answers to every sort of visitor at the addresses of the desk: tests/house/rights.py reads the columns."""

ANSWERS = """
endpoint                  method  address                            nobody           first_password   patron            desk                 admin
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
