"""Report site, workbook, data package and the analyst's door. Reads a published warehouse and nothing else of ours."""
