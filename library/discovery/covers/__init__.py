"""表紙の画像 (docs/adr/0094-covers.md): the pictures, the state of their source, and the rounds that fetch them."""
