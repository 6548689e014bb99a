"""シリーズと巻: the series of titles, the numbers of volumes, and the newest issues of serials (雑誌)."""
