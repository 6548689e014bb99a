"""Files that people bring and take: tables, pictures, what each row came to."""
