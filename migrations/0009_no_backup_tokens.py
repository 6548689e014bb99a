"""Copies leave by restic, which root runs: no machine fetches them by a token any more."""


def up(migrator, db):
    db.execute_sql('DROP TABLE "backup_token"')
