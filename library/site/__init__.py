"""The library's own pages: articles, features, pictures, answers, rules."""
