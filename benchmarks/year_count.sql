-- The figures of the 年度, counted from the simulator's diary (benchmarks/year.py) by the words of the definitions alone.
-- Every row of ``figure``: name, part (class, kind, stage, reason, …), branch, month (YYYY-MM), number.

DROP TABLE IF EXISTS figure;
CREATE TABLE figure (name TEXT, part TEXT, branch INTEGER, month TEXT, number INTEGER);

DROP VIEW IF EXISTS lent;
CREATE VIEW lent AS
SELECT act.*, substr(act.day, 1, 7) AS month FROM act JOIN day_of_year USING (day) WHERE act = 'loan';

-- 個人貸出, 団体貸出: loans without, and with, group cards; no renewals
INSERT INTO figure SELECT '個人貸出', '', branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY branch, month;
INSERT INTO figure SELECT '団体貸出', '', branch, month, count(*) FROM lent WHERE is_group GROUP BY branch, month;
-- うち児童: primary-school pupils on the day of the loan; 児童書 is the audience of the title: never mixed
INSERT INTO figure SELECT '個人貸出 小学生', '', branch, month, count(*) FROM lent WHERE NOT is_group AND stage = '小' GROUP BY branch, month;
INSERT INTO figure SELECT '個人貸出 児童書', '', branch, month, count(*) FROM lent WHERE NOT is_group AND audience = '児童' GROUP BY branch, month;
INSERT INTO figure SELECT '団体貸出 児童書', '', branch, month, count(*) FROM lent WHERE is_group AND audience = '児童' GROUP BY branch, month;
INSERT INTO figure SELECT '個人貸出 学校段階', stage, branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY stage, branch, month;
INSERT INTO figure SELECT '個人貸出 年齢', age_group, branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY age_group, branch, month;
INSERT INTO figure SELECT '個人貸出 居住', residence, branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY residence, branch, month;
INSERT INTO figure SELECT '個人貸出 区分', category, branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY category, branch, month;
INSERT INTO figure SELECT '個人貸出 資料', material, branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY material, branch, month;
INSERT INTO figure SELECT '団体貸出 資料', material, branch, month, count(*) FROM lent WHERE is_group GROUP BY material, branch, month;
INSERT INTO figure SELECT '貸出 分類', substr(ndc, 1, 1), branch, month, count(*) FROM lent GROUP BY substr(ndc, 1, 1), branch, month;
INSERT INTO figure SELECT '貸出 図書 分類', substr(ndc, 1, 1), branch, month, count(*) FROM lent WHERE material IN ('図書', '紙芝居') GROUP BY substr(ndc, 1, 1), branch, month;
INSERT INTO figure SELECT '個人貸出 分類', substr(ndc, 1, 1), branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY substr(ndc, 1, 1), branch, month;
INSERT INTO figure SELECT '個人貸出 日', day, branch, month, count(*) FROM lent WHERE NOT is_group GROUP BY day, branch;
INSERT INTO figure SELECT '貸出 時', hour, branch, month, count(*) FROM lent GROUP BY hour, branch, month;
INSERT INTO figure SELECT '貸出 経路', channel, branch, month, count(*) FROM lent GROUP BY channel, branch, month;
INSERT INTO figure SELECT '延長', '', branch, substr(day, 1, 7), count(*) FROM act JOIN day_of_year USING (day)
 WHERE act = 'renewal' GROUP BY branch, substr(day, 1, 7);

-- 帯出者数: a card counts once for each day and branch at which it borrowed
-- a visit of which the first loans were unlinked before an entry of the offline desk came in is told as two
INSERT INTO figure SELECT '帯出者数', '', branch, month, count(*)
 FROM (SELECT DISTINCT number, branch, day, month FROM lent
       UNION ALL SELECT number, branch, day, substr(day, 1, 7) FROM hidden_visit JOIN day_of_year USING (day)) GROUP BY branch, month;
