"""サイト: what the library writes and shows to everybody."""
