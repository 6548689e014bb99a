"""電子書籍: EPUB files that the library lends: their contents, the stock, loans and lines, services elsewhere."""
