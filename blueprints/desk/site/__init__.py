"""サイト: texts, 特集 and pictures for everybody."""