INSERT INTO figure SELECT '帯出者数 個人', '', branch, month, count(*)
 FROM (SELECT DISTINCT number, branch, day, month FROM lent WHERE NOT is_group) GROUP BY branch, month;
INSERT INTO figure SELECT '帯出者数 小学生', '', branch, month, count(*)
 FROM (SELECT DISTINCT number, branch, day, month FROM lent WHERE NOT is_group AND stage = '小') GROUP BY branch, month;
-- 実利用者: a card counts once in the 年度; it belongs to any one of its loans, so that only the whole library's year is told
INSERT INTO figure SELECT '実利用者', '', NULL, NULL, count(DISTINCT number) FROM lent;
INSERT INTO figure SELECT '実利用者 個人', '', NULL, NULL, count(DISTINCT number) FROM lent WHERE NOT is_group;
INSERT INTO figure SELECT '実利用者 団体', '', NULL, NULL, count(DISTINCT number) FROM lent WHERE is_group;
-- 団体: groups that borrowed in the 年度
INSERT INTO figure SELECT '帯出者数 団体', '', branch, month, count(*)
 FROM (SELECT DISTINCT number, branch, day, month FROM lent WHERE is_group) GROUP BY branch, month;

-- 予約件数: holds that were placed, whatever became of them, without those taken back
INSERT INTO figure SELECT '予約件数', '', branch, substr(day, 1, 7), count(*) FROM act JOIN day_of_year USING (day)
 WHERE act = 'hold' GROUP BY branch, substr(day, 1, 7);
INSERT INTO figure SELECT '予約件数 経路', channel, branch, substr(day, 1, 7), count(*) FROM act JOIN day_of_year USING (day)
 WHERE act = 'hold' GROUP BY channel, branch, substr(day, 1, 7);

-- the last day of each month, and the morning after: what is counted at a month's end is what is there that morning
DROP VIEW IF EXISTS month_end;
CREATE VIEW month_end AS SELECT month, day, morning, (SELECT min(night.day) FROM night WHERE night.day >= morning) AS frozen FROM (
  SELECT substr(day, 1, 7) AS month, max(day) AS day, date(max(day), '+1 day') AS morning FROM day_of_year GROUP BY 1);

-- 登録者: cards valid that morning, of persons and of groups; pupils by the school year of that morning
DROP TABLE IF EXISTS valid;
CREATE TABLE valid AS
SELECT month_end.month, month_end.morning AS day, person.number, person.branch, person.category, person.is_group, person.residence, person.born
  FROM month_end
  JOIN person ON person.first <= month_end.day AND person.last >= month_end.day
 WHERE EXISTS (SELECT 1 FROM card WHERE card.number = person.number AND card.first <= month_end.day AND card.last >= month_end.morning);
INSERT INTO figure SELECT '登録者', '', branch, month, count(*) FROM valid WHERE NOT is_group GROUP BY branch, month;
INSERT INTO figure SELECT '登録団体', '', branch, month, count(*) FROM valid WHERE is_group GROUP BY branch, month;
INSERT INTO figure SELECT '登録者 市外', '', branch, month, count(*) FROM valid WHERE NOT is_group AND residence = 'outside' GROUP BY branch, month;
-- a pupil of primary school: of six years by birthdays from 2 April on
INSERT INTO figure
SELECT '登録者 小学生', '', branch, month, count(*)
  FROM (SELECT valid.*, CAST(substr(day, 1, 4) AS INTEGER) - (substr(day, 6, 5) < '04-01') AS year FROM valid)
 WHERE NOT is_group AND born BETWEEN (year - 12) || '-04-02' AND (year - 6) || '-04-01' GROUP BY branch, month;
INSERT INTO figure
SELECT '登録者 幼児', '', branch, month, count(*)
  FROM (SELECT valid.*, CAST(substr(day, 1, 4) AS INTEGER) - (substr(day, 6, 5) < '04-01') AS year FROM valid)
 WHERE NOT is_group AND born > (year - 6) || '-04-01' GROUP BY branch, month;
