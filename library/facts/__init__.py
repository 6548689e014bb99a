"""Facts: what was done, frozen without its patron, for the figures of the library."""
