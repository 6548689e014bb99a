"""Parts of pages: rows and actions of titles, charts, facts of the shell."""
