"""Parts that answers to programs of others share."""
