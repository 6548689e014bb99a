-- What the simulator writes down for itself; the product never reads it, and ``count.sql`` reads nothing else.
CREATE TABLE open_day (branch INTEGER, day TEXT);
CREATE TABLE card (number INTEGER, first TEXT, last TEXT);            -- a span in which a card was valid
CREATE TABLE person (number INTEGER, first TEXT, last TEXT, category TEXT, is_group INTEGER, born TEXT,
                     residence TEXT, branch INTEGER, made_on TEXT, is_partner INTEGER); -- what was on file in a span
CREATE TABLE copy (number INTEGER PRIMARY KEY, branch INTEGER, material TEXT, audience TEXT, ndc TEXT, received TEXT,
                   how TEXT, withdrawn TEXT, why TEXT, is_long_gone INTEGER, entered TEXT, withdrawal_entered TEXT, owner TEXT);  -- owner: of a borrowed one
CREATE TABLE hidden_visit (day TEXT, branch INTEGER, number INTEGER); -- see Year.note_entry
CREATE TABLE night (day TEXT);                                        -- in which the jobs ran
CREATE TABLE act (id INTEGER PRIMARY KEY, act TEXT, day TEXT, hour INTEGER, branch INTEGER, channel TEXT,
                  number INTEGER, category TEXT, is_group INTEGER, born TEXT, residence TEXT, material TEXT,
                  audience TEXT, ndc TEXT, is_borrowed INTEGER, is_partner INTEGER);
CREATE TABLE serial (number INTEGER, how TEXT, first TEXT, last TEXT, branch INTEGER, is_daily INTEGER); -- a span in which it is taken; the first branch that does
CREATE TABLE borrowing (number INTEGER, branch INTEGER, arrived TEXT);
CREATE TABLE by_hand (name TEXT, branch INTEGER, month TEXT, number INTEGER);
CREATE TABLE day_of_year (day TEXT PRIMARY KEY);
WITH RECURSIVE days (day) AS (SELECT '2025-04-01' UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < '2026-03-31')
INSERT INTO day_of_year SELECT day FROM days;
