"""件名: the subject headings of records, and the words under which each is found."""
