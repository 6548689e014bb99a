"""Titles that were changed by hand are known as such."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "title" ADD COLUMN "edited" INTEGER NOT NULL DEFAULT FALSE')
