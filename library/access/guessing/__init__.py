"""Guessing: wrong passwords bring waits, right ones are let in. The table of limits, tries, the queue
of hashes, 確認番号.
"""
