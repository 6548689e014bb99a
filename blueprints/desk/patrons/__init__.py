"""利用者: cards and the people who hold them."""
