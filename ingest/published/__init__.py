"""One module a publication, holding only what is odd about it; what they share lives one level up."""
