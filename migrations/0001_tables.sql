-- All tables and indexes of 1.0.0, for both engines: 0001_tables.py says what each word with a dollar sign is on which.

CREATE TABLE "branch" (
    "id" $key NOT NULL PRIMARY KEY, "code" $string NOT NULL, "name" $string NOT NULL, "name_kana" $string NOT NULL,
    "address" $string NOT NULL, "phone" $string NOT NULL, "position" INTEGER NOT NULL, "pickup" $flag NOT NULL,
    "closed_weekdays" $string NOT NULL, "postal_code" $text NOT NULL DEFAULT '', "map_url" $text NOT NULL DEFAULT '',
    "hours" $text NOT NULL DEFAULT '{}', "closed_on" DATE
);
CREATE UNIQUE INDEX "branch_code" ON "branch" ("code");
CREATE UNIQUE INDEX "branch_name" ON "branch" ("name");
CREATE INDEX "branch_position" ON "branch" ("position");

CREATE TABLE "staff" (
    "id" $key NOT NULL PRIMARY KEY, "login" $string NOT NULL, "name" $string NOT NULL,
    "role" $string NOT NULL CHECK (role IN ('desk', 'admin')), "password_hash" $string NOT NULL, "must_change_password" $flag NOT NULL,
    "disabled_at" $moment, "created_at" $moment NOT NULL, "second_factor_at" $moment, "second_factor_by" $moment
);
CREATE UNIQUE INDEX "staff_login" ON "staff" ("login");

CREATE TABLE "category_change" (
    "id" $key NOT NULL PRIMARY KEY, "at" $moment NOT NULL, "by" $string NOT NULL, "from_category" $string NOT NULL,
    "to_category" $string NOT NULL, "born_until" DATE NOT NULL, "undone_at" $moment
);

CREATE TABLE "throttle" (
    "name" $string NOT NULL PRIMARY KEY, "failures" INTEGER NOT NULL, "since" $moment NOT NULL, "allowed_at" $moment NOT NULL
);

CREATE TABLE "title" (
    "id" $key NOT NULL PRIMARY KEY, "source" $string NOT NULL, "source_id" $string NOT NULL, "title" $text NOT NULL,
    "title_kana" $text NOT NULL, "subtitle" $text NOT NULL, "volume" $text NOT NULL, "series" $text NOT NULL, "author" $text NOT NULL,
    "author_kana" $text NOT NULL, "publisher" $text NOT NULL, "place" $text NOT NULL, "year" INTEGER, "year_text" $text NOT NULL,
    "isbn" $string NOT NULL, "isbn_text" $text NOT NULL, "ndc" $text NOT NULL, "subjects" $text NOT NULL, "material_type" $string NOT NULL,
    "audience" $string NOT NULL, "language" $string NOT NULL, "extent" $text NOT NULL, "price" $text NOT NULL, "note" $text NOT NULL,
    "accession_date" DATE, "subtitle_kana" $text NOT NULL DEFAULT '', "series_kana" $text NOT NULL DEFAULT '', "ndc_edition" $text NOT NULL DEFAULT '',
    "contents" $text NOT NULL DEFAULT '', "title_latin" $text NOT NULL DEFAULT '', "digest" $text NOT NULL DEFAULT '',
    "sort_key" $text NOT NULL DEFAULT '', "author_sort_key" $text NOT NULL DEFAULT '', "shelf_key" $text NOT NULL DEFAULT '',
    "edited" $flag NOT NULL DEFAULT FALSE, "volume_kana" $text NOT NULL DEFAULT '', "publisher_kana" $text NOT NULL DEFAULT '',
    "kana_source" $text NOT NULL DEFAULT '' CHECK (kana_source IN ('', 'romaji', 'desk')), "changed_at" $moment NOT NULL DEFAULT '1970-01-01 00:00:00',
    "work_key" $text NOT NULL DEFAULT '', "work_fixed" $flag NOT NULL DEFAULT FALSE, "formats" $text NOT NULL DEFAULT '',
    "accessibility" $text NOT NULL DEFAULT '', "desk_fields" $text NOT NULL DEFAULT ''
);
CREATE INDEX "title_isbn" ON "title" ("isbn");
CREATE UNIQUE INDEX title_source ON title (source, source_id) WHERE source_id <> '';
CREATE INDEX title_unnumbered ON title (title) WHERE source_id = '' AND isbn = '';
CREATE INDEX title_changed ON title (changed_at, id);
CREATE INDEX title_of_work ON title (work_key);
CREATE INDEX title_formats ON title (formats) WHERE formats <> '';

CREATE TABLE "series" (
    "id" $key NOT NULL PRIMARY KEY, "key" $text NOT NULL, "name" $text NOT NULL, "kana" $text NOT NULL
);
CREATE UNIQUE INDEX "series_key" ON "series" ("key");

CREATE TABLE "author" (
    "id" $key NOT NULL PRIMARY KEY, "name" $text NOT NULL, "kana" $text NOT NULL, "latin" $text NOT NULL, "sort_key" $text NOT NULL,
    "person_id" INTEGER REFERENCES "author" ("id") ON DELETE SET NULL, "person_fixed" $flag NOT NULL DEFAULT FALSE, "apart" $text NOT NULL DEFAULT ''
);
CREATE INDEX "author_sort_key" ON "author" ("sort_key");
CREATE INDEX "author_person_id" ON "author" ("person_id");
CREATE UNIQUE INDEX "author_name_kana_apart" ON "author" ("name", "kana", "apart");

CREATE TABLE "work_join" (
    "key" $text NOT NULL PRIMARY KEY, "work_key" $text NOT NULL
);
CREATE INDEX "work_join_work_key" ON "work_join" ("work_key");

