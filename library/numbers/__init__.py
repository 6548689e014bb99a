"""番号 of cards and copies: forms, check digits, and the parsing of numbers that are typed or scanned."""
