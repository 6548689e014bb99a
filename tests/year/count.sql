-- The figures of the 年度, counted from the simulator's diary alone (diary.sql) by the words of their definitions: whoever
-- changes this does not read how library/counting/figures counts. Names and words are those of ``flask figures``.
-- figure: name, by what it is parted (word) into what (part), branch, month (YYYY-MM), number

DROP TABLE IF EXISTS figure;
CREATE TABLE figure (name TEXT, word TEXT, part TEXT, branch INTEGER, month TEXT, number INTEGER);

-- what a pupil is, by the school year from 1 April (who was born from 2 April on is a year later), and the age on the day
DROP VIEW IF EXISTS told;
CREATE VIEW told AS SELECT *, CASE WHEN born IS NULL THEN ''
    WHEN born > (school_year - 6) || '-04-01' THEN '幼' WHEN born > (school_year - 12) || '-04-01' THEN '小'
    WHEN born > (school_year - 15) || '-04-01' THEN '中' WHEN born > (school_year - 18) || '-04-01' THEN '高' ELSE '一般' END AS stage,
  CASE WHEN born IS NULL THEN '' WHEN age < 7 THEN '0-6' WHEN age < 13 THEN '7-12' WHEN age < 16 THEN '13-15' WHEN age < 19 THEN '16-18'
    WHEN age < 23 THEN '19-22' WHEN age < 30 THEN '23-29' WHEN age < 40 THEN '30-39' WHEN age < 50 THEN '40-49' WHEN age < 60 THEN '50-59'
    WHEN age < 70 THEN '60-69' ELSE '70-' END AS age_group
FROM (SELECT *, substr(day, 1, 4) - (substr(day, 6) < '04-01') AS school_year,
        substr(day, 1, 4) - substr(born, 1, 4) - (substr(day, 6) < substr(born, 6)) AS age FROM act);
DROP VIEW IF EXISTS done;
CREATE VIEW done AS SELECT told.*, substr(day, 1, 7) AS month, substr(ndc, 1, 1) AS class FROM told JOIN day_of_year USING (day);
DROP VIEW IF EXISTS lent;
CREATE VIEW lent AS SELECT * FROM done WHERE act = 'loan' AND NOT is_partner;

-- 個人貸出, 団体貸出: loans without, and with, group cards; no renewals, and none to another library (図書館間貸出)
DROP VIEW IF EXISTS lent_out;
CREATE VIEW lent_out AS SELECT * FROM done WHERE act = 'loan' AND is_partner;
INSERT INTO figure SELECT 'loans', '', '', branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY branch, month;
INSERT INTO figure SELECT 'group_loans', '', '', branch, month, count(*) FROM lent WHERE is_group GROUP BY branch, month;
-- うち児童: primary-school pupils on the day of the loan; 児童書 is the audience of the title: never mixed
INSERT INTO figure SELECT 'loans_child', '', '', branch, month, count(*) FROM lent WHERE NOT is_group AND stage = '小' GROUP BY branch, month;
INSERT INTO figure SELECT 'loans_juvenile', '', '', branch, month, count(*) FROM lent WHERE NOT is_group AND audience = '児童' GROUP BY branch, month;
INSERT INTO figure SELECT 'loans', 'class', class, branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY 3, 4, 5;
INSERT INTO figure SELECT 'loans', 'material_type', material, branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY 3, 4, 5;
INSERT INTO figure SELECT 'loans', 'day', day, branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY 3, 4, 5;
INSERT INTO figure SELECT 'group_loans', 'material_type', material, branch, month, count(*) FROM lent WHERE is_group GROUP BY 3, 4, 5;
INSERT INTO figure SELECT 'book_loans', '', '', branch, month, count(*) FROM lent WHERE material IN ('図書', '紙芝居') GROUP BY branch, month;
INSERT INTO figure SELECT 'book_loans', 'class', class, branch, month, count(*) FROM lent WHERE material IN ('図書', '紙芝居') GROUP BY 3, 4, 5;
INSERT INTO figure SELECT 'renewals', '', '', branch, month, count(*) FROM done WHERE act = 'renewal' GROUP BY branch, month;

INSERT INTO figure SELECT 'partner_loans', '', '', branch, month, count(*) FROM lent_out GROUP BY branch, month;
-- 図書館間借受: copies of other libraries, as they arrive
INSERT INTO figure SELECT 'borrowings', '', '', branch, substr(day, 1, 7), count(*) FROM borrowing JOIN day_of_year ON day = arrived GROUP BY 4, 5;

