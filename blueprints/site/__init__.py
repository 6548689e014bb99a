"""The public site, a resource a module."""
