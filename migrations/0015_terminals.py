"""Sessions that run on a terminal of the library's own, where they end sooner."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "session" ADD COLUMN "terminal" INTEGER NOT NULL DEFAULT FALSE')
