"""Lending: loans, renewals, returns, copies, and what is said about them."""
