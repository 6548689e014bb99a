"""Guessing: whoever guesses waits, whoever is right gets in. The table of limits, what is counted, the queue of hashes, 確認番号."""
