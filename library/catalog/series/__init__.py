"""シリーズと巻: the series of titles, and the numbers of volumes."""
