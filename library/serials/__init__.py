"""雑誌: intervals, names of issues, and the newest issue, which is not lent yet."""
