"""A ledger of every council, made so that it comes to the published lines to the penny.

    python -m benchmarks.national_ledger --home var --lines 10 --out folder

Each numbered budget line in scope of a home's publication is split over as many invented cost centres as it takes to
reach so many million rows; they lie in `<out>/ledgers/england/`, ten Parquet parts, with the columns file beside. Put
them into a landing folder and refresh: every line of them must come out as used. The cost centres and their services
are invented; the sums are the published ones.
"""

import argparse
import sys
from pathlib import Path

import duckdb

PARTS = 10
COLUMNS_FILE = """\
statement: budget
tolerance_gbp: 0.00
columns: {council_code: council, financial_year: year, cost_centre_code: centre, cost_centre_name: name,
  line_code: line, service_code: service, net: net}
"""
# Whole pence, the odd ones to the first cost centres: the parts of a line add up to it.
CENTRES = """
create temp table lines as
select council_code, financial_year, line_code, cast(sum(amount_gbp) * 100 as bigint) as pence
from published.marts.fct_allocation
where statement = 'budget' and cost_view = 'direct'
    and outcome_code = (select min(outcome_code) from published.marts.fct_allocation)
    -- Forms up to 2013-14 print some lines without a number, and a ledger names lines by number.
    and regexp_matches(line_code, '^[0-9]{1,4}[a-z]?$')
group by all
having sum(amount_gbp) > 0
"""
PART = """
copy (
    select l.council_code as council, l.financial_year as year,
        l.line_code || '-' || lpad(n::varchar, 6, '0') as centre, 'Invented centre ' || n as name, l.line_code as line,
        case when n % 10 = 0 then 'information_and_advice_65_plus' when n % 3 = 0 then 'library_service'
            else 'physical_activity_adults' end as service,
        cast((l.pence // {each} + case when n <= l.pence % {each} then 1 else 0 end) * 0.01 as decimal(18, 2)) as net
    from lines as l cross join range(1, {each} + 1) as r (n)
    where hash(l.council_code) % {parts} = {part}
) to '{file}' (format parquet, compression zstd)
"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--home", type=Path, default=Path("var"))
    options.add_argument("--lines", type=float, default=10.0, help="millions of rows, about")
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    folder = given.out / "ledgers" / "england"
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "england.columns.yml").write_text(COLUMNS_FILE, encoding="utf-8")
    with duckdb.connect(config={"threads": 2}) as connection:
        database = (given.home / "published" / "warehouse.duckdb").resolve()
        connection.execute(f"attach '{database}' as published (read_only)")
        connection.execute(CENTRES)
        lines, pence = connection.execute("select count(*), sum(pence) from lines").fetchone()
        each = max(1, round(given.lines * 1_000_000 / lines))
        for part in range(PARTS):
            file = folder / f"part-{part}.parquet"
            connection.execute(PART.format(each=each, parts=PARTS, part=part, file=file))
        rows, total = connection.execute(f"select count(*), sum(net) from '{folder}/*.parquet'").fetchone()
    print(f"{rows:,} cost centres of {lines:,} lines, £{total:,} in all; published £{pence / 100:,.2f}")
    return 0 if total * 100 == pence else 1


if __name__ == "__main__":
    sys.exit(main())
