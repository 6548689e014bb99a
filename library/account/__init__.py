"""A patron's account as a whole: registration, own data, closing, and the time for which each thing is stored."""
