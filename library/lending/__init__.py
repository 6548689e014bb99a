"""Lending: loans, renewals, returns, copies, and the notices about loans."""
