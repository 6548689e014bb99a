"""Answers to every sort of visitor at the addresses of the desk: tests/house/rights.py says whom each is for."""

ANSWERS = """
endpoint                               method address                                    for      answer
desk.index                             GET    /desk/                                     desk     302 /desk/checkout
desk.session.login                     GET    /desk/login                                each     200  FIRST  200  302 /desk/  302 /desk/
desk.session.sign_in                   POST   /desk/login                                anybody  422
desk.session.password                  GET    /desk/password                             each     303 /desk/login  303 /desk/login  303 /desk/login  200  200
desk.session.password                  POST   /desk/password                             each     303 /desk/login  303 /desk/login  303 /desk/login  422  422
desk.again.index                       GET    /desk/again                                desk     200
desk.again.prove                       POST   /desk/again                                desk     303 /desk/
desk.again.options                     POST   /desk/again/options                        desk     404
desk.second_step.index                 GET    /desk/login/second-factor                  anybody  303 /desk/login
desk.second_step.give                  POST   /desk/login/second-factor                  anybody  303 /desk/login
desk.second_step.options               POST   /desk/login/second-factor/options          anybody  404
desk.second_factor.index               GET    /desk/second-factor                        desk     200
desk.second_factor.begin_app           POST   /desk/second-factor/app                    desk     303 /desk/second-factor/app
desk.second_factor.app                 GET    /desk/second-factor/app                    desk     303 /desk/second-factor
desk.second_factor.confirm_app         POST   /desk/second-factor/app/code               desk     303 /desk/second-factor
desk.second_factor.ask_app_removal     GET    /desk/second-factor/app/removal            desk     200
desk.second_factor.remove_app          POST   /desk/second-factor/app/removal            desk     303 /desk/second-factor
desk.second_factor.passkey_options     POST   /desk/second-factor/passkeys/options       desk     404
desk.second_factor.add_passkey         POST   /desk/second-factor/passkeys               desk     404
desk.second_factor.ask_passkey_removal GET    /desk/second-factor/passkeys/99999/removal desk     404
desk.second_factor.remove_passkey      POST   /desk/second-factor/passkeys/99999/removal desk     404
desk.second_factor.ask_new_codes       GET    /desk/second-factor/codes                  desk     200
desk.second_factor.renew_codes         POST   /desk/second-factor/codes                  desk     303 /desk/second-factor
desk.setup.index                       GET    /desk/setup                                anybody  404
desk.setup.index                       POST   /desk/setup                                anybody  404
desk.family.index                      GET    /desk/patrons/99999/family                 desk     404
desk.family.write_consent              POST   /desk/patrons/99999/family                 desk     404
desk.family.change                     POST   /desk/patrons/99999/family/9/ticks         desk     404
desk.family.ask_end                    GET    /desk/patrons/99999/family/9/end           desk     404
desk.family.stay                       POST   /desk/patrons/99999/family/9/staying       desk     404
desk.family.end                        POST   /desk/patrons/99999/family/9/end           desk     404
desk.categories.index                  GET    /desk/patrons/categories                   desk     200
desk.categories.change                 POST   /desk/patrons/categories                   desk     422
desk.categories.undo                   POST   /desk/patrons/categories/9/undo            desk     303 /desk/patrons/categories
desk.closing.index                     GET    /desk/patrons/closing-requests             desk     200
desk.discovery.index                   GET    /desk/discovery                            admin    200
desk.discovery.check                   POST   /desk/discovery                            admin    303 /desk/discovery
desk.terminal.index                    GET    /desk/terminal                             desk     200
desk.terminal.mark                     POST   /desk/terminal                             desk     303 /desk/terminal
desk.status.index                      GET    /desk/status                               desk     200
desk.status.run_job                    POST   /desk/status/nothing                       admin    404
desk.status.run_job                    POST   /desk/status/clean_up                      admin    303 /desk/status
desk.audit.index                       GET    /desk/audit                                admin    200
desk.sign_ins.index                    GET    /desk/sign-ins                             admin    200
desk.sign_ins.end                      POST   /desk/sign-ins/99999/end                   admin    303 /desk/sign-ins
desk.accounts.index                    GET    /desk/staff                                admin    200
desk.accounts.add                      POST   /desk/staff                                admin    422
desk.accounts.ask_change               GET    /desk/staff/{colleague}/password           admin    200
desk.accounts.ask_change               GET    /desk/staff/99999/factors                  admin    404
desk.accounts.change                   POST   /desk/staff/{colleague}/role               admin    422
desk.accounts.change                   POST   /desk/staff/{colleague}/disable            admin    303 /desk/staff
desk.accounts.change                   POST   /desk/staff/{colleague}/enable             admin    303 /desk/staff
desk.accounts.change                   POST   /desk/staff/{colleague}/password           admin    200
desk.accounts.change                   POST   /desk/staff/{colleague}/factors            admin    303 /desk/staff
desk.accounts.change                   POST   /desk/staff/{colleague}/sessions           admin    303 /desk/staff
desk.accounts.change                   POST   /desk/staff/99999/disable                  admin    404
desk.checkout.index                    GET    /desk/checkout                             desk     200
desk.checkout.check_out                POST   /desk/checkout                             desk     303 /desk/checkout
desk.checkout.undo                     POST   /desk/checkout/undo                        desk     303 /desk/checkout
desk.checkout.next_patron              POST   /desk/checkout/next                        desk     303 /desk/checkout
desk.checkout.slip                     GET    /desk/checkout/slip                        desk     200
desk.returns.index                     GET    /desk/returns                              desk     200
desk.returns.give_back                 POST   /desk/returns                              desk     303 /desk/returns
desk.returns.undo                      POST   /desk/returns/undo                         desk     303 /desk/returns
desk.renewals.index                    GET    /desk/renewals                             desk     200
desk.renewals.scan                     POST   /desk/renewals                             desk     303 /desk/renewals
desk.renewals.renew                    POST   /desk/renewals/99999                       desk     404
desk.renewals.renew_all                POST   /desk/renewals/all                         desk     303 /desk/renewals
desk.holds.index                       GET    /desk/holds                                desk     200
desk.holds.show                        GET    /desk/holds/shelf                          desk     200
desk.holds.show                        GET    /desk/holds/contact                        desk     200
desk.holds.show                        GET    /desk/holds/reshelve                       desk     200
desk.holds.scan                        POST   /desk/holds/scan/pull                      desk     303 /desk/holds
desk.holds.scan                        POST   /desk/holds/scan/transfers                 desk     303 /desk/transfers
desk.holds.serve                       POST   /desk/holds/99999/contacted                desk     404
desk.holds.serve                       POST   /desk/holds/99999/missing                  desk     404
desk.holds.serve                       POST   /desk/holds/99999/cancel                   desk     404
desk.holds.put_back                    POST   /desk/holds/put-back/99999                 desk     404
desk.holds.name_place                  POST   /desk/holds/place/99999                    desk     404
desk.holds.ask_cancel                  GET    /desk/holds/99999/cancel                   desk     404
desk.holds.slip                        GET    /desk/holds/99999/slip                     desk     404
desk.holds.transfers                   GET    /desk/transfers                            desk     200
desk.branch.index                      GET    /desk/branch                               desk     200
desk.branch.choose                     POST   /desk/branch                               desk     303 /desk/branch
desk.scan.index                        GET    /desk/scan                                 desk     200
desk.scan.look_up                      POST   /desk/scan                                 desk     303 /desk/scan
desk.items.index                       GET    /desk/items                                desk     200
desk.items.show                        GET    /desk/items/99999                          desk     404
desk.items.set_state                   POST   /desk/items/99999/state                    desk     404
desk.items.ask_settled                 GET    /desk/items/99999/settled                  desk     404
desk.items.settle                      POST   /desk/items/99999/lost                     desk     404
desk.items.settle                      POST   /desk/items/99999/claimed                  desk     404
desk.items.settle                      POST   /desk/items/99999/rejected                 desk     404
desk.items.settle                      POST   /desk/items/99999/damaged                  desk     404
desk.items.settle                      POST   /desk/items/99999/settled                  desk     404
desk.claims.index                      GET    /desk/claims                               desk     200
desk.postcards.make                    POST   /desk/overdue/postcards                    desk     303 /desk/overdue?days=1
desk.postcards.note_sent               POST   /desk/overdue/postcards/sent               desk     303 /desk/overdue?days=1
desk.patrons.index                     GET    /desk/patrons                              desk     200
desk.patrons.search                    POST   /desk/patrons                              desk     303 /desk/patrons
desk.patrons.give_number               POST   /desk/patrons/99999/new-number             desk     404
desk.patrons.new                       GET    /desk/patrons/new                          desk     200
desk.patrons.register                  POST   /desk/patrons/new                          desk     422
desk.patrons.show                      GET    /desk/patrons/99999                        desk     404
desk.patrons.ask_password              GET    /desk/patrons/99999/password               desk     404
desk.patrons.show_address              POST   /desk/patrons/99999/address                desk     404
desk.patrons.edit                      GET    /desk/patrons/99999/edit                   desk     404
desk.patrons.change                    POST   /desk/patrons/99999/edit                   desk     404
desk.patrons.ask_new_number            GET    /desk/patrons/99999/lost                   desk     404
desk.patrons.serve                     POST   /desk/patrons/99999/suspend                desk     404
desk.patrons.serve                     POST   /desk/patrons/99999/resume                 desk     404
desk.patrons.serve                     POST   /desk/patrons/99999/renew                  desk     404
desk.patrons.serve                     POST   /desk/patrons/99999/lost                   desk     404
desk.patrons.serve                     POST   /desk/patrons/99999/password               desk     404
desk.patrons.serve                     POST   /desk/patrons/99999/release                desk     404
desk.patrons.serve                     POST   /desk/patrons/99999/note                   desk     404
desk.closing.ask                       GET    /desk/patrons/99999/closing                desk     404
desk.closing.close                     POST   /desk/patrons/99999/closing                desk     404
desk.branches.index                    GET    /desk/branches                             admin    200
desk.branches.new                      GET    /desk/branches/new                         admin    200
desk.branches.add                      POST   /desk/branches/new                         admin    422
desk.branches.show                     GET    /desk/branches/99999                       admin    404
desk.branches.change                   POST   /desk/branches/99999                       admin    404
desk.branches.move                     POST   /desk/branches/99999/place                 admin    404
desk.branches.ask_closing              GET    /desk/branches/99999/closing               admin    404
desk.branches.reopen                   POST   /desk/branches/99999/reopening             admin    404
desk.branches.close                    POST   /desk/branches/99999/closing               admin    404
desk.face.index                        GET    /desk/library                              admin    200
desk.face.change                       POST   /desk/library                              admin    422
desk.face.ask_logo_removal             GET    /desk/library/logo/removal                 admin    200
desk.face.remove_logo                  POST   /desk/library/logo/removal                 admin    303 /desk/library
desk.lists.index                       GET    /desk/lists                                admin    200
desk.lists.write                       POST   /desk/lists/patrons                        admin    422
desk.move.index                        GET    /desk/move                                 admin    200
desk.move.confirm                      POST   /desk/move/rules/confirmation              admin    422
desk.move.reopen                       POST   /desk/move/rules/reopening                 admin    422
desk.move.counts                       GET    /desk/move/counts                          admin    200
desk.move.confirm_counts               POST   /desk/move/counts                          admin    422
desk.move_sample.index                 GET    /desk/move/sample                          admin    200
desk.move_sample.draw                  POST   /desk/move/sample                          admin    422
desk.move_sample.confirm               POST   /desk/move/sample/confirmation             admin    422
desk.move_sample.person                GET    /desk/move/sample/99999                    admin    404
desk.move_sample.judge                 POST   /desk/move/sample/99999                    admin    404
desk.move.rules                        GET    /desk/move/rules                           admin    200
desk.move.begin                        POST   /desk/move                                 admin    409
desk.move.numbers                      GET    /desk/move/numbers                         admin    200
desk.move.confirm_numbers              POST   /desk/move/numbers                         admin    422
desk.move.mails                        GET    /desk/move/mails                           admin    200
desk.move.backup                       GET    /desk/move/backup                          admin    200
desk.move.try_copy                     POST   /desk/move/backup                          admin    422
desk.move.ask_opening                  GET    /desk/move/opening                         admin    200
desk.move.open_library                 POST   /desk/move/opening                         admin    422
desk.move.ask_discard                  GET    /desk/move/discard                         admin    200
desk.move.discard                      POST   /desk/move/discard                         admin    422
desk.calendar.index                    GET    /desk/calendar                             admin    200
desk.calendar.change_days              POST   /desk/calendar/days                        admin    422
desk.calendar.take_back_days           POST   /desk/calendar/take-back                   admin    422
desk.calendar.add_rule                 POST   /desk/calendar/rules                       admin    422
desk.calendar.remove_rule              POST   /desk/calendar/rules/99999/remove          admin    404
desk.overdue.index                     GET    /desk/overdue                              desk     200
desk.notices.index                     GET    /desk/notices                              desk     200
desk.notices.send_again                POST   /desk/notices/99999/again                  desk     404
desk.numbers.index                     GET    /desk/numbers                              admin    200
desk.numbers.new                       GET    /desk/numbers/card/new                     admin    200
desk.numbers.add                       POST   /desk/numbers/item/new                     admin    422
desk.numbers.edit                      GET    /desk/numbers/card/99999                   admin    404
desk.numbers.change                    POST   /desk/numbers/card/99999                   admin    404
desk.numbers.ask_removal               GET    /desk/numbers/item/99999/removal           admin    404
desk.numbers.remove                    POST   /desk/numbers/item/99999/removal           admin    404
desk.other_numbers.index               GET    /desk/patrons/99999/numbers                desk     404
desk.other_numbers.add                 POST   /desk/patrons/99999/numbers                desk     404
desk.other_numbers.ask_removal         GET    /desk/patrons/99999/numbers/9/removal      desk     404
desk.other_numbers.remove              POST   /desk/patrons/99999/numbers/9/removal      desk     404
desk.policies.index                    GET    /desk/policies                             admin    200
desk.policies.change                   POST   /desk/policies                             admin    422
desk.policies.register_network         POST   /desk/policies/network                     admin    303 /desk/policies
desk.policies.lending                  GET    /desk/policies/lending                     admin    200
desk.policies.change_lending           POST   /desk/policies/lending                     admin    422
desk.policies.ask_lending_removal      GET    /desk/policies/lending/remove              admin    303 /desk/policies
desk.policies.remove_lending           POST   /desk/policies/lending/remove              admin    422
desk.features.index                    GET    /desk/features                             desk     200
desk.features.show                     GET    /desk/features/new                         desk     200
desk.features.show                     GET    /desk/features/99999                       desk     404
desk.features.write                    POST   /desk/features/new                         desk     422
desk.features.write                    POST   /desk/features/99999                       desk     404
desk.features.move                     POST   /desk/features/99999/place                 desk     404
desk.features.ask_deletion             GET    /desk/features/99999/deletion              desk     404
desk.features.delete                   POST   /desk/features/99999/deletion              desk     404
desk.pictures.index                    GET    /desk/pictures                             admin    200
desk.pictures.show                     GET    /desk/pictures/outside                     admin    200
desk.pictures.show                     GET    /desk/pictures/feature-99999               admin    404
desk.pictures.put                      POST   /desk/pictures/outside                     admin    422
desk.pictures.put                      POST   /desk/pictures/nowhere                     admin    404
desk.pictures.ask_removal              GET    /desk/pictures/outside/removal             admin    200
desk.pictures.remove                   POST   /desk/pictures/outside/removal             admin    303 /desk/pictures
desk.articles.index                    GET    /desk/articles                             admin    200
desk.articles.show                     GET    /desk/articles/news                        admin    200
desk.articles.show                     GET    /desk/articles/99999                       admin    404
desk.articles.write                    POST   /desk/articles/news                        admin    422
desk.articles.write                    POST   /desk/articles/99999                       admin    404
desk.texts.index                       GET    /desk/texts                                admin    200
desk.texts.show                        GET    /desk/texts/due                            admin    200
desk.texts.change                      POST   /desk/texts/due                            admin    422
desk.texts.ask_shipped                 GET    /desk/texts/due/shipped                    admin    200
desk.texts.ship                        POST   /desk/texts/due/shipped                    admin    303 /desk/texts
desk.statistics.index                  GET    /desk/statistics                           admin    200
desk.statistics.download               GET    /desk/statistics/time/no.csv               admin    404
desk.titles.index                      GET    /desk/titles                               desk     200
desk.titles.new                        GET    /desk/titles/new                           desk     200
desk.titles.add                        POST   /desk/titles/new                           desk     422
desk.titles.show                       GET    /desk/titles/99999                         desk     404
desk.title_holds.new                   GET    /desk/titles/99999/hold                    desk     404
desk.title_holds.place                 POST   /desk/titles/99999/hold                    desk     404
desk.titles.edit                       GET    /desk/titles/99999/edit                    desk     404
desk.titles.change                     POST   /desk/titles/99999/edit                    desk     404
desk.titles.ask_removal                GET    /desk/titles/99999/remove                  desk     404
desk.titles.remove                     POST   /desk/titles/99999/remove                  desk     404
desk.headings.index                    GET    /desk/people                               desk     200
desk.headings.join                     POST   /desk/people/join                          desk     422
desk.headings.part                     POST   /desk/people/part                          desk     422
desk.works.index                       GET    /desk/works                                desk     200
desk.works.join                        POST   /desk/works/join                           desk     422
desk.works.part                        POST   /desk/works/part                           desk     422
desk.merges.index                      GET    /desk/merges                               desk     200
desk.merges.new                        GET    /desk/merges/new                           desk     422
desk.merges.create                     POST   /desk/merges                               desk     422
desk.titles.add_item                   POST   /desk/titles/99999/items                   desk     404
desk.items.edit                        GET    /desk/items/99999/edit                     desk     404
desk.items.change                      POST   /desk/items/99999/edit                     desk     404
desk.ebooks.index                      GET    /desk/ebooks                               desk     200
desk.ebooks.send                       POST   /desk/ebooks                               admin    422
desk.ebooks.new                        GET    /desk/ebooks/new/dead                      admin    422
desk.ebooks.add                        POST   /desk/ebooks/new/dead                      admin    422
desk.ebooks.show                       GET    /desk/ebooks/99999                         desk     404
desk.ebooks.change                     POST   /desk/ebooks/99999                         admin    404
desk.ebooks.ask_withdrawal             GET    /desk/ebooks/99999/withdrawal              admin    404
desk.ebooks.withdraw                   POST   /desk/ebooks/99999/withdrawal              admin    404
desk.ebook_services.index              GET    /desk/ebooks/services                      admin    200
desk.ebook_services.add                POST   /desk/ebooks/services                      admin    422
desk.ebook_services.ask_removal        GET    /desk/ebooks/services/99999/removal        admin    404
desk.ebook_services.remove             POST   /desk/ebooks/services/99999/removal        admin    404
desk.offline.index                     GET    /desk/offline                              desk     200
desk.offline.shell                     GET    /desk/offline/shell                        anybody  200
desk.offline.worker                    GET    /desk/offline/worker.js                    anybody  200
desk.offline.file                      GET    /desk/offline/files/none/window.js         anybody  404
desk.offline.cards_and_copies          GET    /desk/offline/list                         desk     404
desk.offline.install                   POST   /desk/offline/browser                      admin    204
desk.offline.remove                    POST   /desk/offline/browser/removal              desk     204
desk.offline_entries.index             GET    /desk/offline/entries                      desk     200
desk.offline_entries.take              POST   /desk/offline/entries                      desk     422
desk.offline_entries.retry             POST   /desk/offline/entries/99999/retry          desk     409
desk.offline_entries.ask_resolution    GET    /desk/offline/entries/99999/resolution     desk     303 /desk/offline/entries
desk.offline_entries.resolve           POST   /desk/offline/entries/99999/resolution     desk     409
desk.offline_paper.index               GET    /desk/offline/paper                        desk     200
desk.offline_paper.enter               POST   /desk/offline/paper                        desk     422
desk.offline_paper.make                POST   /desk/offline/paper/sheets                 desk     422
desk.offline_paper.sheets              GET    /desk/offline/paper/sheets                 desk     200
desk.questions.index                   GET    /desk/questions                            desk     200
desk.questions.show                    GET    /desk/questions/99999                      desk     404
desk.questions.take                    POST   /desk/questions/99999/taking               desk     404
desk.questions.answer                  POST   /desk/questions/99999/answer               desk     404
desk.questions.close                   POST   /desk/questions/99999/closing              desk     404
desk.questions.prepare_publication     POST   /desk/questions/99999/publication          desk     404
desk.questions.withdraw_consent        POST   /desk/questions/99999/consent              desk     404
desk.published_answers.show            GET    /desk/answers/99999                        desk     404
desk.published_answers.write           POST   /desk/answers/99999                        desk     404
desk.labels.index                      GET    /desk/labels                               desk     200
desk.labels.print_sheets               POST   /desk/labels                               desk     422
desk.cards.show                        GET    /desk/patrons/99999/card                   desk     404
desk.stocktakings.index                GET    /desk/stocktaking                          desk     200
desk.stocktakings.begin                POST   /desk/stocktaking                          desk     422
desk.stocktakings.show                 GET    /desk/stocktaking/99999                    desk     404
desk.stocktakings.scan                 POST   /desk/stocktaking/99999/scans              desk     404
desk.stocktakings.read_scans           POST   /desk/stocktaking/99999/file               desk     404
desk.stocktakings.result               GET    /desk/stocktaking/99999/missing            desk     404
desk.stocktakings.download             GET    /desk/stocktaking/99999.csv                desk     404
desk.stocktakings.ask_close            GET    /desk/stocktaking/99999/close              desk     404
desk.stocktakings.close                POST   /desk/stocktaking/99999/close              desk     404
desk.imports.index                     GET    /desk/import                               admin    200
desk.imports.send                      POST   /desk/import                               admin    422
desk.imports.show                      GET    /desk/import/dead                          admin    422
desk.imports.columns                   GET    /desk/import/dead/columns                  admin    422
desk.imports.assign_columns            POST   /desk/import/dead/columns                  admin    422
desk.imports.values                    GET    /desk/import/dead/values                   admin    422
desk.imports.assign_values             POST   /desk/import/dead/values                   admin    422
desk.imports.progress                  GET    /desk/import/dead/progress                 admin    302 /desk/import/dead
desk.imports.take_form                 POST   /desk/import/dead/form                     admin    422
desk.imports.carry_out                 POST   /desk/import/dead/run                      admin    422
desk.imports.stop                      POST   /desk/import/dead/stop                     admin    422
desk.imports.download                  GET    /desk/import/dead/report                   admin    422
desk.exports.download                  GET    /desk/export/csv                           admin    200
"""
