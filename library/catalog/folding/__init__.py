"""Folding: one spelling for what is written in many ways, and how it sorts."""
