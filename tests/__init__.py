"""Tests. A hash of a password costs 25 ms on purpose, and tests compute thousands: here the least that argon2 takes.

Servers that tests start compute hashes at their full price, and hash those of these tests anew when somebody signs in.
"""

from argon2 import PasswordHasher

from library.access import passwords

AT_FULL_PRICE = passwords.HASHER
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
