"""Parts of the interfaces for other programs."""
