"""資料: titles, copies, e-books and what is done with them."""