-- 帯出者数: a card counts once for each day and branch at which it borrowed; a visit of which the first loans were unlinked
-- before an entry of the offline desk came in is told as two
DROP VIEW IF EXISTS visit;
CREATE VIEW visit AS SELECT DISTINCT number, branch, day, month, is_group, stage, '' AS hidden FROM lent
  UNION ALL SELECT DISTINCT number, branch, day, month, is_group, stage, hidden_visit.rowid FROM hidden_visit JOIN lent USING (number, branch, day);
INSERT INTO figure SELECT 'borrowers', '', '', branch, month, count(*) FROM visit GROUP BY branch, month;
INSERT INTO figure SELECT 'borrowers_child', '', '', branch, month, count(*) FROM visit WHERE NOT is_group AND stage = '小' GROUP BY branch, month;
-- 実利用者: a card counts once in the 年度; it belongs to any one of its loans, so that only the whole library's year is told
INSERT INTO figure SELECT 'users', 'year', '', NULL, NULL, count(DISTINCT number) FROM lent;

-- 予約件数: holds that were placed, whatever became of them, without those taken back; and requests at their receipt, of
-- which the hold that follows is none
INSERT INTO figure SELECT 'holds', '', '', branch, month, count(*) FROM done WHERE act IN ('hold', 'request') GROUP BY branch, month;
INSERT INTO figure SELECT 'holds', 'channel', channel, branch, month, count(*) FROM done WHERE act IN ('hold', 'request') GROUP BY 3, 4, 5;

-- the last day of each month, and the morning after: what is counted at a month's end is what is there that morning
DROP VIEW IF EXISTS month_end;
CREATE VIEW month_end AS SELECT month, day, morning, (SELECT min(night.day) FROM night WHERE night.day >= morning) AS frozen FROM (
  SELECT substr(day, 1, 7) AS month, max(day) AS day, date(max(day), '+1 day') AS morning FROM day_of_year GROUP BY 1);

-- 登録者: cards valid that morning, of persons and of groups; pupils by the school year of that morning
DROP TABLE IF EXISTS valid;
CREATE TABLE valid AS
SELECT person.*, month_end.month, CAST(substr(morning, 1, 4) AS INTEGER) - (substr(morning, 6, 5) < '04-01') AS year
  FROM month_end JOIN person ON person.first <= month_end.day AND person.last >= month_end.day AND NOT is_partner
 WHERE EXISTS (SELECT 1 FROM card WHERE card.number = person.number AND card.first <= month_end.day AND card.last >= morning);
INSERT INTO figure SELECT 'cards', '', '', branch, month, count(*) FROM valid WHERE NOT is_group GROUP BY branch, month;
INSERT INTO figure SELECT 'groups', '', '', branch, month, count(*) FROM valid WHERE is_group GROUP BY branch, month;
INSERT INTO figure SELECT 'cards_outside', '', '', branch, month, count(*) FROM valid WHERE NOT is_group AND residence = 'outside' GROUP BY branch, month;
-- a pupil of primary school: of six years by birthdays from 2 April on
INSERT INTO figure SELECT 'cards_child', '', '', branch, month, count(*) FROM valid
 WHERE NOT is_group AND born BETWEEN (year - 12) || '-04-02' AND (year - 6) || '-04-01' GROUP BY branch, month;
-- new cards, by the branch that stands on file at the month's end
INSERT INTO figure SELECT 'new_cards', '', '', branch, month_end.month, count(DISTINCT number) FROM person
  JOIN day_of_year ON day_of_year.day = made_on JOIN month_end ON month_end.month = substr(made_on, 1, 7)
 WHERE NOT is_group AND NOT is_partner AND person.first <= month_end.day AND person.last >= month_end.day GROUP BY branch, month_end.month;

-- 蔵書: received by then (or nobody knows when), not withdrawn then; 不明 and 紛失 in; frozen in the first night after the
-- month, so that what was entered later under an earlier day is in the next month
DROP TABLE IF EXISTS held;
CREATE TABLE held AS SELECT copy.*, month_end.month FROM copy, month_end
 WHERE (received IS NULL OR received <= month_end.day) AND entered < frozen AND NOT is_long_gone AND owner IS NULL
   AND (withdrawn IS NULL OR withdrawn > month_end.day OR withdrawal_entered >= frozen);
