"""件名: the subjects of titles, and the words that find them."""
