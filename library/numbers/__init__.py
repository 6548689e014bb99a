"""番号: the numbers of cards and copies: their forms, their check digits, and how one that is typed or scanned is read."""
