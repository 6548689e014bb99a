"""資料: titles, copies, e-books and the work on them."""
