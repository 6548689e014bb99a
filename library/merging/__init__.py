"""書誌をまとめる: two records of one book become one, with all that belongs to either (docs/adr/0096-merged-titles.md)."""
