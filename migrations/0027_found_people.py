"""Patrons have the keys by which the desk finds them. What is there already gets them by ``registration.fold_again``."""


def up(migrator, db):
    for key in ("name_key", "kana_key"):
        db.execute_sql(f'ALTER TABLE "patron" ADD COLUMN "{key}" TEXT NOT NULL DEFAULT \'\'')
        db.execute_sql(f'CREATE INDEX "patron_{key}" ON "patron" ("{key}")')
