"""電子書籍: EPUB files that the library lends: what is in them, which there are, who has one, what is lent elsewhere."""
