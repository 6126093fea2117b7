"""Report site, workbook and data package, made from published marts only."""
