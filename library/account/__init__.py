"""A patron's account as a whole: own data, closing, how long what is stored."""
