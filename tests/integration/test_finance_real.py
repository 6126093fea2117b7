"""The published finance files, read and built: control totals to the pound, restatements, unknown columns.

The expected totals are those of the README that lies beside the files, parsed here; they were made by
someone else's reading of the same files.
"""

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from finance_warehouse import Warehouse

from ingest import catalogue, land
from ingest.problems import InputError

FINANCE = ("mhclg_revenue_account", "mhclg_revenue_outturn")
RSX = "RSX_2021-22_data_by_LA_Live.csv"

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory, real_data) -> Warehouse:
    built = Warehouse(tmp_path_factory.mktemp("finance"))
    built.land(real_data)
    run = built.build()
    assert run.returncode == 0, run.stdout[-3000:]
    return built


def readme_table(real_data: Path, heading: str) -> list[list[str]]:
    """Rows of the first table after a line that begins so, cells stripped."""
    text = (real_data / "README.md").read_text(encoding="utf-8")
    lines = text[text.index(heading) :].splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().strip("*") for cell in line.strip("|").split("|")])
    return rows


def printed(text: str) -> Decimal | None:
    """A figure as the README prints it, in £ thousand; None where it prints words."""
    figure = text.replace(",", "").strip("* ")
    return Decimal(figure) if re.fullmatch(r"-?\d+(\.\d+)?", figure) else None


def same(observed_gbp, figure: Decimal) -> bool:
    """Equal to every digit the README prints. Whole £ thousand, of which most sums consist, are equal to the pound."""
    return (Decimal(str(observed_gbp)) / 1000).quantize(figure) == figure


SUMS = """
    select financial_year, source,
        sum(amount_gbp) filter (where body_kind != 'control') as authorities,
        sum(amount_gbp) filter (where body_code = 'Eng') as england,
        count(*) filter (where body_kind != 'control' and amount_gbp is null) as silent
    from marts.{table}
    where statement = '{statement}' and line_code = '{line}' and measure = 'net_current_expenditure'{only}
    group by financial_year, source
"""


def sums(warehouse, statement, line="360", table="fct_budget_line"):
    # The README's figures are those of the first edition of each file.
    only = " and release_id = release_of" if table == "fct_budget_line_edition" else ""
    frame = warehouse.ask(SUMS.format(statement=statement, line=line, table=table, only=only))
    return {(row.financial_year, row.source): row for row in frame.itertuples()}


def test_budget_totals_equal_the_control_totals(warehouse, real_data):
    expected = readme_table(real_data, "RA budgets, adult social care")
    assert len(expected) == 9
    totals, early = sums(warehouse, "budget"), sums(warehouse, "budget", "355")
    for year, authorities, england, difference, line_355, _ in expected:
        year = year.split()[0]
        row = totals[year, "ra"]
        assert same(row.authorities, printed(authorities)), year
        if printed(england) is None:
            assert pd.isna(row.england), year
        else:
            assert same(row.england, printed(england)), year
            assert same(Decimal(str(row.england)) - Decimal(str(row.authorities)), printed(difference)), year
        figure = printed(line_355.split(" (")[0])
        if figure is not None:
            assert same(early[year, "ra"].authorities, figure), year


def test_outturn_totals_equal_the_control_totals(warehouse, real_data):
    expected = readme_table(real_data, "Outturn, adult social care net current expenditure")
    assert len(expected) == 7
    checked = 0
    for files, authorities, england, difference, silent in expected:
        year = re.search(r"\d{4}-\d{2}", files)[0]
        for form in re.findall(r"RO3|RSX|RS", files.split(year)[0]):
            frame = sums(warehouse, "outturn", table="fct_budget_line_edition")
            row = frame[year, form.lower()]
            assert same(row.authorities, printed(authorities)), files
            assert same(row.england, printed(england)), files
            assert same(Decimal(str(row.england)) - Decimal(str(row.authorities)), printed(difference)), files
            wanted = re.match(r"\d+", silent)
            assert row.silent == (int(wanted[0]) if wanted else 0), files
            checked += 1
    assert checked == 10


