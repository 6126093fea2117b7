"""The workbook in which a wave, its codebook, its units and its findings are added: a sheet for each list."""

from pathlib import Path

import xlsxwriter

from ingest.submitted.codings.codebook_lists import GUIDE, declared

_STEPS = (
    "A new wave, a new version of a codebook, a list of units or a set of printed findings is added by this workbook.",
    "Fill in the sheets you need and leave the others as they are: a row that the warehouse has already is refused.",
    "A wave is in coding_waves. Each of its codes is in foi_codebook or strategy_codebook with the wave "
    "behind it, also those that earlier waves used; a new question is in coding_items and in coding_item_bases.",
    "Boards that councils share and partnerships of councils are in the two bridges, with the years they hold for.",
    "A printed figure is in published_findings, and how it is counted from codes in finding_recipes.",
    "Check it with `prevention check-map FILE`, then put it into the folder codebooks of the landing folder.",
)


def write(path: Path) -> None:
    """Write the blank workbook. The first sheet says what to do and what each column holds."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        guide = book.add_worksheet(GUIDE)
        guide.set_column(0, 1, 26, wrap)
        guide.set_column(2, 2, 90, wrap)
        for number, step in enumerate(_STEPS):
            guide.write_string(number, 2, step)
        row = len(_STEPS) + 1
        for listed in declared().values():
            guide.write_row(row, 0, (listed.name, "", listed.meaning), bold)
            for column in listed.columns:
                row += 1
                values = f" ({', '.join(column.values)})" if column.values else ""
                guide.write_row(row, 0, ("", column.name, column.meaning + values))
            row += 2
        for listed in declared().values():
            sheet = book.add_worksheet(listed.name)
            sheet.freeze_panes(1, 0)
            # Text, so that a year or a code is kept as it is written.
            sheet.set_column(0, len(listed.columns) - 1, 22, book.add_format({"num_format": "@"}))
            for position, column in enumerate(listed.columns):
                sheet.write_string(0, position, column.name, bold)
                sheet.write_comment(0, position, column.meaning)
