"""The text of the one box: excluded words, a pasted reference, suggestions, other wordings
(docs/adr/0090-the-one-box.md).
"""
