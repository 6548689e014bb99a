"""Loans of a span are counted from an index alone, in the order of their days."""


def up(migrator, db):
    db.execute_sql("CREATE INDEX loan_statistics ON loan (lent_on, branch_id, category, age_group, item_id)")
