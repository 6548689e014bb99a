"""What all views share: access, htmx, forms, messages, paging, static files, errors."""
