"""Files that people upload and download: tables, pictures, encrypted files, and the outcome of each row."""
