"""Holds: their states, the queue, the shelf, the cart."""
