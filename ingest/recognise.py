"""What a file is, from its own words: titles, sheet names, headers, reference ids and dates.

A guess is tried with the reader of the series it seems to belong to: what that reader takes without a question is
sure. What it objects to is asked, column by column, beside the lines that are nearest.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingest import column_map, outturn_series
from ingest.book import FIRST_ROWS, KNOWN_ENDINGS, Book, financial_years, headers_of
from ingest.catalogue import MANY_RELEASES, Catalogue, Release, Source
from ingest.edition import Edition, Parsed
from ingest.finance_sheet import PLACE_COLUMNS, is_ecode_header
from ingest.landing import sha256_of
from ingest.numbers import read_number
from ingest.problems import InputError, Problem, column_letter
from ingest.reading import reader
from ingest.sheets import cell_text

ECODE = re.compile(r"E\d{4}")
FORMS = (
    ("ro3", re.compile(r"\bRO3\b|^RO3[-_]")),
    ("rsx", re.compile(r"\bRSX\b|^RSX[-_]")),
    ("ro4", re.compile(r"\bRO4\b")),
    ("ro5", re.compile(r"\bRO5\b")),
    ("rg", re.compile(r"\(RG\)|\bRG[ _-]|Revenue Grants", re.IGNORECASE)),
    ("rs", re.compile(r"\(RS\)|Revenue Outturn Summary|\bRS LA Data|^RS_")),
    ("ra", re.compile(r"Revenue Account|\bRA LA|\bRA_|\(RA\)")),
)
MEASURES = (
    ("capital_charges", re.compile(r"capital (charges|items)", re.IGNORECASE)),
    ("net_total_cost", re.compile(r"net total cost", re.IGNORECASE)),
    ("net_current_expenditure", re.compile(r"net current expenditure", re.IGNORECASE)),
)
SOURCE_OF_FORM = {"ra": "mhclg_revenue_account"}
OUTTURN = "mhclg_revenue_outturn"
ENOUGH_PRINTED_NUMBERS = 10
FIRST_YEAR_OF_PUBLIC_HEALTH = "2013-14"
# What a layout says that no file shows: it is taken over from the release before.
KEPT_OF_THE_LAST = ("measure_codes", "extra")
# Share of a table's own headers that must be there before a series is named as near.
NEAR_SHARE = 0.4


@dataclass(frozen=True)
class Question:
    """Something about a file that only a person can say. `answer` is the option that says it."""

    text: str
    answer: str


@dataclass(frozen=True)
class Guess:
    """A series that a file may belong to, with the layout it would be read by; `others` are the further forms and years
    of a file that holds many, and `is_part` says that it is one table of the many that a release has."""

    source: str
    layout: dict
    financial_year: str | None = None
    form: str | None = None
    notes: tuple[str, ...] = ()
    needs_year: bool = True
    release_id: str | None = None
    others: tuple["Guess", ...] = ()
    is_part: bool = False


@dataclass(frozen=True)
class Recognised:
    """What a file was found to be. It is sure when nothing has to be asked. `others` are the further releases of a file
    that holds many; what is asked about them is among the questions."""

    path: Path
    sha256: str
    release: Release | None = None
    is_new_release: bool = False
    is_known: bool = False
    edition: str = ""
    published_on: str | None = None
    parsed: Parsed | None = None
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    near: tuple[str, ...] = field(default=())
    others: tuple["Recognised", ...] = ()

    @property
    def placed(self) -> Release:
        """The release of a file that has one. Raises ValueError for one that could not be placed."""
        if self.release is None:
            raise ValueError(f"{self.path.name} is the file of no release")
        return self.release

    @property
    def is_sure(self) -> bool:
        return self.release is not None and not self.questions


def recognise(
    path: Path,
    known: Catalogue,
    *,
    financial_year: str | None = None,
    published_on: str | None = None,
    release_id: str | None = None,
    lines: Sequence[dict] = (),
) -> Recognised:
    """Say what a file is. The year, date, release and `lines` (rows of the column map) are answers a person gave."""
    digest = sha256_of(path)
    nothing = Recognised(path, digest, near=_nearest_by_name(path, known))
    if path.suffix.lower() not in KNOWN_ENDINGS:
        return replace(nothing, notes=("it is neither a spreadsheet nor a CSV file",))
    try:
        book = Book.open(path)
    except InputError as error:
        return replace(nothing, notes=(error.problems[0].what,))
    near: list[str] = []
    for look in LOOKS:
        guess = look(book, near)
        if guess is None or guess.source not in known.sources:
            continue
        if guess.others:
            parts = (replace(guess, others=()), *guess.others)
            return _together([_tried(part, book, digest, known, published_on, tuple(lines)) for part in parts])
        guess = replace(guess, financial_year=financial_year or guess.financial_year, release_id=release_id)
        return _tried(guess, book, digest, known, published_on, tuple(lines))
    return replace(nothing, near=tuple(dict.fromkeys(near)) or nothing.near)


def _together(found: list[Recognised]) -> Recognised:
    """The releases of one file as one finding: the first, with the others and every question of any of them."""
    questions = dict.fromkeys(question for one in found for question in one.questions)
    problems = dict.fromkeys(problem for one in found for problem in one.problems)
    is_known = all(one.is_known for one in found)
    return replace(
        found[0], questions=tuple(questions), problems=tuple(problems), others=tuple(found[1:]), is_known=is_known
    )


def _tried(guess: Guess, book: Book, digest: str, known: Catalogue, published_on: str | None, lines) -> Recognised:
    """The guess put to the reader of its series."""
    source = known.sources[guess.source]
    known_as = _same(known.by_content(digest), guess)
    candidates = [known_as] if known_as else _candidates(known, source, guess, book)
    held = candidates[0] if len(candidates) == 1 else None
    last = held or next((r for r in reversed(known.of(source.name)) if r.layout.get("form") == guess.form), None)
    kept = {k: v for k, v in last.layout.items() if k in KEPT_OF_THE_LAST} if last else {}
    layout = kept | guess.layout | ({"encoding": book.encoding} if book.encoding != "utf-8-sig" else {})
    learned = (*lines, *next((r.learned for r in known.of(source.name) if r.learned), ()))
    release_id = held.release_id if held else _new_id(known, source, guess, book)
    editions = held.editions if held else ()
    release = Release(
        release_id, source, book.path.name, editions, guess.financial_year, layout=layout, learned=learned
    )
    date = published_on or book.published_on
    questions = _about_the_file(guess, candidates, date) if known_as is None else []
    parsed, problems = None, []
    if not guess.needs_year or guess.financial_year:
        edition = Edition(release, release_id, book.path, digest, "", date, False, 0)
        try:
            parsed = reader(release).read(edition)
        except InputError as error:
            problems = error.problems
            questions += _asked(problems, book, source)
        except Exception as error:
            text = f"The reader of {source.title} cannot take it ({type(error).__name__}: {error})."
            questions.append(Question(text, "report it with the file, if it is the publisher's own"))
    return Recognised(
        book.path,
        digest,
        release,
        is_new_release=held is None,
        is_known=known_as is not None,
        edition=f"as updated {date}" if date else "as given",
        published_on=date,
        parsed=parsed,
        notes=guess.notes,
        questions=tuple(questions),
        problems=tuple(problems),
    )


def _same(releases: list[Release], guess: Guess) -> Release | None:
    """The release, of those that hold a file, that a guess is about: the one there is, or that of its form and year."""
    if not guess.layout.get(MANY_RELEASES):
        return releases[0] if releases else None
    form_and_year = (guess.form, guess.financial_year)
    return next((r for r in releases if (r.layout.get("form"), r.financial_year) == form_and_year), None)


def _about_the_file(guess: Guess, candidates: list[Release], date: str | None) -> list[Question]:
    questions = []
    if guess.needs_year and not guess.financial_year:
        questions.append(Question("The file does not say which year its figures are for.", "--year 2025-26"))
    if len(candidates) > 1:
        names = ", ".join(release.release_id for release in candidates)
        questions.append(Question(f"It may be an edition of any of {names}.", f"--release {candidates[0].release_id}"))
    if candidates and guess.is_part:
        text = f"It is one table of {candidates[0].release_id}, which has many: as an edition it would stand for all."
        questions.append(Question(text, "give the whole workbook"))
    if candidates and not date:
        held = "; ".join(f"{e.edition} ({e.published_on or 'undated'})" for r in candidates for e in r.editions)
        text = f"The file does not say when it was published. Known already: {held}. The latest is the one served."
        questions.append(Question(text, "--published 2026-06-25"))
    return questions


def _candidates(known: Catalogue, source: Source, guess: Guess, book: Book) -> list[Release]:
    """The releases the file may be an edition of: of the same form, kind and year, and of its name if one has it."""
    if guess.release_id:
        return [release for release in known.releases if release.release_id == guess.release_id]
    same = [
        release
        for release in known.of(source.name)
        if release.financial_year == guess.financial_year
        and release.layout.get("form") == guess.form
        and release.layout.get("kind") == guess.layout.get("kind")
    ]
    named = [release for release in same if book.path.name in release.files]
    # Files of one form and year that repeat each other are in the catalogue one after the other.
    return named or (same[:1] if guess.financial_year else same)


def _new_id(known: Catalogue, source: Source, guess: Guess, book: Book) -> str:
    own = [r for r in known.of(source.name) if r.layout.get("form") == guess.form]
    own = own or ([] if guess.form else known.of(source.name))
    year = guess.financial_year or ""
    taken = {r.release_id for r in known.releases}
    for release in reversed(own):
        if release.financial_year and release.financial_year in release.release_id:
            return release.release_id.replace(release.financial_year, year).removesuffix("_csv")
        if release.financial_year and release.release_id.endswith(release.financial_year[:4]):
            return release.release_id[:-4] + year[:4]
    prefix = f"mhclg_{guess.form}" if guess.form else source.name
    stem = re.sub(r"\W+", "_", year or book.path.stem).strip("_").lower()
    name = f"{prefix}_{year or stem}"
    return name if name not in taken else f"{name}_{sha256_of(book.path)[:8]}"


def _asked(problems: list[Problem], book: Book, source: Source) -> list[Question]:
    """What a reader objects to, as questions: which line a column is can be answered, all else is to be put right."""
    questions = []
    for problem in problems:
        if isinstance(problem.column, int) and "not in the column map" in problem.what and problem.row:
            letter = column_letter(problem.column)
            questions.append(
                Question(
                    f"Column {letter} “{problem.value}” (row {problem.row}) is no known line"
                    f"{_money(book, problem)}{_near_lines(book, problem, source)}",
                    f'--line "{letter}=355" for a known line, --line "{letter}=new:adult_social_care" for a new one, '
                    f'--line "{letter}=text" for words or counts',
                )
            )
        else:
            questions.append(Question(str(problem), "put it right in the file"))
    return questions


def _money(book: Book, problem: Problem) -> str:
    rows = book.sheets.get(problem.sheet or "", [])[problem.row :]
    position = int(problem.column or 0)
    cells = [row[position - 1] for row in rows if len(row) >= position > 0 and any(_is_ecode(c) for c in row[:3])]
    numbers = [n for n in (read_number(cell).number for cell in cells) if n is not None]
    return f"; {len(numbers)} authorities have figures there, together {sum(numbers):,.0f}" if numbers else ""


def _near_lines(book: Book, problem: Problem, source: Source) -> str:
    """The lines a column may be: that of the form line number printed over it, and those whose names are nearest."""
    rows = [r for r in column_map.load(source.reader) if r.get("role") == "line"]
    above = book.sheets.get(problem.sheet or "", [])[int(problem.row or 0) - 2 :][:1]
    position = int(problem.column or 0)
    printed = cell_text(above[0][position - 1]) if above and len(above[0]) >= position else ""
    numbered = [r for r in rows if printed.isdigit() and r["number"] == printed][:1]
    near = numbered + column_map.nearest(problem.value or "", rows)
    listed = "; ".join(dict.fromkeys(f"{r['line_code']} {r['header']} ({r['section']})" for r in near))
    bears = f"; it bears the form line number {printed}" if numbered else ""
    return f"{bears}. Nearest known lines: {listed}" if listed else ". No known line is near it"


def _is_ecode(cell) -> bool:
    return bool(ECODE.fullmatch(cell_text(cell)))


def _nearest_by_name(path: Path, known: Catalogue) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    names = {file: r.source for r in known.releases if not r.source.is_sample for file in r.files}
    found = process.extract(path.name, list(names), scorer=fuzz.token_set_ratio, limit=2)
    return tuple(dict.fromkeys(f"{names[name].title} (by its name: {name})" for name, score, _ in found if score >= 70))


def _finance(book: Book, near: list[str]) -> Guess | None:
    """A sheet with a row an authority: which form it is, of which year, and how its columns are laid out."""
    tables = {sheet: header for sheet, rows in book.sheets.items() if (header := _authority_header(rows))}
    if not tables:
        return None
    named = {sheet: header for sheet, header in tables.items() if re.search(r"\bLA[ _]Data", sheet, re.IGNORECASE)}
    tables = named or tables
    sheet, header = next(iter(tables.items()))
    titles = [*book.above(sheet, header), sheet]
    form = _form(titles) or _form([book.path.name])
    if form is None:
        near.append(
            "local authority revenue expenditure (its rows are authorities, but no title says which form it is)"
        )
        return None
    years = financial_years(titles) or financial_years(book.front) or financial_years([book.path.name])
    notes = (
        [f"{len(years)} years are named in its titles: {', '.join(years)}; the first was taken"] if years[1:] else []
    )
    year = years[0] if years else None
    layout: dict = {} if form == "ra" else {"form": form}
    if form in ("ra", "rs"):
        sheets = [_sheet_layout(book, name, row, form, year) for name, row in tables.items()]
        layout["sheets"] = [{k: v for k, v in one.items() if v not in (None, "")} for one in sheets]
    elif sheet:
        layout["sheets"] = [{"name": sheet}]
    return Guess(SOURCE_OF_FORM.get(form, OUTTURN), layout, year, None if form == "ra" else form, tuple(notes))


def _outturn_series(book: Book, near: list[str]) -> Guess | None:
    """The multi-year outturn data set: each form and year of it is a release of its own."""
    rows = book.sheets.get("", [])
    if not rows or not outturn_series.is_series([cell_text(cell) for cell in rows[0]]):
        return None
    parts = outturn_series.parts_of(rows)
    if not parts:
        near.append("the multi-year outturn data set (its first columns are there, but none of a form that is read)")
        return None
    guesses = [Guess(OUTTURN, {"form": form, MANY_RELEASES: True}, year, form) for form, year in parts]
    return replace(guesses[0], others=tuple(guesses[1:]))


def _authority_header(rows) -> int | None:
    """1-based row whose first cells have “E-code”, with authorities below it."""
    for number, row in enumerate(rows[:FIRST_ROWS], start=1):
        if any(is_ecode_header(cell) for cell in row[:PLACE_COLUMNS]):
            codes = sum(any(_is_ecode(cell) for cell in below[:PLACE_COLUMNS]) for below in rows[number : number + 400])
            return number if codes else None
    return None


def _form(texts: list[str]) -> str | None:
    return next((form for form, pattern in FORMS if any(pattern.search(text) for text in texts)), None)


def _sheet_layout(book: Book, sheet: str, header: int, form: str, year: str | None) -> dict:
    rows = book.sheets[sheet]
    title = " ".join(cell_text(cell) for row in rows[: header - 1] for cell in row[:3])
    above = rows[header - 2] if header > 1 else []
    printed = sum(cell_text(cell).isdigit() for cell in above)
    numbered = printed >= ENOUGH_PRINTED_NUMBERS
    measure = next((m for m, pattern in MEASURES if pattern.search(title)), None)
    if form == "ra":
        columns = ["numbered"] if numbered else ["unnumbered", "numbered"]
    elif numbered:
        columns = ["numbered summary"]
    else:
        early = [year] if year else []
        early += ["before 2013-14"] if year and year < FIRST_YEAR_OF_PUBLIC_HEALTH else []
        columns = [*early, "summary", "numbered summary"]
    if measure in ("capital_charges", "net_total_cost"):
        columns = ["closing", *columns] if measure == "capital_charges" else columns
    else:
        second = re.search(r"\((\d)\)$", sheet)
        measure = "not_stated" if second and second[1] == "2" and measure is None else None
        columns = ["closing", *columns] if measure == "not_stated" else columns
    return {"name": sheet or None, "measure": measure, "columns": [c for c in columns if c]}


def _outcome_tables(book: Book, near: list[str]) -> Guess | None:
    pattern = re.compile(r"(\d{4}) to (\d{4}) - .+")
    for rows in book.sheets.values():
        for row in rows[:FIRST_ROWS]:
            texts = [" ".join(cell_text(cell).split()) for cell in row]
            years = [m[1] for m in map(pattern.fullmatch, texts) if m]
            if years and "local authority code" in [text.lower() for text in texts]:
                every = [
                    m[1]
                    for rs in book.sheets.values()
                    for r in rs[:FIRST_ROWS]
                    for m in map(pattern.fullmatch, map(cell_text, r))
                    if m
                ]
                last = max(every)
                is_part = list(book.sheets) == [""]
                return Guess("ascof_time_series", {}, f"{last}-{(int(last) + 1) % 100:02d}", is_part=is_part)
    return None


def _population(book: Book, near: list[str]) -> Guess | None:
    fitting = []
    for sheet, rows in book.sheets.items():
        for number, row in enumerate(rows[:30], start=1):
            texts = {cell_text(cell).lower() for cell in row}
            if {"code", "all ages", "65"} <= texts or {"geography_code", "c_age_name", "obs_value"} <= texts:
                fitting.append((sheet, number))
                break
    if not fitting:
        return None
    both = [one for one in fitting if re.search(r"person|all", one[0], re.IGNORECASE)] or fitting
    sheet, header = both[0]
    said = " ".join([*book.above(sheet, header), sheet])
    year = re.search(r"(?:mid|june)[- ]?(20\d\d)", said, re.IGNORECASE)
    year = year or re.search(r"(20\d\d)", said) or re.search(r"(20\d\d)", book.path.name)
    short = re.search(r"mye(\d\d)(?!\d)", book.path.name, re.IGNORECASE)
    mid = int(year[1]) if year else 2000 + int(short[1]) if short else None
    layout = {"header_row": header} | ({"sheet": sheet} if sheet else {}) | ({"mid_year": mid} if mid else {})
    return Guess("ons_population", layout, f"{mid}-{(mid + 1) % 100:02d}" if mid else None)


def _neighbours(book: Book, near: list[str]) -> Guess | None:
    is_list = isinstance(book.lists, dict) and book.lists and all(isinstance(v, list) for v in book.lists.values())
    for sheet, rows in book.sheets.items():
        for row in rows[:20]:
            if sum(bool(re.fullmatch(r"(?:nearest )?neighbour \d+.*", cell_text(c), re.IGNORECASE)) for c in row) > 1:
                return Guess("oflog_nearest_neighbours", {"sheet": sheet} if sheet else {}, needs_year=False)
    return Guess("oflog_nearest_neighbours", {}, needs_year=False) if is_list else None


def _deflators(book: Book, near: list[str]) -> Guess | None:
    if not any("gdp deflator" in text.lower() for text in book.front):
        return None
    for sheet, rows in book.sheets.items():
        for number, row in enumerate(rows[:20], start=1):
            if any("financial year" in cell_text(cell).lower() for cell in row) and any(
                "= 100" in cell_text(c) for c in row
            ):
                return Guess(
                    "hmt_gdp_deflators", {"header_row": number} | ({"sheet": sheet} if sheet else {}), needs_year=False
                )
    near.append("GDP deflators at market prices (its title says so, but no row of headers names an index)")
    return None


def _deprivation(book: Book, near: list[str]) -> Guess | None:
    layout = {"sheets": {name: name.lower() for name in DOMAINS}, "extra": {name: name.lower() for name in WITH_EXTENT}}
    is_upper_tier = "upper" in book.path.name.lower() or any("upper tier" in text.lower() for text in book.front)
    if set(DOMAINS) <= set(book.sheets) and is_upper_tier:
        return Guess("mhclg_indices_of_deprivation", layout, needs_year=False)
    if "IDAOPI" in book.sheets:
        near.append("Indices of Deprivation, upper-tier summaries (its sheets are those of another area, or some lack)")
    return None


def _plain_table(book: Book, near: list[str]) -> Guess | None:
    """A table with one header row whose headers are those of a column map."""
    best: tuple[float, Guess] | None = None
    for source, name in PLAIN_TABLES.items():
        maps: dict[str, list[dict]] = {}
        for row in column_map.load(name):
            maps.setdefault(row["layout"], []).append(row)
        for sheet, rows in book.sheets.items():
            for number in range(1, min(len(rows), 15) + 1):
                found = {column_map.normalise(text) for text in headers_of(rows, number).values()}
                for layout, wanted in maps.items():
                    named = {row["name"] for row in wanted if row["name"]}
                    there = {row["name"] for row in wanted if column_map.normalise(row["header"]) in found}
                    share = len(named & there) / len(named)
                    if best is None or share > best[0]:
                        best = (share, _plain_guess(book, source, layout, sheet, number, rows))
    if best is None or best[0] < 1:
        if best and best[0] >= NEAR_SHARE:
            near.append(f"{best[1].source} ({best[0]:.0%} of the headers of that series are there)")
        return None
    return best[1]


def _plain_guess(book: Book, source: str, layout: str, sheet: str, number: int, rows) -> Guess:
    said: dict[str, Any] = {"map": layout} if layout != "1" else {}
    said |= {"header_row": number} if number > 1 else {}
    said |= {"sheet": sheet} if sheet else {}
    if source == "council_registry":
        said["kind"] = layout
    year = None
    if source in FINANCE_RETURNS:
        column = next((n for n, text in headers_of(rows, number).items() if text.lower() == "fy_ending"), None)
        ends = {cell_text(row[column - 1])[:4] for row in rows[number:] if column and len(row) >= column} - {""}
        year = f"{int(min(ends)) - 1}-{min(ends)[-2:]}" if len(ends) == 1 and min(ends).isdigit() else None
    elif source == "ascof_open_data":
        years = financial_years(book.front) or financial_years([book.path.name])
        year = years[0] if years else None
    return Guess(source, said, year, needs_year=source in (*FINANCE_RETURNS, "ascof_open_data"))


DOMAINS = (
    "IMD", "Income", "Employment", "Education", "Health", "Crime", "Barriers", "Living", "IDACI", "IDAOPI",
)  # fmt: skip
WITH_EXTENT = ("IMD", "Income", "Employment")
FINANCE_RETURNS = ("nhs_asc_fr", "nhs_asc_fr_named")
PLAIN_TABLES = {
    "ascof_open_data": "ascof_open_data",
    "ascof_stack": "ascof_stack",
    "nhs_asc_fr": "nhs_asc_fr",
    "nhs_asc_fr_named": "nhs_asc_fr_named",
    "council_registry": "council_registry",
    "ascof_council_codes": "ascof_council_codes",
    "ons_area_lookup": "ons_area_lookup",
    "lga_admissions_extract": "lga_admissions_extract",
}
LOOKS: tuple[Callable[[Book, list[str]], Guess | None], ...] = (
    _outturn_series,
    _finance,
    _outcome_tables,
    _population,
    _neighbours,
    _deflators,
    _deprivation,
    _plain_table,
)
