"""Values that records have as codes, and what people call them."""
