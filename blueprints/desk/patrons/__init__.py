"""利用者: patrons and their cards."""
