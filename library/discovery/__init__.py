"""The catalogue as readers meet it, where copies are, what is lent most, what may be meant; and as programs of others read it."""
