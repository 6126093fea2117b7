"""What councils say of their services: the workbook of a service map, written out and read back."""
