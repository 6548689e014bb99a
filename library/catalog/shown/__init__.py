"""What is shown of a search: pages of results, lists by class, words for conditions."""
