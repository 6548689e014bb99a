"""A draft that システムメンテナンス stopped is held until some time after it."""


def up(migrator, db):
    db.execute_sql('ALTER TABLE "draft" ADD COLUMN "held_until" DATETIME')
