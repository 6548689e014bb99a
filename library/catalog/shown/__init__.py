"""Results and lists: pages of results, lists by class, of creators, subjects and series, words for conditions."""