INSERT INTO figure
SELECT '登録者 中学生', '', branch, month, count(*)
  FROM (SELECT valid.*, CAST(substr(day, 1, 4) AS INTEGER) - (substr(day, 6, 5) < '04-01') AS year FROM valid)
 WHERE NOT is_group AND born BETWEEN (year - 15) || '-04-02' AND (year - 12) || '-04-01' GROUP BY branch, month;
-- 社会教育調査 asks for the persons of 1 October
INSERT INTO figure SELECT '登録者 10月1日', CASE is_group WHEN 0 THEN '個人' ELSE '団体' END, branch, '2025-10', count(*) FROM person
 WHERE first < '2025-10-01' AND last >= '2025-09-30' AND EXISTS (
   SELECT 1 FROM card WHERE card.number = person.number AND card.first < '2025-10-01' AND card.last >= '2025-10-01'
 ) GROUP BY is_group, branch;
INSERT INTO figure SELECT '登録者 10月1日', '小学生', branch, '2025-10', count(*) FROM person
 WHERE NOT is_group AND born BETWEEN '2013-04-02' AND '2019-04-01' AND first < '2025-10-01' AND last >= '2025-09-30' AND EXISTS (
   SELECT 1 FROM card WHERE card.number = person.number AND card.first < '2025-10-01' AND card.last >= '2025-10-01'
 ) GROUP BY branch;
-- new cards, by the branch that stands on file at the month's end
INSERT INTO figure SELECT '新規登録', is_group, branch, substr(made_on, 1, 7), count(DISTINCT number) FROM person
  JOIN day_of_year ON day_of_year.day = made_on JOIN month_end ON month_end.month = substr(made_on, 1, 7)
 WHERE person.first <= month_end.day AND person.last >= month_end.day GROUP BY is_group, branch, substr(made_on, 1, 7);

-- 蔵書: received by then (or nobody knows when), not withdrawn then; 不明 and 紛失 in; frozen in the first night after the
-- month, so that what was entered later under an earlier day is in the next month
INSERT INTO figure SELECT '蔵書', material || ' ' || audience, branch, month_end.month, count(*) FROM copy, month_end
 WHERE (received IS NULL OR received <= month_end.day) AND entered < frozen AND NOT is_long_gone
   AND (withdrawn IS NULL OR withdrawn > month_end.day OR withdrawal_entered >= frozen)
 GROUP BY material, audience, branch, month_end.month;
INSERT INTO figure SELECT '年度末蔵書 分類', substr(ndc, 1, 1), branch, '2026-03', count(*) FROM copy
 WHERE material IN ('図書', '紙芝居') AND (received IS NULL OR received <= '2026-03-31') AND (withdrawn IS NULL OR withdrawn > '2026-03-31')
   AND NOT is_long_gone GROUP BY substr(ndc, 1, 1), branch;
INSERT INTO figure SELECT '受入 分類', substr(ndc, 1, 1), branch, substr(received, 1, 7), count(*) FROM copy JOIN day_of_year ON day = received
 WHERE material IN ('図書', '紙芝居') GROUP BY substr(ndc, 1, 1), branch, substr(received, 1, 7);
INSERT INTO figure SELECT '受入', how || ' ' || material || ' ' || audience, branch, substr(received, 1, 7), count(*) FROM copy JOIN day_of_year ON day = received
 GROUP BY how, material, audience, branch, substr(received, 1, 7);
INSERT INTO figure SELECT '除籍', why || ' ' || material || ' ' || audience, branch, substr(withdrawn, 1, 7), count(*) FROM copy JOIN day_of_year ON day = withdrawn
 GROUP BY why, material, audience, branch, substr(withdrawn, 1, 7);
INSERT INTO figure SELECT '開館日数', '', branch, substr(day, 1, 7), count(*) FROM open_day JOIN day_of_year USING (day)
 GROUP BY branch, substr(day, 1, 7);
