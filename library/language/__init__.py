"""The words for patrons in Japanese, easy Japanese and English, with readings over kanji."""
