"""The sample's catalogue: which sample file takes the place of which published one, and its checksums.

A sample release names the published release it is `like` and takes its layout, so both are read alike.
"""

from pathlib import Path

import yaml

from ingest.catalogue import CATALOGUES, SAMPLE
from ingest.landing import sha256_of
from sample.population import LAYOUTS as POPULATION_FILES
from sample.revenue_account import FILES as BUDGET_FILES
from sample.revenue_outturn import EDITIONS as OUTTURN_EDITIONS
from sample.revenue_outturn import FILE as OUTTURN_FILE
from sample.revenue_outturn_form import FILE as FORM_FILE

TARGET = SAMPLE
NOTICE = "# Written by `python -m sample`: the fictional files, their checksums, and the release each is like.\n"
PUBLISHER = "prevention-warehouse (fictional sample)"
LICENCE = "MIT (invented data)"

# sample source: (published source it is like, [(sample release, like, file, financial year)])
SOURCES: dict[str, tuple[str, list[tuple[str, str, str, str | None]]]] = {
    "sample_revenue_account": (
        "mhclg_revenue_account",
        [
            (f"sample_ra_{year}", f"mhclg_ra_{year}{'_csv' if name.endswith('.csv') else ''}", name, year)
            for year, (name, _) in BUDGET_FILES.items()
        ],
    ),
    "sample_revenue_outturn": (
        "mhclg_revenue_outturn",
        [
            ("sample_rsx_2021-22", "mhclg_rsx_2021-22", OUTTURN_FILE, "2021-22"),
            ("sample_ro3_2022-23", "mhclg_ro3_2022-23", FORM_FILE, "2022-23"),
        ],
    ),
    "sample_ascof_open_data": (
        "ascof_open_data",
        [("sample_ascof_2020-21", "ascof_2020-21", "SAMPLE_meas-from-asc-of-eng-2021-open-data.xlsx", "2020-21")],
    ),
    "sample_ascof_stack": (
        "ascof_stack",
        [("sample_ascof_stack", "ascof_stack_2017-18_to_2023-24", "SAMPLE_ascof_trend_data.csv", None)],
    ),
    "sample_lga_extract": (
        "lga_admissions_extract",
        [("sample_lga_admissions", "lga_admissions_65_plus", "SAMPLE_admissions_care_homes_65p.csv", None)],
    ),
    "sample_population": (
        "ons_population",
        [
            (f"sample_mye_{year}", f"ons_mye_{year}", name, f"{year}-{(year + 1) % 100:02d}")
            for year, (name, *_) in POPULATION_FILES.items()
        ],
    ),
    "sample_gdp_deflators": (
        "hmt_gdp_deflators",
        [("sample_gdp_deflators", "hmt_gdp_deflators_2023-12", "SAMPLE_GDP_Deflators.csv", None)],
    ),
    "sample_indices_of_deprivation": (
        "mhclg_indices_of_deprivation",
        [("sample_iod_2019", "mhclg_iod_2019", "SAMPLE_IoD2019_upper-tier.xlsx", None)],
    ),
    "sample_asc_fr": (
        "nhs_asc_fr",
        [("sample_asc_fr_2016-17", "nhs_asc_fr_2016-17", "SAMPLE_CSV_ASCFR_Totals.csv", "2016-17")],
    ),
    "sample_council_registry": (
        "council_registry",
        [
            ("sample_la_registry", "mysociety_la_registry", "SAMPLE_uk_local_authorities_current.csv", None),
            ("sample_gss_lookup", "mysociety_gss_lookup", "SAMPLE_lookup_gss_to_registry.csv", None),
            ("sample_name_lookup", "mysociety_name_lookup", "SAMPLE_lookup_name_to_registry.csv", None),
        ],
    ),
    "sample_council_codes": (
        "ascof_council_codes",
        [("sample_ascof_ons_codes", "ascof_ons_codes", "SAMPLE_ascof_ons_codes.csv", None)],
    ),
    "sample_area_lookup": (
        "ons_area_lookup",
        [("sample_ltla_utla", "ons_ltla_utla_2023", "SAMPLE_LTLA-UTLA_Lookup.csv", None)],
    ),
    "sample_nearest_neighbours": (
        "oflog_nearest_neighbours",
        [("sample_neighbours", "oflog_neighbours_2024", "SAMPLE_NN.json", None)],
    ),
    "sample_service_maps": ("service_maps", []),
    "sample_ledgers": ("council_ledgers", []),
    "sample_partners": ("partner_ledgers", []),
    "sample_codings": ("codings", []),
    "sample_codebooks": ("codebooks", []),
    "sample_documents": ("documents", []),
}
EDITION_WORDS = {"first_release": "First release (fictional)", "update": "Update, restated (fictional)"}


def render(folder: Path) -> str:
    """The text of `sources.yml` for the sample files in a folder."""
    published = yaml.safe_load(CATALOGUES[0].read_text(encoding="utf-8"))["sources"]
    sources = {}
    for name, (like, releases) in SOURCES.items():
        entry = {"title": f"SAMPLE: {published[like]['title']}", "publisher": PUBLISHER, "licence": LICENCE}
        for key in ("reader", "is_required", "is_indispensable", "adds", "folder", "companion"):
            if key in published[like]:
                entry[key] = published[like][key]
        if releases:
            entry["releases"] = [_release(folder, *release) for release in releases]
        sources[name] = entry
    return NOTICE + yaml.safe_dump({"sources": sources}, sort_keys=False, allow_unicode=True, width=120)


def _release(folder: Path, release_id: str, like: str, file: str, financial_year: str | None) -> dict:
    if file == OUTTURN_FILE:
        editions = [
            {"sha256": sha256_of(folder / place / file), "edition": EDITION_WORDS[place]} for place in OUTTURN_EDITIONS
        ]
    else:
        editions = [{"sha256": sha256_of(folder / file), "edition": "Fictional"}]
    entry = {"release_id": release_id, "like": like, "file": file}
    if financial_year:
        entry["financial_year"] = financial_year
    return entry | {"editions": editions}
