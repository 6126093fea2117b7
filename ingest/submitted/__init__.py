"""What people fill in: templates out, checked sheets back (service maps, ledgers, payments, codings)."""
