"""移行: a library moves in. Beginning it, the steps to the opening, the opening, and putting all of it away to rehearse once more."""
