"""窓口メモ of a patron, the place behind the desk where a copy waits, and the order of a cart."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "patron" ADD COLUMN "desk_note" TEXT NOT NULL DEFAULT \'\'')
    db.execute_sql('ALTER TABLE "item" ADD COLUMN "aside_at" TEXT NOT NULL DEFAULT \'\'')
    db.execute_sql('ALTER TABLE "cart_row" ADD COLUMN "position" INTEGER NOT NULL DEFAULT 0')
