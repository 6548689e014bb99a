"""Health of the library: what is measured, what is judged of it, and which faults an administrator is told of."""
