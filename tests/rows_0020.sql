-- Rows as commit 75ddd44 wrote them (schema of 0020): cards of 13 digits, letters of both sizes in the numbers of copies.
INSERT INTO branch (id, code, name, name_kana, address, phone, position, pickup, closed_weekdays, opens_at, closes_at) VALUES
 (1, '01', '本館', '', '清流町本町1-1', '0575-22-1234', 1, 1, '0', '', ''),
 (2, '02', '東部分館', '', '清流町東2', '0575-22-5678', 2, 1, '01', '', '');
INSERT INTO title (id, source, source_id, title, title_kana, subtitle, volume, series, author, author_kana, publisher, place, year_text, isbn,
 isbn_text, ndc, subjects, material_type, audience, language, extent, price, note, sort_key, author_sort_key) VALUES
 (1, 'csv', 'T1', 'こころ', '', '', '', '', '夏目漱石', '', '', '', '', '', '', '', '', '図書', '一般', '', '', '', '', 'こころ', '夏目漱石'),
 (2, 'csv', 'T2', '雪国', '', '', '', '', '川端康成', '', '', '', '', '', '', '', '', '図書', '一般', '', '', '', '', '雪国', '川端康成');
INSERT INTO item (id, title_id, barcode, branch_id, shelf, call_number, material_type, state) VALUES
 (1, 1, 'A000012B', 1, '', '', '', 'available'),
 (2, 1, 'a000013c', 2, '', '', '', 'available'),
 (3, 2, 'K-000042', 1, '', '', '', 'available'),
 (4, 2, '0100000001', 1, '', '', '', 'reference'),
 (5, 2, 'b000001x', 1, '', '', '', 'available'),
 (6, 2, 'B000001X', 2, '', '', '', 'available');
INSERT INTO patron (id, card_number, name, name_kana, birth_date, category, phone_home, phone_mobile, phone_work, branch_id, expires_on, state,
 password_hash, initial_issued_at, initial_code_hash, initial_failures, contact_method, contact_phone, keep_history, titles_in_mail, text_size,
 desk_note, show_name) VALUES
 (1, '0000002377570', '髙橋　花子', 'ﾀｶﾊｼ ﾊﾅｺ', '1978-08-08', '一般', '0575(22)6101', '', '', 1, '2029-03-31', 'active',
  '', '2026-11-20 01:00:00.000001', '', 0, 'none', 'mobile', 0, 1, '', '', 0),
 (2, '0000002377588', '山﨑　健一', 'ヤマザキ ケンイチ', '1950-01-02', '一般', '0575-22-6102', '', '', 1, '2018-03-31', 'active',
  '', '2026-11-20 01:00:00.000001', '', 0, 'none', 'mobile', 0, 1, '', '', 0),
 (3, '0000002377596', '読書会　清流', '', '2001-04-01', '団体', '0575-22-6103', '', '', 2, NULL, 'active',
  '', '2026-11-20 01:00:00.000001', '', 0, 'none', 'mobile', 0, 1, '', '', 0);
INSERT INTO lost_card (card_number, patron_id, reported_at) VALUES ('0000002377000', 1, '2026-11-19 01:00:00.000001');
INSERT INTO loan (id, item_id, patron_id, branch_id, lent_on, due_on, renewals, trouble, category, age_group, request) VALUES
 (1, 1, 1, 1, '2026-11-20', '2026-12-04', 0, '', '一般', '40-49', ''),
 (2, 2, 2, 1, '2026-09-01', '2026-09-15', 0, '', '一般', '70-', '');
