"""What the library publishes: articles, features, pictures, answers, rules."""
