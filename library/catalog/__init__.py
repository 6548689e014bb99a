"""The catalogue: what the library owns."""
