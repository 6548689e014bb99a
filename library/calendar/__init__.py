"""Open and closed days, and hours of maintenance."""
