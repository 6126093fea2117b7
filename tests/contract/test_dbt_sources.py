from ingest import dbt_sources


def test_dbt_sources_are_those_of_the_raw_tables():
    assert dbt_sources.TARGET.read_text(encoding="utf-8") == dbt_sources.render()
