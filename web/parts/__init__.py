"""Parts that pages are made of: rows and actions of titles, charts, words of a query, parts drawn once."""
