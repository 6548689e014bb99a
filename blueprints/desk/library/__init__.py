"""The library's own settings: its branches, its name and colours, and the cutover."""
