"""What changed between two publications: the causes, from their manifests, and the figures, from their tables."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.home import Home
from orchestration.publication import NoSuchPublication, before, manifest_of

NUMBERS = ("DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "SMALLINT", "UBIGINT")


@dataclass(frozen=True)
class Side:
    """One table of one publication, as SQL can read it."""

    file: Path

    @property
    def sql(self) -> str:
        return f"read_parquet('{self.file}')"


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
        kind = {"service_maps": "map", "council_ledgers": "ledger", "codings": "coding"}.get(source.split(":")[0])
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
        key = _key(connection, shared, old, new)
        if key is None:
            return [f"{name}: changed; its rows have no key that both publications share"]
        figures = [n for n in shared if n not in key and columns[n].startswith(NUMBERS)]
        words = [n for n in shared if n not in key and n not in figures]
        joined = f"(select * from {old.sql}) o full join (select * from {new.sql}) n on " + " and ".join(
            f'o."{k}" is not distinct from n."{k}"' for k in key
        )
        there = {"o": f'o."{key[0]}" is not null', "n": f'n."{key[0]}" is not null'}
        differs = [f'o."{n}" is distinct from n."{n}"' for n in figures + words] or ["false"]
        both = f"{there['o']} and {there['n']}"
        added, removed, changed = connection.execute(
            f"select count(*) filter (not {there['o']}), count(*) filter (not {there['n']}), "
            f"count(*) filter ({both} and ({' or '.join(differs)})) from {joined}"
        ).fetchone()
        lines = [f"{name}: {added:,} rows came, {removed:,} went, {changed:,} changed (key: {', '.join(key)})"]
        for column in figures + words:
            moved = f'o."{column}" is distinct from n."{column}"'
            count = connection.execute(f"select count(*) from {joined} where {both} and {moved}").fetchone()[0]
            if not count:
                continue
            lines.append(
                f"  {column}: {count:,} rows {_sums(connection, old, new, column, column in figures)}".rstrip()
            )
            size = f'abs(n."{column}" - o."{column}") desc nulls last, ' if column in figures else ""
            named = ", ".join(f'coalesce(n."{k}", o."{k}")' for k in key)
            largest = connection.execute(
                f'select {named}, o."{column}", n."{column}" from {joined} where {both} and {moved} '
                f"order by {size}{named} limit {shown}"
            ).fetchall()
            lines += [f"    {' · '.join(map(str, row[:-2]))}: {_shown(row[-2])} → {_shown(row[-1])}" for row in largest]
    return lines


def _key(connection: duckdb.DuckDBPyConnection, columns: list[str], old: Side, new: Side) -> list[str] | None:
    """The fewest leading columns that tell every row of both publications apart."""
    for width in range(1, len(columns) + 1):
        listed = ", ".join(f'"{column}"' for column in columns[:width])
        if all(
            connection.execute(f"select count(*) = count(distinct ({listed})) from {side.sql}").fetchone()[0]
            for side in (old, new)
        ):
            return columns[:width]
    return None


def _sums(connection: duckdb.DuckDBPyConnection, old: Side, new: Side, column: str) -> str:
    """What the change of an amount comes to over all rows."""
    was, now = (
        connection.execute(f'select coalesce(sum("{column}"), 0) from {side.sql}').fetchone()[0] for side in (old, new)
    )
    return f" (in total {was:,} → {now:,}, {now - was:+,})"


def _shown(value) -> str:
    return "nothing" if value is None else str(value)
