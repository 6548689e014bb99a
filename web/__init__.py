"""Shared by all views: access, htmx, forms, messages, paging, static files, errors."""
