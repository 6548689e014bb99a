"""雑誌: the serials that the library takes, the names of their issues, and when the next is due."""
