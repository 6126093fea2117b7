"""One module a kind of page: each turns rows of the marts into what its template prints."""
