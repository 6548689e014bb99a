"""借りたことがある資料: memo, rating and class of what was borrowed."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "history_entry" ADD COLUMN "ndc_text" TEXT NOT NULL DEFAULT \'\'')
    db.execute_sql('ALTER TABLE "history_entry" ADD COLUMN "memo" TEXT NOT NULL DEFAULT \'\'')
    db.execute_sql(
        'ALTER TABLE "history_entry" ADD COLUMN "rating" INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5)'
    )
    db.execute_sql(
        'UPDATE "history_entry" SET "ndc_text" = '
        'COALESCE((SELECT "ndc" FROM "title" WHERE "title"."id" = "history_entry"."title_id"), \'\')'
    )
