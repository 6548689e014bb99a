"""Settings: what can be set, where it is read from, and which library is meant; an unsafe start is refused."""
