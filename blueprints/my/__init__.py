"""Myライブラリ: a patron's own pages, a resource a module."""
