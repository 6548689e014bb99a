-- What a new library on PostgreSQL has besides its tables; migrations 0001 and 0003 make the same for SQLite.

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'audit rows are never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.at > now() AT TIME ZONE 'UTC' - interval '729 days' THEN
        RAISE EXCEPTION 'audit rows are kept two years' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OF at, actor, action, details ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse();

-- the full text index of the catalogue: docs/adr/0052-search.md
CREATE TABLE search (
    id bigint PRIMARY KEY,
    title text COLLATE "C" NOT NULL,
    author text COLLATE "C" NOT NULL,
    publisher text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    series text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    isbn text COLLATE "C" NOT NULL,
    pieces text[] COLLATE "C" NOT NULL
);
CREATE INDEX search_pieces ON search USING gin (pieces);
CREATE TABLE search_state (version integer NOT NULL, indexed_to integer NOT NULL);
INSERT INTO search_state VALUES (1, -1);

-- who does the work of a name, by numbers that only grow: docs/adr/0012-scheduler.md
CREATE TABLE lease (name text COLLATE "C" PRIMARY KEY, number bigint NOT NULL, until timestamptz NOT NULL);
