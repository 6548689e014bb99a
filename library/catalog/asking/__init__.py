"""Reading what stands in the one box: what to leave out, a reference that was pasted, what else may be meant (docs/adr/0090-the-one-box.md)."""
