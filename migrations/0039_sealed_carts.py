"""A new password that nobody proved seals the cart, too, as it does shelves: what stood in it says what somebody means to read."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "cart_row" ADD COLUMN "sealed" INTEGER NOT NULL DEFAULT FALSE')
    db.execute_sql('DROP INDEX "cart_row_patron_id_title_id"')
    db.execute_sql(
        'CREATE UNIQUE INDEX "cart_row_patron_id_title_id_sealed" ON "cart_row" ("patron_id", "title_id", "sealed")'
    )
    db.execute_sql(
        'UPDATE "cart_row" SET "sealed" = TRUE WHERE EXISTS '
        '(SELECT 1 FROM "seal" WHERE "seal"."patron_id" = "cart_row"."patron_id" AND "cart_row"."added_at" < "seal"."sealed_at")'
    )
