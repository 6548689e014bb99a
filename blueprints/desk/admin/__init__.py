"""管理: the library's rules, its days, its staff, and how the system does."""
