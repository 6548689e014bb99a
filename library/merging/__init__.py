"""書誌をまとめる: two records (書誌) of one book become one, with all that hangs on either (docs/adr/0096-merged-titles.md)."""
