"""What changed between two publications: the causes, from their manifests, and the figures, from their tables."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.home import Home, sql_text
from orchestration.publication import NoSuchPublication, before, manifest_of
from reporting.catalogue import KEYS, unit_of

# What people call the files that councils and coders send in; sources of the sample end alike.
SUBMITTED = (
    ("service_maps", "map"),
    ("ledgers", "ledger"),
    ("payments", "payments file"),
    ("partner_ledgers", "partner ledger"),
    ("codings", "coding"),
)
# The same money is once in each of these, so amounts are never summed across them.
VIEWS = ("cost_view", "perimeter")
NUMBERS = ("DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "SMALLINT", "UBIGINT")


@dataclass(frozen=True)
class Side:
    """One table of one publication, as SQL can read it."""

    file: Path

    @property
    def sql(self) -> str:
        return f"read_parquet({sql_text(self.file)})"


def describe(home: Home, old: str | None, new: str | None, rows: int) -> str:
    """Causes, then one paragraph for each table that is not the same, as text.

    `new` defaults to the published one, `old` to the one before. Raises NoSuchPublication.
    """
    new = new or home.published_id()
    if new is None:
        raise NoSuchPublication("Nothing has been published yet.")
    old = old or before(home, new)
    earlier, later = manifest_of(home, old), manifest_of(home, new)
    lines = [f"from {old} ({earlier['published_at']})", f"to   {new} ({later['published_at']})", "", "causes:"]
    lines += [f"  {cause}" for cause in causes(earlier, later)]
    tables = {table["name"]: table["sha256"] for table in earlier["tables"]}
    now = {table["name"]: table["sha256"] for table in later["tables"]}
    same = [name for name in now if tables.get(name) == now[name]]
    lines += ["", f"tables: {len(same)} of {len(now)} are the same to the byte"]
    for name in sorted(set(tables) | set(now)):
        if name not in now:
            lines.append(f"{name}: no longer published")
        elif name not in tables:
            lines.append(f"{name}: new")
        elif tables[name] != now[name]:
            places = [Side(home.publications / side / "parquet" / f"{name}.parquet") for side in (old, new)]
            lines += _table(name, *places, rows)
    return "\n".join(lines)


def causes(old: dict, new: dict) -> list[str]:
    """In words: new and withdrawn releases, restatements, changed maps and codings, changed code."""
    found = []
    had, has = _serving(old), _serving(new)
    for release in sorted(set(had) | set(has)):
        before_it, after_it = had.get(release), has.get(release)
        source = (after_it or before_it)["source"]
        kind = next((word for ending, word in SUBMITTED if source.endswith(ending)), None)
        if before_it is None:
            found.append(f"new {kind or 'release'}: {release} ({after_it['file']})")
        elif after_it is None:
            found.append(f"{kind or 'release'} no longer used: {release} ({before_it['file']})")
        elif before_it["sha256"] != after_it["sha256"]:
            found.append(
                f"{kind + ' change' if kind else 'restatement'}: {release} ({after_it['file']}), checksum "
                f"{before_it['sha256'][:8]} became {after_it['sha256'][:8]}"
            )
    if old["code_version"] != new["code_version"]:
        found.append(f"code change: {old['code_version']} became {new['code_version']}")
    if old["is_sample"] != new["is_sample"]:
        found.append("one of the two is made from the sample of fictional councils")
    return found or ["none: the inputs and the code are the same"]


def _serving(manifest: dict) -> dict[str, dict]:
    """The edition of each release whose figures are shown."""
    return {entry["release_of"]: entry for entry in manifest["inputs"] if entry["is_serving"]}


def _table(name: str, old: Side, new: Side, shown: int) -> list[str]:
    """One table in words: rows that came and went, figures that moved, the largest of them."""
    with duckdb.connect() as connection:
        columns = {n: kind for n, kind, *_ in connection.execute(f"describe select * from {new.sql}").fetchall()}
        shared = [n for n, *_ in connection.execute(f"describe select * from {old.sql}").fetchall() if n in columns]
        key = _key(connection, name, shared, old, new)
        if key is None:
            return [f"{name}: changed; its rows have no key that both publications share"]
        others = [n for n in shared if n not in key]
        figures = [n for n in others if columns[n].startswith(NUMBERS)]
        connection.execute(f"create temp table moved as {_moved(key, others, old, new)}")
        added, removed, changed = connection.execute(
            "select count(*) filter (was_there is null), count(*) filter (is_there is null), "
            "count(*) filter (was_there and is_there) from moved"
        ).fetchone()
        all_rows = " with the rows that came and went" if added or removed else ""
        lines = [f"{name}: {added:,} rows came, {removed:,} went, {changed:,} changed (key: {', '.join(key)})"]
        for column in [*figures, *(n for n in others if n not in figures)]:
            differs = f'was_there and is_there and "old {column}" is distinct from "new {column}"'
            (count,) = connection.execute(f"select count(*) from moved where {differs}").fetchone()
            if not count:
                continue
            net = f"; net change{all_rows} {_net(connection, key, column)}" if unit_of(column) == "pounds" else ""
            lines.append(f"  {column}: {count:,} rows{net}")
            size = f'abs("new {column}" - "old {column}") desc nulls last, ' if column in figures else ""
            named = ", ".join(f'"{k}"' for k in key)
            largest = connection.execute(
                f'select {named}, "old {column}", "new {column}" from moved where {differs} '
                f"order by {size}{named} limit {shown}"
            ).fetchall()
            lines += [f"    {' · '.join(map(str, row[:-2]))}: {_shown(row[-2])} → {_shown(row[-1])}" for row in largest]
    return lines


def _moved(key: list[str], others: list[str], old: Side, new: Side) -> str:
    """Rows that came, went or are not the same: their key, and every other column before and after."""
    same = " and ".join(f'o."{k}" is not distinct from n."{k}"' for k in key)
    differs = " or ".join(f'o."{n}" is distinct from n."{n}"' for n in others) or "false"
    keys = ", ".join(f'case when n.there then n."{k}" else o."{k}" end as "{k}"' for k in key)
    pairs = "".join(f', o."{n}" as "old {n}", n."{n}" as "new {n}"' for n in others)
    was, now = (f"(select *, true as there from {side.sql})" for side in (old, new))
    return (
        f"select o.there as was_there, n.there as is_there, {keys}{pairs} from {was} o full join {now} n on {same} "
        f"where o.there is null or n.there is null or {differs}"
    )


def _key(
    connection: duckdb.DuckDBPyConnection, name: str, columns: list[str], old: Side, new: Side
) -> list[str] | None:
    """The declared key of a mart; of a table without one, the fewest leading columns that tell all rows apart."""
    candidates = [columns[:width] for width in range(1, len(columns) + 1)]
    if name in KEYS:
        candidates.insert(0, [column for column in KEYS[name] if column in columns])
    for candidate in candidates:
        listed = ", ".join(f'"{column}"' for column in candidate)
        if all(
            connection.execute(f"select count(*) = count(distinct ({listed})) from {side.sql}").fetchone()[0]
            for side in (old, new)
        ):
            return candidate
    return None


def _net(connection: duckdb.DuckDBPyConnection, key: list[str], column: str) -> str:
    """What an amount changed by over all rows, those that came and went included; each view of the money by itself."""
    views = [view for view in VIEWS if view in key]
    by = ", ".join(f'"{view}"' for view in views)
    change = f'sum(coalesce("new {column}", 0) - coalesce("old {column}", 0))'
    if not views:
        return f"{connection.execute(f'select {change} from moved').fetchone()[0]:+,}"
    found = connection.execute(f"select {by}, {change} from moved group by {by} order by {by}").fetchall()
    return ", ".join(f"{' '.join(map(str, row[:-1]))} {row[-1]:+,}" for row in found)


def _shown(value) -> str:
    return "nothing" if value is None else str(value)
