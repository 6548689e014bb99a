"""Holds by state and by copy: an index for some states alone is not used where the state is a parameter of the query."""


def up(migrator, db):
    db.execute_sql("DROP INDEX hold_by_state")
    db.execute_sql('CREATE INDEX "hold_state_pickup_by" ON "hold" ("state", "pickup_by")')
    db.execute_sql("CREATE INDEX hold_item ON hold (item_id) WHERE item_id IS NOT NULL")
