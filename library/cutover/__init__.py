"""移行: the cutover of a library: its beginning, its steps, the opening, and discarding all of it to rehearse again."""
