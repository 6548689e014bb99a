"""Every table, index and constraint, a file a room; no rule, no mail, no save() override.

A changed table needs a numbered file in ``migrations/``; ``tests/house`` compares the two. All others import them from
``models``.
"""