def test_every_difference_of_a_key_line_is_reviewed(warehouse):
    frame = warehouse.ask("select * from audit.audit_reconciliation_publication")
    assert set(frame.status) == {"pass", "known", "not_checked"}
    assert set(frame[frame.status == "not_checked"].publication) == {"mhclg_ra_2023-24"}
    unexplained = frame[(frame.difference.abs() > 1) & (frame.status != "known")]
    assert unexplained.empty
    assert frame[frame.status == "known"].reason.notna().all()
    england = frame[(frame.group_name == "Eng") & (frame.line_code == "360") & (frame.compared > 0)]
    files = sum(len(catalogue.load().of(source)) for source in FINANCE)
    # The budget of 2023-24 has no England row, the outturn of 2010-11 no line of adult social care.
    assert len(england) == files - 2 == 20
    twins = frame[frame.check_name == "duplicate_files_agree"]
    assert list(twins.difference) == [0]
    assert twins.compared.min() > 100_000


def test_the_december_edition_fills_and_replaces_what_august_printed(warehouse):
    """RSX 2023-24 of December 2024, published under another name than that of August."""
    kinds = warehouse.ask(
        "select served_as, count(distinct council_code) as councils from marts.fct_budget_line "
        "where financial_year = '2023-24' and line_code = '360' and measure = 'net_current_expenditure' "
        "and amount_gbp is not null and council_code is not null group by all"
    )
    assert dict(zip(kinds.served_as, kinds.councils, strict=True))["filled_by_newer_total"] == 9
    total = warehouse.ask(
        "select sum(amount_gbp) as total from marts.fct_budget_line where financial_year = '2023-24' "
        "and statement = 'outturn' and line_code = '360' and measure = 'net_current_expenditure' "
        "and body_kind != 'control'"
    ).total[0]
    assert round(float(total) / 1e6) == 22_961
    listed = warehouse.ask("select distinct old_release_id, new_release_id from marts.mart_restatements")
    assert list(listed.old_release_id) == ["mhclg_rsx_2023-24"]


def test_the_more_detailed_form_is_served_and_others_are_kept(warehouse):
    served = warehouse.ask(
        "select financial_year, statement, line_code, string_agg(distinct release_id, ',' order by release_id) as files"
        " from marts.fct_budget_line where line_code in ('360', '190') and measure = 'net_current_expenditure'"
        " group by all"
    )
    files = {(r.financial_year, r.statement, r.line_code): r.files for r in served.itertuples()}
    assert files["2022-23", "outturn", "360"] == "mhclg_ro3_2022-23"
    assert files["2022-23", "outturn", "190"] == "mhclg_rsx_2022-23"
    assert files["2021-22", "budget", "360"] == "mhclg_ra_2021-22"
    measures = warehouse.ask("select distinct measure from marts.fct_budget_line where source = 'ra'")
    assert list(measures.measure) == ["net_current_expenditure"]
    kept = warehouse.ask("select count(distinct release_id) as n from marts.fct_budget_line_edition").n[0]
    assert kept == sum(len(release.editions) for source in FINANCE for release in catalogue.load().of(source))


def test_lines_add_up_to_their_totals(warehouse):
    """Leaf lines of a section sum to the section's total, in every body, to a few thousand of rounding."""
    frame = warehouse.ask(
        """
        select financial_year, statement, source, section, body_code,
            sum(amount_gbp) filter (where not is_total and not is_memorandum) as parts,
            sum(amount_gbp) filter (where is_total) as total
        from marts.fct_budget_line
        where section in ('adult_social_care', 'public_health', 'childrens_social_care')
            and source in ('ra', 'ro3') and measure = 'net_current_expenditure' and body_kind = 'council'
        group by all
        having parts is not null and total is not null
        """
    )
    assert len(frame) > 5_000
    off = frame[(frame.parts - frame.total).abs() > 6_000]
    assert off.empty, off.to_string()


# --- restatements


def change(source: Path, target: Path) -> None:
    """A copy with other figures: every 40th figure of authorities 3 to 60 plus 7, and one body falls silent."""
    frame = pd.read_csv(source, header=None, dtype=str, keep_default_na=False)
    seen = 0
    for row in range(13, 70):
        for column in range(6, 104):
            cell = frame.iat[row, column].replace(",", "")
            if re.fullmatch(r"-?\d+", cell):
                seen += 1
                if seen % 40 == 0:
                    frame.iat[row, column] = str(int(cell) + 7)
    frame.loc[80, 6:103] = "..."
    frame.to_csv(target, header=False, index=False)


