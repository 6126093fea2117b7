"""What councils say in replies and strategies: codebooks, coding sheets, documents and the quotations from them."""
