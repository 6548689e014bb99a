"""Health of the library: its measures, their judgement, and the faults that an administrator is told of."""