def independent_diff(old: Path, new: Path) -> pd.DataFrame:
    """Cells of the two files that differ, by row and column as a spreadsheet counts them."""
    frames = [pd.read_csv(path, header=None, dtype=str, keep_default_na=False) for path in (old, new)]
    rows = [
        {"source_row": r + 1, "source_column": c + 1, "old": frames[0].iat[r, c], "new": frames[1].iat[r, c]}
        for r, c in zip(*(frames[0] != frames[1]).to_numpy().nonzero(), strict=True)
    ]
    return pd.DataFrame(rows)


def test_a_changed_copy_gives_one_restatement_a_changed_cell(tmp_path, real_data):
    original = next(real_data.rglob(RSX))
    changed = tmp_path / "changed" / RSX
    changed.parent.mkdir()
    change(original, changed)
    again = Warehouse(tmp_path / "home")
    again.land(real_data, only=RSX)
    again.land(changed.parent)
    run = again.build()
    assert run.returncode == 0, run.stdout[-3000:]

    expected = independent_diff(original, changed)
    found = again.ask("select * from marts.mart_restatements")
    assert len(found) == len(expected) > 150
    merged = found.merge(expected, on=["source_row", "source_column"], how="outer", indicator=True)
    assert set(merged._merge) == {"both"}
    figures = merged[merged.change_kind == "changed"]
    assert (figures.difference_gbp == 7000).all()
    assert (figures.old_amount_gbp == figures.old.str.replace(",", "").astype(int) * 1000).all()
    assert set(merged[merged.change_kind != "changed"].change_kind) == {"no_longer_reported"}
    assert found.new_release_id.str.startswith("mhclg_rsx_2021-22@").all()
    served = again.ask(
        "select distinct release_id from marts.fct_budget_line where source = 'rsx' and financial_year = '2021-22'"
    )
    assert list(served.release_id) == list(found.new_release_id.unique())
    kept = again.ask(
        "select count(distinct release_id) as n from marts.fct_budget_line_edition"
        " where release_of = 'mhclg_rsx_2021-22'"
    )
    assert kept.n[0] == 2


# --- faults


def test_a_renamed_header_in_a_real_file_is_named_with_its_place(tmp_path, real_data):
    name = "RA_2018-19_data_by_LA.xlsx"
    book = openpyxl.load_workbook(next(real_data.rglob(name)))
    sheet = book["RA LA Data 2018-19"]
    assert sheet["BB7"].value == "Information and early intervention"
    sheet["BB7"] = "Information and early help"
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / name)
    (found,) = land.find(tmp_path / "in")
    land.land(found, tmp_path / "landing")
    (edition,) = land.editions(tmp_path / "landing")
    with pytest.raises(InputError) as caught:
        land.ingest(edition, tmp_path / "raw")
    message = str(caught.value)
    for part in (name, "RA LA Data 2018-19", "row 7", "column 54 (BB)", "'Information and early help'"):
        assert part in message
    assert "nearest known headers: Information and early intervention" in message
    assert len(caught.value.problems) == 1


def test_a_figure_that_breaks_a_total_blocks(tmp_path, real_data):
    """One council's adult social care moved by a thousand pounds, in a publication where all made returns."""
    name = "RA_2018-19_data_by_LA.xlsx"
    book = openpyxl.load_workbook(next(real_data.rglob(name)))
    cell = book["RA LA Data 2018-19"]["BD8"]
    cell.value += 1
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / name)
    again = Warehouse(tmp_path / "home")
    again.land(real_data, only="none of the finance files")
    again.land(tmp_path / "in")
    run = again.build()
    assert run.returncode == 1
    assert "assert_publication_totals_reconcile" in run.stdout
    failed = again.ask("select * from audit.audit_reconciliation_publication where status = 'fail'")
    assert set(failed.publication) == {"mhclg_ra_2018-19"}
    assert set(failed.difference) == {1000}
    assert "Eng" in set(failed.group_name)
