"""A year of a town, lent through the product's acts, and its figures counted once more from the simulator's diary."""
