-- What 1.0.0 has on PostgreSQL besides its tables; 0001_tables.py has the same for SQLite, but for the leases.

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

-- The full text index of the catalogue (docs/adr/0052-search.md). `letters` has the values of thirteen columns, one a line, each with the mark
-- of its end; `words` the pieces of values as a whole and of single letters. The pieces of both stand in the index alone.
CREATE FUNCTION search_pieces(letters text, words text) RETURNS text[] LANGUAGE sql IMMUTABLE COST 1000 AS $$
    SELECT array(
        -- a pair at each letter; a triple, too, where both are of small alphabets; else the letter alone, too
        SELECT unnest(ARRAY[a || b, CASE WHEN NOT a_small THEN nullif(a, chr(3)) WHEN b_small THEN a || b || c END])
        FROM (
            SELECT a, b, c,
                a BETWEEN '!' AND '~' OR a BETWEEN 'ぁ' AND 'ゟ' OR a = 'ー' AS a_small,
                b BETWEEN '!' AND '~' OR b BETWEEN 'ぁ' AND 'ゟ' OR b = 'ー' AS b_small
            FROM (SELECT string_to_array(letters COLLATE "C", NULL) AS l) AS cut, unnest(l, l[2:], l[3:]) AS each (a, b, c)
        ) AS pairs
        WHERE a <> chr(10) AND b <> chr(10)
        UNION ALL
        -- a word, and of a value as a whole and a Latin word its first one, two and three letters after the mark
        SELECT unnest(left(word, 42) || CASE WHEN word ^@ chr(2) OR word ^@ chr(5) THEN ARRAY[left(word, 2), left(word, 3), left(word, 4)] END)
        FROM unnest(string_to_array(replace(words, chr(10), ''), ' ')) AS word
        WHERE word <> ''
    )
$$;
CREATE TABLE search (id bigint PRIMARY KEY, letters text COLLATE "C" NOT NULL, words text COLLATE "C" NOT NULL);
CREATE INDEX search_pieces_index ON search USING gin (search_pieces(letters, words));
-- before: the layout of the index that a new one is built beside, 0 where there is none
CREATE TABLE search_state (version integer NOT NULL, indexed_to integer NOT NULL, before integer NOT NULL DEFAULT 0);
INSERT INTO search_state VALUES (1, -1);

-- who does the work of a name, by numbers that only grow: docs/adr/0012-scheduler.md
CREATE TABLE lease (name text COLLATE "C" PRIMARY KEY, number bigint NOT NULL, until timestamptz NOT NULL);

-- The number of each card is a row of card_number, too: docs/adr/0080-numbers.md.
CREATE FUNCTION number_patron() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM card_number WHERE patron_id = OLD.id AND kind <> 'lost';
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM card_number WHERE number = OLD.card_number AND kind = 'current';
    END IF;
    INSERT INTO card_number (number, patron_id, kind) VALUES (NEW.card_number, NEW.id, 'current');
    RETURN NULL;
END
$$;
CREATE TRIGGER patron_gets_number AFTER INSERT ON patron FOR EACH ROW EXECUTE FUNCTION number_patron();
CREATE TRIGGER patron_gets_other_number AFTER UPDATE OF card_number ON patron FOR EACH ROW
    WHEN (NEW.card_number <> OLD.card_number) EXECUTE FUNCTION number_patron();
CREATE TRIGGER patron_goes_with_numbers BEFORE DELETE ON patron FOR EACH ROW EXECUTE FUNCTION number_patron();