CREATE TABLE "subject" (
    "id" $key NOT NULL PRIMARY KEY, "name" $text NOT NULL, "kana" $text NOT NULL, "sort_key" $text NOT NULL, "latin" $text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX "subject_name" ON "subject" ("name");
CREATE INDEX "subject_sort_key" ON "subject" ("sort_key");

CREATE TABLE "ebook_service" (
    "id" $key NOT NULL PRIMARY KEY, "name" $string NOT NULL, "url" $text NOT NULL, "explanation" $text NOT NULL, "shelf_url" $text NOT NULL
);
CREATE UNIQUE INDEX "ebook_service_name" ON "ebook_service" ("name");

CREATE TABLE "guess" (
    "id" $key NOT NULL PRIMARY KEY, "kind" $string NOT NULL, "who" $string NOT NULL, "source" $string NOT NULL,
    "failures" INTEGER NOT NULL, "since" $moment NOT NULL, "until" $moment NOT NULL
);
CREATE UNIQUE INDEX "guess_kind_who_source" ON "guess" ("kind", "who", "source");
CREATE INDEX "guess_who" ON "guess" ("who");

CREATE TABLE "reset_request" (
    "id" $key NOT NULL PRIMARY KEY, "card" $string NOT NULL, "address" $string NOT NULL, "asked_at" $moment NOT NULL
);

CREATE TABLE "offline_slip" (
    "id" $key NOT NULL PRIMARY KEY, "number" $string NOT NULL, "used_at" $moment
);
CREATE UNIQUE INDEX "offline_slip_number" ON "offline_slip" ("number");

CREATE TABLE "setting" (
    "name" $string NOT NULL PRIMARY KEY, "value" $text
);

CREATE TABLE "policy_row" (
    "id" $key NOT NULL PRIMARY KEY, "category" $string NOT NULL, "material_type" $string NOT NULL, "lendable" $flag, "holdable" $flag,
    "loan_limit" INTEGER, "loan_days" INTEGER, "renewals" INTEGER, "hold_limit" INTEGER, "cart_limit" INTEGER, "shelf_days" INTEGER,
    CHECK (category <> '' OR material_type <> '')
);
CREATE UNIQUE INDEX "policy_row_category_material_type" ON "policy_row" ("category", "material_type");

CREATE TABLE "job_run" (
    "name" $string NOT NULL PRIMARY KEY, "day" DATE, "started_at" $moment NOT NULL, "finished_at" $moment, "counts" $text NOT NULL,
    "last_error" $string NOT NULL, "failed_at" $moment, "succeeded_at" $moment, "failures" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "backup_token" (
    "id" $key NOT NULL PRIMARY KEY, "name" $string NOT NULL, "token_hash" $string NOT NULL, "addresses" $text NOT NULL,
    "made_at" $moment NOT NULL, "used_at" $moment
);
CREATE UNIQUE INDEX "backup_token_name" ON "backup_token" ("name");
CREATE UNIQUE INDEX "backup_token_token_hash" ON "backup_token" ("token_hash");

CREATE TABLE "move" (
    "id" $key NOT NULL PRIMARY KEY, "begun_at" $moment NOT NULL, "was_empty" $flag NOT NULL, "opens_on" DATE, "mails" INTEGER NOT NULL
);

CREATE TABLE "move_step" (
    "name" $string NOT NULL PRIMARY KEY, "facts" $text NOT NULL, "confirmed_at" $moment, "confirmed_by" $string NOT NULL
);

CREATE TABLE "assignment" (
    "id" $key NOT NULL PRIMARY KEY, "kind" $string NOT NULL CHECK (kind IN ('branches', 'titles', 'items', 'patrons', 'loans', 'holds')),
    "field" $string NOT NULL, "word" $text NOT NULL, "means" $text NOT NULL
);
CREATE UNIQUE INDEX "assignment_kind_field_word" ON "assignment" ("kind", "field", "word");

CREATE TABLE "article" (
    "id" $key NOT NULL PRIMARY KEY, "slug" $string, "title" $string NOT NULL, "text" $text NOT NULL, "day" DATE, "public" $flag NOT NULL,
    "changed_at" $moment NOT NULL,
    CHECK ((slug IS NULL) = (day IS NOT NULL))
);
CREATE UNIQUE INDEX "article_slug" ON "article" ("slug");
CREATE INDEX "article_day" ON "article" ("day");

CREATE TABLE "feature" (
    "id" $key NOT NULL PRIMARY KEY, "slug" $string NOT NULL, "title" $string NOT NULL, "text" $text NOT NULL, "public" $flag NOT NULL,
    "on_front" $flag NOT NULL, "icon" $string NOT NULL, "first" DATE, "last" DATE, "position" INTEGER NOT NULL, "changed_at" $moment NOT NULL
);
CREATE UNIQUE INDEX "feature_slug" ON "feature" ("slug");

CREATE TABLE "cover" (
    "isbn" $string NOT NULL PRIMARY KEY, "size" INTEGER NOT NULL, "again_at" $moment
);

CREATE TABLE "closed_day" (
    "id" $key NOT NULL PRIMARY KEY, "branch_id" INTEGER NOT NULL, "day" DATE NOT NULL, "open" $flag NOT NULL, "note" $string NOT NULL,
    FOREIGN KEY ("branch_id") REFERENCES "branch" ("id") ON DELETE CASCADE
);
CREATE INDEX "closed_day_branch_id" ON "closed_day" ("branch_id");
CREATE UNIQUE INDEX "closed_day_branch_id_day" ON "closed_day" ("branch_id", "day");

CREATE TABLE "closing_rule" (
    "id" $key NOT NULL PRIMARY KEY, "branch_id" INTEGER, "rule" $string NOT NULL,
    FOREIGN KEY ("branch_id") REFERENCES "branch" ("id") ON DELETE CASCADE
);
CREATE INDEX "closing_rule_branch_id" ON "closing_rule" ("branch_id");
CREATE UNIQUE INDEX "closing_rule_branch_id_rule" ON "closing_rule" ("branch_id", "rule");

CREATE TABLE "patron" (
    "id" $key NOT NULL PRIMARY KEY, "card_number" $string NOT NULL, "name" $string NOT NULL, "name_kana" $string NOT NULL,
    "category" $string NOT NULL, "phone_home" $string NOT NULL, "phone_mobile" $string NOT NULL, "phone_work" $string NOT NULL,
    "branch_id" INTEGER, "registered_on" DATE, "expires_on" DATE, "state" $string NOT NULL CHECK (state IN ('active', 'suspended', 'closed')),
    "closed_on" DATE, "password_hash" $string NOT NULL, "initial_issued_at" $moment, "initial_code_hash" $string NOT NULL,
    "initial_failures" INTEGER NOT NULL, "pickup_branch_id" INTEGER,
    "contact_method" $string NOT NULL CHECK (contact_method IN ('none', 'mail', 'phone')),
    "contact_phone" $string NOT NULL CHECK (contact_phone IN ('mobile', 'home', 'work')), "keep_history" $flag NOT NULL,
    "titles_in_mail" $flag NOT NULL, "text_size" $string NOT NULL CHECK (text_size IN ('', 's', 'm', 'l')), "desk_note" $text NOT NULL DEFAULT '',
    "show_name" $flag NOT NULL DEFAULT FALSE, "name_key" $text NOT NULL DEFAULT '', "kana_key" $text NOT NULL DEFAULT '', "retention_from" DATE,
    "birth_date" DATE, "postal_code" $text NOT NULL DEFAULT '', "address" $text NOT NULL DEFAULT '', "guardian_name" $text NOT NULL DEFAULT '',
    "guardian_phone" $text NOT NULL DEFAULT '',
    "residence" $text NOT NULL DEFAULT '' CHECK (residence IN ('', 'living', 'working', 'studying', 'outside')), "suspended_on" DATE,
    "suspended_reason" $text NOT NULL DEFAULT '', "card_key" $text NOT NULL DEFAULT '', "phone_home_key" $text NOT NULL DEFAULT '',
    "phone_mobile_key" $text NOT NULL DEFAULT '', "phone_work_key" $text NOT NULL DEFAULT '', "guardian_phone_key" $text NOT NULL DEFAULT '',
    "passkey_handle" $text NOT NULL DEFAULT '',
    FOREIGN KEY ("branch_id") REFERENCES "branch" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("pickup_branch_id") REFERENCES "branch" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "patron_card_number" ON "patron" ("card_number");
CREATE INDEX "patron_branch_id" ON "patron" ("branch_id");
CREATE INDEX "patron_pickup_branch_id" ON "patron" ("pickup_branch_id");
CREATE INDEX "patron_name_key" ON "patron" ("name_key");
CREATE INDEX "patron_kana_key" ON "patron" ("kana_key");
CREATE INDEX "patron_card_key" ON "patron" ("card_key");
CREATE INDEX "patron_phone_home_key" ON "patron" ("phone_home_key");
CREATE INDEX "patron_phone_mobile_key" ON "patron" ("phone_mobile_key");
CREATE INDEX "patron_phone_work_key" ON "patron" ("phone_work_key");
CREATE INDEX "patron_guardian_phone_key" ON "patron" ("guardian_phone_key");

CREATE TABLE "title_name" (
    "title_id" INTEGER NOT NULL, "position" INTEGER NOT NULL, "kind" $text NOT NULL, "name" $text NOT NULL, "kana" $text NOT NULL, "latin" $text NOT NULL,
    PRIMARY KEY ("title_id", "position"),
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE CASCADE
) $without_rowid;

CREATE TABLE "title_series" (
    "title_id" INTEGER NOT NULL, "position" INTEGER NOT NULL, "series_id" INTEGER NOT NULL, "name" $text NOT NULL, "kana" $text NOT NULL,
    "latin" $text NOT NULL, "number" $text NOT NULL,
    PRIMARY KEY ("title_id", "position"),
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("series_id") REFERENCES "series" ("id") ON DELETE RESTRICT
) $without_rowid;
CREATE INDEX "title_series_series_id" ON "title_series" ("series_id");

CREATE TABLE "deleted_title" (
    "title_id" INTEGER NOT NULL PRIMARY KEY, "deleted_at" $moment NOT NULL, "merged_into_id" INTEGER, "branches" $text NOT NULL,
    "source" $text NOT NULL DEFAULT '', "source_id" $text NOT NULL DEFAULT '',
    FOREIGN KEY ("merged_into_id") REFERENCES "title" ("id") ON DELETE SET NULL
);
CREATE INDEX "deleted_title_deleted_at" ON "deleted_title" ("deleted_at");
CREATE INDEX "deleted_title_merged_into_id" ON "deleted_title" ("merged_into_id");
CREATE INDEX deleted_title_source ON deleted_title (source_id) WHERE source_id <> '';

CREATE TABLE "contributor" (
    "title_id" INTEGER NOT NULL, "position" INTEGER NOT NULL, "author_id" INTEGER NOT NULL, "role" $text NOT NULL,
    PRIMARY KEY ("title_id", "position"),
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("author_id") REFERENCES "author" ("id") ON DELETE RESTRICT
) $without_rowid;
CREATE INDEX "contributor_author_id" ON "contributor" ("author_id");

CREATE TABLE "source_record" (
    "title_id" INTEGER NOT NULL PRIMARY KEY, "format" $string NOT NULL CHECK (format IN ('marc21', 'marcxml', 'dcndl', 'csv')),
    "raw" $bytes NOT NULL,
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE CASCADE
);

CREATE TABLE "item" (
    "id" $key NOT NULL PRIMARY KEY, "title_id" INTEGER NOT NULL, "barcode" $string NOT NULL, "branch_id" INTEGER NOT NULL,
    "shelf" $string NOT NULL, "call_number" $string NOT NULL, "material_type" $string NOT NULL,
    "state" $string NOT NULL CHECK (state IN ('available', 'reference', 'repair', 'missing', 'lost', 'withdrawn')), "acquired_on" DATE,
    "at_branch_id" INTEGER REFERENCES "branch" ("id") ON DELETE RESTRICT, "going_to_id" INTEGER REFERENCES "branch" ("id") ON DELETE RESTRICT,
    "aside" $flag NOT NULL DEFAULT FALSE, "aside_at" $text NOT NULL DEFAULT '', "shelf_key" $text NOT NULL DEFAULT '',
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("branch_id") REFERENCES "branch" ("id") ON DELETE RESTRICT
);
CREATE INDEX "item_title_id" ON "item" ("title_id");
CREATE UNIQUE INDEX "item_barcode" ON "item" ("barcode");
CREATE INDEX "item_branch_id" ON "item" ("branch_id");
CREATE INDEX item_on_the_way ON item (going_to_id) WHERE going_to_id IS NOT NULL;
CREATE INDEX item_aside ON item (id) WHERE aside;
CREATE INDEX item_in_order ON item (shelf_key, title_id) WHERE shelf_key <> '' AND state <> 'withdrawn';
CREATE INDEX item_in_order_at_branch ON item (branch_id, shelf_key, title_id) WHERE shelf_key <> '' AND state <> 'withdrawn';
CREATE INDEX item_in_order_on_shelf ON item (branch_id, shelf, shelf_key, title_id) WHERE shelf_key <> '' AND state <> 'withdrawn';

CREATE TABLE "author_name" (
    "author_id" INTEGER NOT NULL, "position" INTEGER NOT NULL, "kind" $text NOT NULL, "name" $text NOT NULL, "kana" $text NOT NULL,
    "latin" $text NOT NULL,
    PRIMARY KEY ("author_id", "position"),
    FOREIGN KEY ("author_id") REFERENCES "author" ("id") ON DELETE CASCADE
) $without_rowid;

CREATE TABLE "author_identifier" (
    "scheme" $text NOT NULL, "value" $text NOT NULL, "author_id" INTEGER NOT NULL,
    PRIMARY KEY ("scheme", "value"),
    FOREIGN KEY ("author_id") REFERENCES "author" ("id") ON DELETE CASCADE
) $without_rowid;
CREATE INDEX "author_identifier_author_id" ON "author_identifier" ("author_id");

CREATE TABLE "title_subject" (
    "title_id" INTEGER NOT NULL, "position" INTEGER NOT NULL, "subject_id" INTEGER NOT NULL,
    PRIMARY KEY ("title_id", "position"),
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("subject_id") REFERENCES "subject" ("id") ON DELETE CASCADE
) $without_rowid;
CREATE INDEX "title_subject_subject_id" ON "title_subject" ("subject_id");

CREATE TABLE "subject_link" (
    "subject_id" INTEGER NOT NULL, "position" INTEGER NOT NULL, "kind" $text NOT NULL, "name" $text NOT NULL, "kana" $text NOT NULL,
    "relation" $text NOT NULL,
    PRIMARY KEY ("subject_id", "position"),
    FOREIGN KEY ("subject_id") REFERENCES "subject" ("id") ON DELETE CASCADE
) $without_rowid;

CREATE TABLE "ebook" (
    "id" $key NOT NULL PRIMARY KEY, "title_id" INTEGER NOT NULL, "file" $string NOT NULL, "size" INTEGER NOT NULL,
    "digest" $string NOT NULL, "cover" $string NOT NULL CHECK (cover IN ('', 'image/jpeg', 'image/png')), "identifier" $text NOT NULL,
    "licences" INTEGER CHECK (licences >= 1), "days" INTEGER CHECK (days >= 1), "added_at" $moment NOT NULL, "withdrawn_at" $moment,
    "erased" $flag NOT NULL, "accessibility" $text,
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE RESTRICT
);
CREATE UNIQUE INDEX "ebook_file" ON "ebook" ("file");
CREATE INDEX "ebook_added_at" ON "ebook" ("added_at");
CREATE UNIQUE INDEX ebook_one_per_title ON ebook (title_id) WHERE withdrawn_at IS NULL;
CREATE UNIQUE INDEX ebook_one_per_file ON ebook (digest) WHERE withdrawn_at IS NULL;
CREATE INDEX ebook_title ON ebook (title_id);

CREATE TABLE "authenticator" (
    "id" $key NOT NULL PRIMARY KEY, "staff_id" INTEGER NOT NULL, "secret" $text NOT NULL, "pending" $text NOT NULL, "last_step" INTEGER NOT NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "authenticator_staff_id" ON "authenticator" ("staff_id");

CREATE TABLE "recovery_code" (
    "id" $key NOT NULL PRIMARY KEY, "staff_id" INTEGER NOT NULL, "code_hash" $string NOT NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE CASCADE
);
CREATE INDEX "recovery_code_staff_id" ON "recovery_code" ("staff_id");

CREATE TABLE "proved_browser" (
    "id" $key NOT NULL PRIMARY KEY, "staff_id" INTEGER NOT NULL, "token_hash" $string NOT NULL, "proved_at" $moment NOT NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE CASCADE
);
CREATE INDEX "proved_browser_staff_id" ON "proved_browser" ("staff_id");
CREATE UNIQUE INDEX "proved_browser_token_hash" ON "proved_browser" ("token_hash");

CREATE TABLE "ranking" (
    "name" $string NOT NULL CHECK (name IN ('loans', 'holds')), "span" $string NOT NULL CHECK (span IN ('month', 'half', 'year')),
    "audience" $string NOT NULL CHECK (audience IN ('', 'adult', 'child')), "place" INTEGER NOT NULL, "title_id" INTEGER NOT NULL,
    "before" INTEGER,
    PRIMARY KEY ("name", "span", "audience", "place"),
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE CASCADE
) $without_rowid;
CREATE INDEX "ranking_title_id" ON "ranking" ("title_id");

CREATE TABLE "ranking_of_month" (
    "month" $string NOT NULL, "span" $string NOT NULL CHECK (span IN ('month', 'half', 'year')),
    "audience" $string NOT NULL CHECK (audience IN ('', 'adult', 'child')), "place" INTEGER NOT NULL, "title_id" INTEGER NOT NULL,
    PRIMARY KEY ("month", "span", "audience", "place"),
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE CASCADE
) $without_rowid;
CREATE INDEX "ranking_of_month_title_id" ON "ranking_of_month" ("title_id");

CREATE TABLE "article_version" (
    "id" $key NOT NULL PRIMARY KEY, "article_id" INTEGER NOT NULL, "title" $string NOT NULL, "text" $text NOT NULL, "day" DATE,
    "public" $flag NOT NULL, "by" $string NOT NULL, "at" $moment NOT NULL,
    FOREIGN KEY ("article_id") REFERENCES "article" ("id") ON DELETE CASCADE
);
CREATE INDEX "article_version_article_id" ON "article_version" ("article_id");

CREATE TABLE "feature_book" (
    "id" $key NOT NULL PRIMARY KEY, "feature_id" INTEGER NOT NULL, "position" INTEGER NOT NULL, "title_id" INTEGER, "name" $text NOT NULL,
    "author" $text NOT NULL, "comment" $text NOT NULL,
    FOREIGN KEY ("feature_id") REFERENCES "feature" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE SET NULL
);
CREATE INDEX "feature_book_title_id" ON "feature_book" ("title_id");
CREATE UNIQUE INDEX "feature_book_feature_id_position" ON "feature_book" ("feature_id", "position");

CREATE TABLE "feature_version" (
    "id" $key NOT NULL PRIMARY KEY, "feature_id" INTEGER NOT NULL, "title" $string NOT NULL, "text" $text NOT NULL, "public" $flag NOT NULL,
    "on_front" $flag NOT NULL, "icon" $string NOT NULL, "first" DATE, "last" DATE, "books" $text NOT NULL, "by" $string NOT NULL,
    "at" $moment NOT NULL,
    FOREIGN KEY ("feature_id") REFERENCES "feature" ("id") ON DELETE CASCADE
);
CREATE INDEX "feature_version_feature_id" ON "feature_version" ("feature_id");

CREATE TABLE "picture" (
    "id" $key NOT NULL PRIMARY KEY, "place" $string, "feature_id" INTEGER, "alt" $string NOT NULL,
    FOREIGN KEY ("feature_id") REFERENCES "feature" ("id") ON DELETE CASCADE,
    CHECK ((place IS NULL) <> (feature_id IS NULL))
);
CREATE UNIQUE INDEX "picture_place" ON "picture" ("place");
CREATE UNIQUE INDEX "picture_feature_id" ON "picture" ("feature_id");

CREATE TABLE "stocktaking" (
    "id" $key NOT NULL PRIMARY KEY, "branch_id" INTEGER NOT NULL, "shelf" $string NOT NULL, "started_at" $moment NOT NULL, "closed_at" $moment,
    "missing" INTEGER NOT NULL,
    FOREIGN KEY ("branch_id") REFERENCES "branch" ("id") ON DELETE RESTRICT
);
CREATE INDEX "stocktaking_branch_id" ON "stocktaking" ("branch_id");

CREATE TABLE "card_number" (
    "id" $key NOT NULL PRIMARY KEY, "number" $string NOT NULL, "patron_id" INTEGER,
    "kind" $string NOT NULL CHECK (kind IN ('current', 'lost', 'old', 'mykey')), "since" $moment, "until" $moment,
    "key" $text NOT NULL DEFAULT '',
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE SET NULL,
    CHECK (patron_id IS NOT NULL OR kind = 'lost')
);
CREATE UNIQUE INDEX "card_number_number" ON "card_number" ("number");
CREATE INDEX "card_number_patron_id" ON "card_number" ("patron_id");
CREATE UNIQUE INDEX card_number_current ON card_number (patron_id) WHERE kind = 'current';
CREATE INDEX "card_number_key" ON "card_number" ("key");

CREATE TABLE "patron_address" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "position" INTEGER NOT NULL CHECK (position IN (1, 2)),
    "address" $string NOT NULL, "kind" $string NOT NULL CHECK (kind IN ('pc', 'mobile')), "verified_at" $moment,
    "failures" INTEGER NOT NULL, "undeliverable_at" $moment, "since" $moment, "at_desk" $flag NOT NULL DEFAULT FALSE,
    "titles_off" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE INDEX "patron_address_patron_id" ON "patron_address" ("patron_id");
CREATE UNIQUE INDEX "patron_address_patron_id_position" ON "patron_address" ("patron_id", "position");
CREATE UNIQUE INDEX "patron_address_patron_id_address" ON "patron_address" ("patron_id", "address");

CREATE TABLE "former_address" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "address" $string NOT NULL,
    "kind" $string NOT NULL CHECK (kind IN ('pc', 'mobile')), "since" $moment, "at_desk" $flag NOT NULL, "removed_at" $moment NOT NULL,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "former_address_patron_id_address" ON "former_address" ("patron_id", "address");

CREATE TABLE "mail_preference" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "kind" $string NOT NULL CHECK (kind IN ('registration', 'hold', 'sdi', 'due')),
    "to_pc" $flag NOT NULL, "to_mobile" $flag NOT NULL, "active" $flag NOT NULL, "days_before" INTEGER NOT NULL CHECK (days_before BETWEEN 0 AND 7),
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE INDEX "mail_preference_patron_id" ON "mail_preference" ("patron_id");
CREATE UNIQUE INDEX "mail_preference_patron_id_kind" ON "mail_preference" ("patron_id", "kind");

CREATE TABLE "draft" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "token" $string NOT NULL, "base" $text NOT NULL, "entered" $text NOT NULL,
    "password_hash" $string NOT NULL, "created_at" $moment NOT NULL, "held_until" $moment, "lapsed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "draft_patron_id" ON "draft" ("patron_id");
CREATE UNIQUE INDEX "draft_token" ON "draft" ("token");

CREATE TABLE "calendar_link" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "serial" $string NOT NULL, "with_titles" $flag NOT NULL,
    "created_at" $moment NOT NULL, "sealed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "calendar_link_patron_id" ON "calendar_link" ("patron_id");
CREATE UNIQUE INDEX "calendar_link_serial" ON "calendar_link" ("serial");

CREATE TABLE "family_tie" (
    "id" $key NOT NULL PRIMARY KEY, "viewer_id" INTEGER NOT NULL, "number" $string NOT NULL, "child_id" INTEGER, "asked_at" $moment NOT NULL,
    "agreed_at" $moment, "may_renew" $flag NOT NULL DEFAULT FALSE, "may_card" $flag NOT NULL DEFAULT FALSE,
    "titles_hidden" $flag NOT NULL DEFAULT FALSE, "titles_asked_on" DATE, "titles_settled" $flag NOT NULL DEFAULT FALSE,
    "label" $text NOT NULL DEFAULT '', "colour" INTEGER NOT NULL DEFAULT 0 CHECK (colour BETWEEN 0 AND 4), "seen_on" DATE, "ending_told_on" DATE,
    "stays_on" DATE,
    FOREIGN KEY ("viewer_id") REFERENCES "patron" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("child_id") REFERENCES "patron" ("id") ON DELETE CASCADE,
    CHECK (viewer_id <> child_id),
    CHECK (agreed_at IS NULL OR child_id IS NOT NULL)
);
CREATE INDEX "family_tie_child_id" ON "family_tie" ("child_id");
CREATE UNIQUE INDEX "family_tie_viewer_id_number" ON "family_tie" ("viewer_id", "number");
CREATE UNIQUE INDEX family_tie_agreed ON family_tie (viewer_id, child_id) WHERE agreed_at IS NOT NULL;

CREATE TABLE "closing_request" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "asked_at" $moment NOT NULL,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "closing_request_patron_id" ON "closing_request" ("patron_id");

CREATE TABLE "category_changed" (
    "id" $key NOT NULL PRIMARY KEY, "change_id" INTEGER NOT NULL, "patron_id" INTEGER NOT NULL,
    FOREIGN KEY ("change_id") REFERENCES "category_change" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE INDEX "category_changed_patron_id" ON "category_changed" ("patron_id");
CREATE UNIQUE INDEX "category_changed_change_id_patron_id" ON "category_changed" ("change_id", "patron_id");

CREATE TABLE "undo" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL,
    "kind" $string NOT NULL CHECK (kind IN ('renewals', 'family', 'cart', 'shelf')), "facts" $text NOT NULL, "until" $moment NOT NULL,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE INDEX "undo_patron_id" ON "undo" ("patron_id");
CREATE INDEX "undo_until" ON "undo" ("until");

CREATE TABLE "session" (
    "id" $key NOT NULL PRIMARY KEY, "token_hash" $string NOT NULL, "patron_id" INTEGER, "staff_id" INTEGER,
    "scope" $string NOT NULL CHECK (scope IN ('full', 'first_password')), "created_at" $moment NOT NULL, "seen_at" $moment NOT NULL,
    "authenticated_at" $moment NOT NULL, "client" $string NOT NULL, "terminal" $flag NOT NULL DEFAULT FALSE,
    "wrong_proofs" INTEGER NOT NULL DEFAULT 0,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE CASCADE,
    CHECK ((patron_id IS NULL) <> (staff_id IS NULL))
);
CREATE UNIQUE INDEX "session_token_hash" ON "session" ("token_hash");
CREATE INDEX "session_patron_id" ON "session" ("patron_id");
CREATE INDEX "session_staff_id" ON "session" ("staff_id");

CREATE TABLE "known_device" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER, "staff_id" INTEGER, "token_hash" $string NOT NULL, "seen_at" $moment NOT NULL,
    "known_since" $moment,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE CASCADE,
    CHECK ((patron_id IS NULL) <> (staff_id IS NULL))
);
CREATE INDEX "known_device_patron_id" ON "known_device" ("patron_id");
CREATE INDEX "known_device_staff_id" ON "known_device" ("staff_id");
CREATE UNIQUE INDEX "known_device_token_hash_patron_id" ON "known_device" ("token_hash", "patron_id");
CREATE UNIQUE INDEX "known_device_token_hash_staff_id" ON "known_device" ("token_hash", "staff_id");

CREATE TABLE "one_time_link" (
    "id" $key NOT NULL PRIMARY KEY, "token_hash" $string NOT NULL,
    "purpose" $string NOT NULL CHECK (purpose IN ('reset', 'verify', 'open_seal', 'stop')), "patron_id" INTEGER NOT NULL,
    "address" $string NOT NULL, "expires_at" $moment NOT NULL, "used_at" $moment,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "one_time_link_token_hash" ON "one_time_link" ("token_hash");
CREATE INDEX "one_time_link_patron_id" ON "one_time_link" ("patron_id");

CREATE TABLE "seal" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "sealed_at" $moment NOT NULL, "at_desk" $flag NOT NULL,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "seal_patron_id" ON "seal" ("patron_id");

CREATE TABLE "held_form" (
    "id" $key NOT NULL PRIMARY KEY, "token_hash" $string NOT NULL, "staff_id" INTEGER NOT NULL, "address" $text NOT NULL,
    "page" $text NOT NULL, "entered" $text NOT NULL, "held_at" $moment NOT NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "held_form_token_hash" ON "held_form" ("token_hash");
CREATE INDEX "held_form_staff_id" ON "held_form" ("staff_id");

CREATE TABLE "said_out" (
    "id" $key NOT NULL PRIMARY KEY, "item_id" INTEGER NOT NULL,
    FOREIGN KEY ("item_id") REFERENCES "item" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "said_out_item_id" ON "said_out" ("item_id");

CREATE TABLE "ebook_loan" (
    "id" $key NOT NULL PRIMARY KEY, "ebook_id" INTEGER NOT NULL, "patron_id" INTEGER, "licence" INTEGER, "lent_on" DATE NOT NULL,
    "due_on" DATE NOT NULL, "returned_on" DATE, "sealed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("ebook_id") REFERENCES "ebook" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE RESTRICT,
    CHECK (due_on >= lent_on),
    CHECK ((returned_on IS NULL) = (patron_id IS NOT NULL))
);
CREATE INDEX "ebook_loan_ebook_id" ON "ebook_loan" ("ebook_id");
CREATE INDEX "ebook_loan_patron_id" ON "ebook_loan" ("patron_id");
CREATE UNIQUE INDEX ebook_loan_one_per_licence ON ebook_loan (ebook_id, licence) WHERE returned_on IS NULL;
CREATE INDEX ebook_loan_over ON ebook_loan (due_on) WHERE returned_on IS NULL;
CREATE UNIQUE INDEX ebook_loan_one_per_patron ON ebook_loan (ebook_id, patron_id, sealed) WHERE returned_on IS NULL;

CREATE TABLE "ebook_hold" (
    "id" $key NOT NULL PRIMARY KEY, "ebook_id" INTEGER NOT NULL, "patron_id" INTEGER NOT NULL,
    "state" $string NOT NULL CHECK (state IN ('waiting', 'ready', 'cancelled', 'expired', 'withdrawn')), "placed_at" $moment NOT NULL,
    "until" DATE, "ended_at" $moment, "sealed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("ebook_id") REFERENCES "ebook" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE INDEX "ebook_hold_patron_id" ON "ebook_hold" ("patron_id");
CREATE INDEX "ebook_hold_ebook_id_state_placed_at" ON "ebook_hold" ("ebook_id", "state", "placed_at");
CREATE UNIQUE INDEX ebook_hold_one_per_patron ON ebook_hold (ebook_id, patron_id, sealed) WHERE state IN ('waiting', 'ready');

CREATE TABLE "ebook_link" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "key" $string NOT NULL, "made_at" $moment NOT NULL,
    "sealed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "ebook_link_patron_id" ON "ebook_link" ("patron_id");
CREATE UNIQUE INDEX "ebook_link_key" ON "ebook_link" ("key");

CREATE TABLE "passkey" (
    "id" $key NOT NULL PRIMARY KEY, "staff_id" INTEGER, "patron_id" INTEGER, "credential" $string NOT NULL, "public_key" $text NOT NULL,
    "uses" INTEGER NOT NULL, "name" $string NOT NULL, "created_at" $moment NOT NULL, "used_at" $moment,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE,
    CHECK ((patron_id IS NULL) <> (staff_id IS NULL))
);
CREATE INDEX "passkey_staff_id" ON "passkey" ("staff_id");
CREATE INDEX "passkey_patron_id" ON "passkey" ("patron_id");
CREATE UNIQUE INDEX "passkey_credential" ON "passkey" ("credential");

CREATE TABLE "challenge" (
    "id" $key NOT NULL PRIMARY KEY, "value" $string NOT NULL,
    "purpose" $string NOT NULL CHECK (purpose IN ('sign_in', 'register', 'prove')), "staff_id" INTEGER, "patron_id" INTEGER,
    "browser" $string NOT NULL, "wrong" INTEGER NOT NULL, "expires_at" $moment NOT NULL,
    FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE,
    CHECK ((patron_id IS NULL) <> (staff_id IS NULL))
);
CREATE UNIQUE INDEX "challenge_value" ON "challenge" ("value");
CREATE INDEX "challenge_staff_id" ON "challenge" ("staff_id");
CREATE INDEX "challenge_patron_id" ON "challenge" ("patron_id");

CREATE TABLE "known_network" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "network_hash" $string NOT NULL, "seen_at" $moment NOT NULL,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "known_network_patron_id_network_hash" ON "known_network" ("patron_id", "network_hash");

CREATE TABLE "check_number" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "number_hash" $string NOT NULL, "expires_at" $moment NOT NULL,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "check_number_patron_id" ON "check_number" ("patron_id");

CREATE TABLE "loan" (
    "id" $key NOT NULL PRIMARY KEY, "item_id" INTEGER NOT NULL, "patron_id" INTEGER, "branch_id" INTEGER NOT NULL, "lent_on" DATE NOT NULL,
    "due_on" DATE NOT NULL, "returned_on" DATE, "renewals" INTEGER NOT NULL,
    "trouble" $string NOT NULL DEFAULT '' CHECK (trouble IN ('', 'lost', 'damaged', 'claimed')), "category" $text NOT NULL DEFAULT '',
    "age_group" $text NOT NULL DEFAULT '', "returned_at" $moment, "returned_to_id" INTEGER REFERENCES "branch" ("id") ON DELETE RESTRICT,
    "request" $text NOT NULL DEFAULT '',
    FOREIGN KEY ("item_id") REFERENCES "item" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("branch_id") REFERENCES "branch" ("id") ON DELETE RESTRICT,
    CHECK (due_on >= lent_on),
    CHECK (returned_on IS NOT NULL OR patron_id IS NOT NULL)
);
CREATE INDEX "loan_item_id" ON "loan" ("item_id");
CREATE INDEX "loan_patron_id" ON "loan" ("patron_id");
CREATE INDEX "loan_branch_id" ON "loan" ("branch_id");
CREATE INDEX "loan_due_on" ON "loan" ("due_on");
CREATE INDEX "loan_patron_id_returned_on" ON "loan" ("patron_id", "returned_on");
CREATE UNIQUE INDEX loan_one_open_per_item ON loan (item_id) WHERE returned_on IS NULL;
CREATE UNIQUE INDEX loan_request ON loan (request) WHERE request <> '';
CREATE INDEX loan_statistics ON loan (lent_on, branch_id, category, age_group, item_id);

CREATE TABLE "hold_group" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "kind" $string NOT NULL CHECK (kind IN ('in_order', 'any_one')),
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE INDEX "hold_group_patron_id" ON "hold_group" ("patron_id");

CREATE TABLE "cart_row" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "title_id" INTEGER NOT NULL, "added_at" $moment NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0, "sealed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE CASCADE
);
CREATE INDEX "cart_row_patron_id" ON "cart_row" ("patron_id");
CREATE INDEX "cart_row_title_id" ON "cart_row" ("title_id");
CREATE UNIQUE INDEX "cart_row_patron_id_title_id_sealed" ON "cart_row" ("patron_id", "title_id", "sealed");

CREATE TABLE "audit" (
    "id" $key NOT NULL PRIMARY KEY, "at" $moment NOT NULL, "actor" $string NOT NULL, "action" $string NOT NULL, "patron_id" INTEGER,
    "details" $text NOT NULL,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE SET NULL
);
CREATE INDEX "audit_at" ON "audit" ("at");
CREATE INDEX "audit_patron_id" ON "audit" ("patron_id");
CREATE INDEX "audit_patron_id_action_at" ON "audit" ("patron_id", "action", "at");

CREATE TABLE "push_subscription" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "name" $string NOT NULL, "endpoint" $text NOT NULL,
    "p256dh" $string NOT NULL, "auth" $string NOT NULL, "browser" $string NOT NULL, "created_at" $moment NOT NULL,
    "due" $flag NOT NULL, "hold_ready" $flag NOT NULL, "hold_deadline" $flag NOT NULL, "closure" $flag NOT NULL, "sdi" $flag NOT NULL,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE INDEX "push_subscription_patron_id" ON "push_subscription" ("patron_id");
CREATE UNIQUE INDEX "push_subscription_endpoint" ON "push_subscription" ("endpoint");
CREATE INDEX "push_subscription_browser" ON "push_subscription" ("browser");
CREATE UNIQUE INDEX "push_subscription_patron_id_name" ON "push_subscription" ("patron_id", "name");

CREATE TABLE "question" (
    "id" $key NOT NULL PRIMARY KEY, "request" $string NOT NULL, "patron_id" INTEGER, "address" $string NOT NULL, "subject" $text NOT NULL,
    "text" $text NOT NULL, "looked" $text NOT NULL, "wanted" $text NOT NULL, "consent" $flag NOT NULL,
    "state" $string NOT NULL CHECK (state IN ('new', 'taken', 'answered', 'closed')), "asked_at" $moment NOT NULL,
    "taken_by" $string NOT NULL, "answer" $text NOT NULL, "sources" $text NOT NULL, "ended_at" $moment,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE,
    CHECK (patron_id IS NULL OR address = ''),
    CHECK ((state IN ('answered', 'closed')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX "question_request" ON "question" ("request");
CREATE INDEX "question_patron_id" ON "question" ("patron_id");
CREATE INDEX "question_state_asked_at" ON "question" ("state", "asked_at");

CREATE TABLE "history_entry" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "title_text" $string NOT NULL, "author_text" $string NOT NULL,
    "branch_text" $string NOT NULL, "lent_on" DATE NOT NULL, "title_id" INTEGER REFERENCES "title" ("id") ON DELETE SET NULL,
    "ndc_text" $text NOT NULL DEFAULT '', "memo" $text NOT NULL DEFAULT '', "rating" INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
    "sealed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE INDEX "history_entry_patron_id" ON "history_entry" ("patron_id");
CREATE INDEX "history_entry_patron_id_lent_on" ON "history_entry" ("patron_id", "lent_on");
CREATE INDEX "history_entry_title_id" ON "history_entry" ("title_id");

CREATE TABLE "shelf" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "name" $string NOT NULL, "description" $text NOT NULL,
    "position" INTEGER NOT NULL, "as_list" $flag NOT NULL, "token" $string NOT NULL, "sealed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX shelf_token ON shelf (token) WHERE token <> '';
CREATE UNIQUE INDEX "shelf_patron_id_name_sealed" ON "shelf" ("patron_id", "name", "sealed");

CREATE TABLE "sdi_condition" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "name" $text NOT NULL, "query" $text NOT NULL, "active" $flag NOT NULL,
    "created_at" $moment NOT NULL, "sealed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "sdi_condition_patron_id_query_sealed" ON "sdi_condition" ("patron_id", "query", "sealed");

CREATE TABLE "picture_file" (
    "id" $key NOT NULL PRIMARY KEY, "picture_id" INTEGER NOT NULL, "name" $string NOT NULL, "width" INTEGER NOT NULL, "height" INTEGER NOT NULL,
    "content" $bytes NOT NULL,
    FOREIGN KEY ("picture_id") REFERENCES "picture" ("id") ON DELETE CASCADE
);
CREATE INDEX "picture_file_picture_id" ON "picture_file" ("picture_id");
CREATE INDEX "picture_file_name" ON "picture_file" ("name");

CREATE TABLE "stocktaking_scan" (
    "id" $key NOT NULL PRIMARY KEY, "stocktaking_id" INTEGER NOT NULL, "barcode" $string NOT NULL, "item_id" INTEGER,
    "verdict" $string NOT NULL CHECK (verdict IN ('ok', 'elsewhere', 'shelf', 'on_loan', 'kept', 'found', 'withdrawn', 'unknown')),
    "scanned_at" $moment NOT NULL,
    FOREIGN KEY ("stocktaking_id") REFERENCES "stocktaking" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("item_id") REFERENCES "item" ("id") ON DELETE SET NULL
);
CREATE INDEX "stocktaking_scan_item_id" ON "stocktaking_scan" ("item_id");
CREATE UNIQUE INDEX "stocktaking_scan_stocktaking_id_barcode" ON "stocktaking_scan" ("stocktaking_id", "barcode");
CREATE INDEX "stocktaking_scan_stocktaking_id_verdict" ON "stocktaking_scan" ("stocktaking_id", "verdict");

CREATE TABLE "desk_search" (
    "id" $key NOT NULL PRIMARY KEY, "session_id" INTEGER NOT NULL, "token" $string NOT NULL, "kind" $string NOT NULL, "words" $text NOT NULL,
    "at" $moment NOT NULL,
    FOREIGN KEY ("session_id") REFERENCES "session" ("id") ON DELETE CASCADE
);
CREATE INDEX "desk_search_session_id" ON "desk_search" ("session_id");
CREATE UNIQUE INDEX "desk_search_token" ON "desk_search" ("token");

CREATE TABLE "reading_place" (
    "id" $key NOT NULL PRIMARY KEY, "loan_id" INTEGER NOT NULL, "part" INTEGER NOT NULL CHECK (part >= 1),
    "paragraph" INTEGER NOT NULL CHECK (paragraph >= 0),
    FOREIGN KEY ("loan_id") REFERENCES "ebook_loan" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX "reading_place_loan_id" ON "reading_place" ("loan_id");

CREATE TABLE "hold" (
    "id" $key NOT NULL PRIMARY KEY, "patron_id" INTEGER NOT NULL, "title_id" INTEGER NOT NULL, "pickup_branch_id" INTEGER NOT NULL,
    "contact_method" $string NOT NULL CHECK (contact_method IN ('none', 'mail', 'phone')),
    "state" $string NOT NULL CHECK (state IN ('waiting', 'preparing', 'in_transit', 'ready', 'collected', 'cancelled', 'expired')),
    "placed_at" $moment NOT NULL, "item_id" INTEGER REFERENCES "item" ("id") ON DELETE SET NULL,
    "loan_id" INTEGER REFERENCES "loan" ("id") ON DELETE SET NULL, "group_id" INTEGER REFERENCES "hold_group" ("id") ON DELETE SET NULL,
    "position" INTEGER NOT NULL DEFAULT 0, "rank" INTEGER NOT NULL DEFAULT 0, "suspended_until" DATE, "on_shelf_on" DATE, "told_on" DATE,
    "pickup_by" DATE, "extended" $flag NOT NULL DEFAULT FALSE, "ended_at" $moment, "reason" $text NOT NULL DEFAULT '', "preparing_on" DATE,
    "sent_on" DATE, "cancel_at" $moment,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("pickup_branch_id") REFERENCES "branch" ("id") ON DELETE RESTRICT
);
CREATE INDEX "hold_patron_id" ON "hold" ("patron_id");
CREATE INDEX "hold_title_id" ON "hold" ("title_id");
CREATE INDEX "hold_pickup_branch_id" ON "hold" ("pickup_branch_id");
CREATE UNIQUE INDEX hold_one_open_per_title ON hold (patron_id, title_id) WHERE state IN ('waiting', 'preparing', 'in_transit', 'ready');
CREATE INDEX "hold_title_id_state_placed_at" ON "hold" ("title_id", "state", "placed_at");
CREATE INDEX "hold_loan_id" ON "hold" ("loan_id");
CREATE INDEX "hold_group_id" ON "hold" ("group_id");
CREATE UNIQUE INDEX hold_one_per_item ON hold (item_id) WHERE state IN ('preparing', 'in_transit', 'ready');
CREATE INDEX "hold_state_pickup_by" ON "hold" ("state", "pickup_by");
CREATE INDEX hold_item ON hold (item_id) WHERE item_id IS NOT NULL;
CREATE INDEX hold_cancel ON hold (cancel_at) WHERE cancel_at IS NOT NULL;

CREATE TABLE "offline_entry" (
    "id" $key NOT NULL PRIMARY KEY, "key" $string NOT NULL, "kind" $string NOT NULL CHECK (kind IN ('loan', 'return')),
    "at" $moment NOT NULL, "branch_id" INTEGER NOT NULL, "arrived_at" $moment NOT NULL, "conflict" $string NOT NULL,
    "card" $string NOT NULL, "barcode" $string NOT NULL, "why" $string NOT NULL, "due_on" DATE, "patron_id" INTEGER, "item_id" INTEGER,
    "loan_id" INTEGER,
    FOREIGN KEY ("branch_id") REFERENCES "branch" ("id") ON DELETE RESTRICT,
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("item_id") REFERENCES "item" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("loan_id") REFERENCES "loan" ("id") ON DELETE SET NULL
);
CREATE UNIQUE INDEX "offline_entry_key" ON "offline_entry" ("key");
CREATE INDEX "offline_entry_branch_id" ON "offline_entry" ("branch_id");
CREATE INDEX "offline_entry_arrived_at" ON "offline_entry" ("arrived_at");
CREATE INDEX "offline_entry_patron_id" ON "offline_entry" ("patron_id");
CREATE INDEX "offline_entry_item_id" ON "offline_entry" ("item_id");
CREATE INDEX "offline_entry_loan_id" ON "offline_entry" ("loan_id");
CREATE INDEX "offline_entry_conflict_at" ON "offline_entry" ("conflict", "at");

CREATE TABLE "outbox_mail" (
    "id" $key NOT NULL PRIMARY KEY, "kind" $string NOT NULL, "key" $string NOT NULL, "patron_id" INTEGER, "address" $string NOT NULL,
    "address_kind" $string NOT NULL CHECK (address_kind IN ('pc', 'mobile')), "facts" $text NOT NULL, "message_id" $string NOT NULL,
    "state" $string NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'cancelled')), "created_at" $moment NOT NULL,
    "next_try_at" $moment NOT NULL, "tries" INTEGER NOT NULL, "sent_at" $moment, "subject" $string NOT NULL, "text" $text NOT NULL,
    "error" $string NOT NULL, "cause_id" INTEGER, "sealed" $flag NOT NULL DEFAULT FALSE,
    "channel" $text NOT NULL DEFAULT 'mail' CHECK (channel IN ('mail', 'push')),
    FOREIGN KEY ("patron_id") REFERENCES "patron" ("id") ON DELETE SET NULL,
    FOREIGN KEY ("cause_id") REFERENCES "audit" ("id") ON DELETE SET NULL
);
CREATE UNIQUE INDEX "outbox_mail_key" ON "outbox_mail" ("key");
CREATE INDEX "outbox_mail_patron_id" ON "outbox_mail" ("patron_id");
CREATE UNIQUE INDEX "outbox_mail_message_id" ON "outbox_mail" ("message_id");
CREATE INDEX "outbox_mail_cause_id" ON "outbox_mail" ("cause_id");
CREATE INDEX "outbox_mail_state_next_try_at" ON "outbox_mail" ("state", "next_try_at");
CREATE INDEX "outbox_mail_patron_id_created_at" ON "outbox_mail" ("patron_id", "created_at");

CREATE TABLE "published_answer" (
    "id" $key NOT NULL PRIMARY KEY, "question_id" INTEGER, "subject" $text NOT NULL, "text" $text NOT NULL, "answer" $text NOT NULL,
    "sources" $text NOT NULL, "folded" $text NOT NULL, "public" $flag NOT NULL, "published_on" DATE, "changed_at" $moment NOT NULL,
    FOREIGN KEY ("question_id") REFERENCES "question" ("id") ON DELETE SET NULL,
    CHECK (NOT public OR published_on IS NOT NULL)
);
CREATE UNIQUE INDEX "published_answer_question_id" ON "published_answer" ("question_id");
CREATE INDEX "published_answer_public_published_on" ON "published_answer" ("public", "published_on");

CREATE TABLE "shelved_title" (
    "id" $key NOT NULL PRIMARY KEY, "shelf_id" INTEGER NOT NULL, "title_id" INTEGER, "position" INTEGER NOT NULL, "title_text" $text NOT NULL,
    "volume_text" $text NOT NULL, "author_text" $text NOT NULL, "ndc" $string NOT NULL, "call_number" $string NOT NULL, "note" $text NOT NULL,
    "read_on" DATE, "added_on" DATE NOT NULL, "sealed" $flag NOT NULL DEFAULT FALSE,
    FOREIGN KEY ("shelf_id") REFERENCES "shelf" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE SET NULL
);
CREATE INDEX "shelved_title_title_id" ON "shelved_title" ("title_id");
CREATE UNIQUE INDEX "shelved_title_shelf_id_title_id" ON "shelved_title" ("shelf_id", "title_id");
CREATE INDEX "shelved_title_shelf_id_position" ON "shelved_title" ("shelf_id", "position");

CREATE TABLE "loan_notice" (
    "id" $key NOT NULL PRIMARY KEY, "loan_id" INTEGER NOT NULL, "kind" $string NOT NULL CHECK (kind IN ('due', 'overdue')),
    "due_on" DATE NOT NULL, "mail_id" INTEGER, "stage" INTEGER NOT NULL,
    FOREIGN KEY ("loan_id") REFERENCES "loan" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("mail_id") REFERENCES "outbox_mail" ("id") ON DELETE SET NULL
);
CREATE INDEX "loan_notice_loan_id" ON "loan_notice" ("loan_id");
CREATE INDEX "loan_notice_mail_id" ON "loan_notice" ("mail_id");
CREATE UNIQUE INDEX "loan_notice_loan_id_kind_due_on_stage" ON "loan_notice" ("loan_id", "kind", "due_on", "stage");

CREATE TABLE "hold_notice" (
    "id" $key NOT NULL PRIMARY KEY, "hold_id" INTEGER NOT NULL, "kind" $string NOT NULL CHECK (kind IN ('ready', 'deadline', 'ended')),
    "day" DATE NOT NULL, "mail_id" INTEGER,
    FOREIGN KEY ("hold_id") REFERENCES "hold" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("mail_id") REFERENCES "outbox_mail" ("id") ON DELETE SET NULL
);
CREATE INDEX "hold_notice_hold_id" ON "hold_notice" ("hold_id");
CREATE INDEX "hold_notice_mail_id" ON "hold_notice" ("mail_id");
CREATE UNIQUE INDEX "hold_notice_hold_id_kind_day" ON "hold_notice" ("hold_id", "kind", "day");

CREATE TABLE "sdi_title" (
    "condition_id" INTEGER NOT NULL, "title_id" INTEGER NOT NULL, "told_on" DATE, "mail_id" INTEGER,
    PRIMARY KEY ("condition_id", "title_id"),
    FOREIGN KEY ("condition_id") REFERENCES "sdi_condition" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("title_id") REFERENCES "title" ("id") ON DELETE CASCADE,
    FOREIGN KEY ("mail_id") REFERENCES "outbox_mail" ("id") ON DELETE SET NULL
) $without_rowid;
CREATE INDEX "sdi_title_title_id" ON "sdi_title" ("title_id");
CREATE INDEX "sdi_title_mail_id" ON "sdi_title" ("mail_id");
