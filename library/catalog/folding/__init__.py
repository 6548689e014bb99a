"""Folding: what is written in many ways becomes one, and how it sorts."""
