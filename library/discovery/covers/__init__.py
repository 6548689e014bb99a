"""表紙の画像 from outside (docs/adr/0094-covers.md): the pictures, what is known of their source, and the rounds in which they are fetched."""
