"""Raw tables worked out from other raw tables before dbt reads them."""
