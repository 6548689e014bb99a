"""シリーズと巻: which titles stand in a series, and the numbers of their volumes."""
