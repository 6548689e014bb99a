"""The rules of the library. Nothing here knows the web: no request, no form, no template."""
