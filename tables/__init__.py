"""All tables with their indexes and constraints, a file a subject; no rules, no mails, no save() override.

A changed table needs a numbered file in ``migrations/``; ``tests/house`` compares them. Import tables from ``models``.
"""
