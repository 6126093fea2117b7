"""A filled-in service map and a ledger for one made-up council, so that a first run shows what submissions do."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from ingest.submitted.ledgers import ledger_columns
from ingest.submitted.service_maps import service_map_template
from ingest.submitted.service_maps.map_rules import slug
from ingest.submitted.service_maps.service_map_template import Council

_SPLITS = (
    ("Early help and advice", Decimal("0.6"), "primary"),
    ("Short-term support at home", Decimal("0.3"), "secondary"),
)
_COST_CENTRES = 12


def write(folder: Path, council: Council | Mapping[str, str], lines: Iterable[Mapping], financial_year: str) -> None:
    """Write `maps/<council>_<year>.xlsx` and `ledgers/<council>_<year>.csv` with its columns file below a folder.

    `lines` are as in `service_map_template.write`. The two largest lines are mapped, nine tenths of each; the
    ledger holds cost centres of the largest line, each of a service of the map, that add up to it exactly. The
    same arguments give the same bytes. Raises ValueError when there are fewer than two lines with an amount.
    """
    council = council if isinstance(council, Council) else Council(council["code"], council["name"])
    lines = [dict(line) for line in lines]
    largest = sorted(
        (line for line in lines if line["amount_gbp"]), key=lambda line: (-line["amount_gbp"], str(line["line_code"]))
    )[:2]
    if len(largest) < 2:
        raise ValueError("an example needs at least two lines with an amount")
    stem = f"{council.name.lower().replace(' ', '_')}_{financial_year}"
    (folder / "maps").mkdir(parents=True, exist_ok=True)
    (folder / "ledgers").mkdir(parents=True, exist_ok=True)
    service_map_template.write(
        folder / "maps" / f"{stem}.xlsx", council, financial_year, lines, filled=_answers(largest, financial_year)
    )
    _write_ledger(folder / "ledgers" / f"{stem}.csv", council, largest[0], financial_year)


def _answers(lines: list[dict], financial_year: str) -> dict:
    return {
        "details": {"assessor_role": "Head of commissioning", "assessed_on": date(int(financial_year[:4]), 6, 2)},
        "lines": [
            {
                "line_code": line["line_code"],
                "service_name": service,
                "department": "Adult social care",
                "basis": "Staff time",
                "share": share,
                "low_share": share - Decimal("0.1"),
                "high_share": share + Decimal("0.1"),
                "confidence": "medium",
                "performance_measure": "People who need no further support after 12 weeks",
                "evidence": "Job plans of the teams, agreed in the workshop",
            }
            for line in lines
            for service, share, _ in _SPLITS
        ],
        "tiers": [
            {"service_name": service, "tier": tier, "tier_share": 1, "confidence": "medium"}
            for service, _, tier in _SPLITS
        ],
        "targets": {
            "shift_target_share": Decimal("0.01"),
            "shift_target_year": f"{int(financial_year[:4]) + 3}-{(int(financial_year[:4]) + 4) % 100:02d}",
            "q1": "Monthly, by the outcome after 12 weeks; the commissioning board looks at it.",
        },
    }


def _write_ledger(path: Path, council: Council, line: Mapping, financial_year: str) -> None:
    pence = int(line["amount_gbp"] * 100)
    parts = [pence // _COST_CENTRES] * _COST_CENTRES
    parts[-1] += pence - sum(parts)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("Cost centre", "Description", "RA line", "Service", "Gross", "Income"))
        for number, part in enumerate(parts, start=1):
            income = part // 10
            service = _SPLITS[number % len(_SPLITS)][0]
            writer.writerow(
                (
                    f"A{number:04d}",
                    f"{line['line_name']}, team {number}",
                    line["line_code"],
                    service,
                    f"{Decimal(part + income) / 100:.2f}",
                    f"{Decimal(income) / 100:.2f}",
                )
            )
    columns = path.with_name(path.stem + ledger_columns.COLUMNS_SUFFIX)
    columns.write_text(
        ledger_columns.text_of(
            council_code=council.code,
            financial_year=financial_year,
            statement="budget",
            tolerance_gbp="500.00",
            columns={
                "cost_centre_code": "Cost centre",
                "cost_centre_name": "Description",
                "line_code": "RA line",
                "service_code": "Service",
                "gross": "Gross",
                "income": "Income",
            },
            values={"service_code": {name: f"{council.code}.{slug(name)}" for name, _, _ in _SPLITS}},
        ),
        encoding="utf-8",
    )