INSERT INTO figure SELECT 'books', '', '', branch, month, count(*) FROM held WHERE material IN ('図書', '紙芝居') GROUP BY branch, month;
INSERT INTO figure SELECT 'books_juvenile', '', '', branch, month, count(*) FROM held WHERE material IN ('図書', '紙芝居') AND audience = '児童' GROUP BY branch, month;
INSERT INTO figure SELECT 'magazines', '', '', branch, month, count(*) FROM held WHERE material = '雑誌' GROUP BY branch, month;
INSERT INTO figure SELECT 'audiovisual', '', '', branch, month, count(*) FROM held WHERE material IN ('CD', 'DVD') GROUP BY branch, month;
-- 雑誌購入種数: bought on the morning after the year, not 日刊; one of several branches at the first of them
INSERT INTO figure SELECT 'serials', '', '', branch, month, count(DISTINCT number) FROM serial JOIN month_end ON first <= day AND last > day
 WHERE month = '2026-03' AND how = '購入' AND NOT is_daily GROUP BY branch, month;
-- by class at the year's end alone: the diary knows no class of former days
INSERT INTO figure SELECT 'books', 'class', substr(ndc, 1, 1), branch, month, count(*) FROM held
 WHERE material IN ('図書', '紙芝居') AND month = '2026-03' GROUP BY 3, 4;
-- 回転率: loans of books, of persons and groups, for each book of the year's end
INSERT INTO figure SELECT 'turnover', 'class', part, NULL, '2026-03', 1.0 * lent / books FROM (
  SELECT part, sum(number) FILTER (WHERE name = 'books') AS books, ifnull(sum(number) FILTER (WHERE name = 'book_loans'), 0) AS lent
    FROM figure WHERE word = 'class' AND name IN ('books', 'book_loans') GROUP BY part) WHERE books > 0;

-- 受入, 除籍: books by day and by 区分, reason
DROP VIEW IF EXISTS received;
CREATE VIEW received AS SELECT *, substr(received, 1, 7) AS month FROM copy JOIN day_of_year ON day = received
 WHERE owner IS NULL AND material IN ('図書', '紙芝居');
INSERT INTO figure SELECT 'received', '', '', branch, month, count(*) FROM received GROUP BY branch, month;
INSERT INTO figure SELECT 'received', 'how', how, branch, month, count(*) FROM received GROUP BY 3, 4, 5;
INSERT INTO figure SELECT 'received', 'class', substr(ndc, 1, 1), branch, month, count(*) FROM received GROUP BY 3, 4, 5;
INSERT INTO figure SELECT 'received_juvenile', '', '', branch, month, count(*) FROM received WHERE audience = '児童' GROUP BY branch, month;
INSERT INTO figure SELECT 'withdrawn', '', '', branch, substr(day, 1, 7), count(*) FROM copy JOIN day_of_year ON day = withdrawn
 WHERE owner IS NULL AND material IN ('図書', '紙芝居') GROUP BY 4, 5;
INSERT INTO figure SELECT 'withdrawn', 'reason', why, branch, substr(day, 1, 7), count(*) FROM copy JOIN day_of_year ON day = withdrawn
 WHERE owner IS NULL AND material IN ('図書', '紙芝居') GROUP BY 3, 4, 5;
INSERT INTO figure SELECT 'days_open', '', '', branch, substr(day, 1, 7), count(*) FROM open_day JOIN day_of_year USING (day) GROUP BY 4, 5;

-- entered by hand, and made of others: 登録率 of the persons of a town (奉仕人口 of the year before), 図書館利用者数
INSERT INTO figure SELECT name, CASE WHEN branch IS NULL THEN 'year' ELSE '' END, '', branch, month, number FROM by_hand WHERE branch IS NULL OR month BETWEEN '2025-04' AND '2026-03';
INSERT INTO figure SELECT 'library_users', '', '', branch, month, sum(number) FROM figure WHERE name IN ('borrowers', 'gatherings') GROUP BY branch, month;
INSERT INTO figure SELECT 'registration_rate', 'year', '', NULL, '2026-03', round(100.0 * sum(number)
   / (SELECT number FROM figure WHERE name = 'population' AND month = '2026-03'), 1) FROM figure WHERE name = 'cards' AND word = '' AND month = '2026-03';
