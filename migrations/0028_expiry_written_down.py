"""An expiry that lies in the past when it is written down erases nobody at once. Of patrons who are there that is this day."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "patron" ADD COLUMN "retention_from" DATE')
    db.execute_sql('UPDATE "patron" SET "retention_from" = CURRENT_DATE WHERE "expires_on" IS NOT NULL')
