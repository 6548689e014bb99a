"""Pages that say what the library is: its branches, its name and face, and moving in."""
