"""The catalogue for readers and for other programs: copies, rankings, suggestions, covers, exchange formats."""
