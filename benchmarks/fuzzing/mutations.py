"""The ways a file is altered: what is done to it, and what may come of that."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.fuzzing.books import Book
from ingest.sheets import cell_text

Place = tuple[str, int, int]

# What the alteration makes of the file's figures, and so what may come of it.
SAME = "the same figures, written another way"
NONSENSE = "what is no figure, or could be two"
OTHER = "other figures that are as well written as the true ones"


@dataclass(frozen=True)
class Mutation:
    """One class of alterations. `alter` changes a book in place, given the cells that hold figures, by sheet, row and
    column from zero; it says False where the book offers nothing to alter. `reason` is given for what is OTHER:
    why a reader cannot see it, and who can. Of a source without figures, such as a register, any cell will do where
    `is_of_figures` does not hold. `spoil` alters the bytes of the file as written."""

    name: str
    makes: str
    alter: Callable[[Book, list[Place], random.Random], bool | None]
    reason: str = ""
    is_of_figures: bool = True
    spoil: Callable[[bytes, random.Random], bytes] | None = None


def _spelt(write: Callable[[str], str], fits: Callable[[str], bool] = lambda _: True):
    def alter(book: Book, figures: list[Place], chance: random.Random) -> bool:
        fitting = [at for at in figures if _is_number(_text(book, at)) and fits(_text(book, at))]
        if fitting:
            sheet, row, column = chance.choice(fitting)
            book[sheet][row][column] = write(cell_text(book[sheet][row][column]))
        return bool(fitting)

    return alter


def _text(book: Book, at: Place) -> str:
    sheet, row, column = at
    return cell_text(book[sheet][row][column])


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _with_commas(text: str) -> str:
    whole, point, part = text.partition(".")
    return f"{int(whole):,}{point}{part}"


def _is_negative(text: str) -> bool:
    return text.startswith("-")


def _is_large(text: str) -> bool:
    return len(text.lstrip("-").partition(".")[0]) > 3


def _counts(text: str) -> bool:
    return any(digit in "123456789" for digit in text)


def _is_long(text: str) -> bool:
    digits = text.partition(".")[0].lstrip("-")
    return len(digits) > 1 and digits[0] != digits[1]


def _many(book: Book, figures: list[Place], chance: random.Random) -> bool:
    for sheet, row, column in chance.sample(figures, len(figures) // 4):
        book[sheet][row][column] = "not known yet"
    return len(figures) > 3


def _blank_row(book: Book, figures: list[Place], chance: random.Random) -> None:
    sheet, row, _ = chance.choice(figures)
    book[sheet].insert(row, [""] * len(book[sheet][row]))


def _blank_column(book: Book, figures: list[Place], chance: random.Random) -> None:
    sheet = chance.choice(figures)[0]
    for row in book[sheet]:
        row.append("")


def _remark_below(book: Book, figures: list[Place], chance: random.Random) -> None:
    sheet = chance.choice(figures)[0]
    book[sheet] += [[], ["Source: returns of the authorities, as they were sent."]]


def _turned_round(book: Book, figures: list[Place], chance: random.Random) -> None:
    sheet = chance.choice(figures)[0]
    rows = sorted({row for name, row, _ in figures if name == sheet})
    for one, other in zip(rows, chance.sample(rows, len(rows)), strict=True):
        if one < other:
            book[sheet][one], book[sheet][other] = book[sheet][other], book[sheet][one]


def _words_in_a_row(book: Book, figures: list[Place], chance: random.Random) -> None:
    sheet, row, _ = chance.choice(figures)
    for column in sorted({c for name, r, c in figures if (name, r) == (sheet, row)}):
        book[sheet][row][column] = "see note"


def _rows_exchanged(book: Book, figures: list[Place], chance: random.Random) -> bool:
    sheet = chance.choice(figures)[0]
    columns = sorted({column for name, _, column in figures if name == sheet})
    rows = sorted({row for name, row, _ in figures if name == sheet})
    if len(rows) < 2:
        return False
    one, other = (book[sheet][row] for row in chance.sample(rows, 2))
    for column in columns:
        one[column], other[column] = other[column], one[column]
    return True


def _columns_exchanged(book: Book, figures: list[Place], chance: random.Random) -> bool:
    sheet = chance.choice(figures)[0]
    columns = sorted({column for name, _, column in figures if name == sheet})
    if len(columns) < 2:
        return False
    one, other = chance.sample(columns, 2)
    for row in {row for name, row, _ in figures if name == sheet}:
        cells = book[sheet][row]
        if len(cells) > max(one, other):
            cells[one], cells[other] = cells[other], cells[one]
    return True


def _row_gone(book: Book, figures: list[Place], chance: random.Random) -> None:
    sheet, row, _ = chance.choice(figures)
    del book[sheet][row]


def _row_twice(book: Book, figures: list[Place], chance: random.Random) -> None:
    sheet, row, _ = chance.choice(figures)
    book[sheet].insert(row, list(book[sheet][row]))


def _emptied(book: Book, figures: list[Place], chance: random.Random) -> None:
    sheet, row, column = chance.choice(figures)
    book[sheet][row][column] = ""


def _headless(book: Book, figures: list[Place], chance: random.Random) -> None:
    sheet = chance.choice(figures)[0]
    first = min(row for name, row, _ in figures if name == sheet)
    book[sheet][:first] = [[""] * len(row) for row in book[sheet][:first]]


def _untouched(book: Book, figures: list[Place], chance: random.Random) -> None:
    """The rows stay; the bytes of the file are spoilt instead."""


def _noise_within(content: bytes, chance: random.Random) -> bytes:
    at = len(content) // 2
    return content[:at] + b"\xff\xfe\x81" + chance.randbytes(200) + content[at + 200 :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: int(len(content) * chance.uniform(0.3, 0.95))]


CHECKED = "the checks of the warehouse compare it with its total, its other years and other publications"
MUTATIONS = (
    *(
        Mutation(f"spelt: {name}", SAME, _spelt(write, fits))
        for name, write, fits in (
            ("no-break space", lambda t: f"\u00a0{t}\u00a0", _counts),
            ("thousands by commas", _with_commas, _is_large),
            ("thousands by thin spaces", lambda t: _with_commas(t).replace(",", "\u2009"), _is_large),
            ("pound sign", lambda t: f"£{t}" if t[0] != "-" else f"-£{t[1:]}", _counts),
            ("brackets", lambda t: f"({t[1:]})", _is_negative),
            ("trailing minus", lambda t: f"{t[1:]}-", _is_negative),
            ("typographical minus", lambda t: f"−{t[1:]}", _is_negative),
            ("footnote", lambda t: f"{t} [r]", _counts),
            ("zero behind the point", lambda t: t + ("0" if "." in t else ".0"), _counts),
        )
    ),
    *(
        Mutation(f"nonsense: {name}", NONSENSE, _spelt(write, _counts))
        for name, write in (
            ("underscore", lambda t: "1_234"),
            ("commas out of place", lambda t: "1,2,3,4"),
            ("decimal comma", lambda t: "12,5"),
            ("power of ten", lambda t: "1e20"),
            ("not finite", lambda t: "inf"),
            ("too large", lambda t: "9" * 25),
            ("error of a formula", lambda t: "#REF!"),
            ("date", lambda t: "2021-05-03"),
            ("other digits", lambda t: "١٢٣"),
            ("a word", lambda t: "unknown"),
            ("words behind", lambda t: f"{t} or so"),
            ("a formula", lambda t: "=1+1"),
            ("two points", lambda t: "1.2.3"),
            ("unseen character", lambda t: f"{t[:1]}\u200b{t[1:]}"),
            ("two signs", lambda t: "--5"),
            ("markup", lambda t: "<b>5</b>"),
        )
    ),
    Mutation("nonsense: a row of words", NONSENSE, _words_in_a_row),
    Mutation("nonsense: every fourth figure", NONSENSE, _many),
    Mutation("layout: blank row", SAME, _blank_row, is_of_figures=False),
    Mutation("layout: blank column", SAME, _blank_column, is_of_figures=False),
    Mutation("layout: remark below", SAME, _remark_below, is_of_figures=False),
    Mutation("layout: rows in another order", SAME, _turned_round, is_of_figures=False),
    Mutation("layout: header gone", NONSENSE, _headless, is_of_figures=False),
    Mutation(
        "figure: times ten", OTHER, _spelt(lambda t: f"{t}0" if "." not in t else t.replace(".", ""), _counts), CHECKED
    ),
    Mutation("figure: other sign", OTHER, _spelt(lambda t: t[1:] if t[0] == "-" else f"-{t}", _counts), CHECKED),
    Mutation(
        "figure: two digits exchanged",
        OTHER,
        _spelt(lambda t: t.replace(t.lstrip("-")[:2], t.lstrip("-")[1::-1], 1), _is_long),
        f"{CHECKED}; where the two are near each other nothing can tell",
    ),
    Mutation(
        "figure: emptied", OTHER, _emptied, "a blank is kept as a blank and never zero: publishers leave cells blank"
    ),
    Mutation("rows: two exchanged", OTHER, _rows_exchanged, CHECKED),
    Mutation(
        "rows: one gone",
        OTHER,
        _row_gone,
        "an edition may miss an authority that has not answered yet",
        is_of_figures=False,
    ),
    Mutation(
        "rows: one twice",
        OTHER,
        _row_twice,
        "a repeated row breaks the key of the table, which blocks publication",
        is_of_figures=False,
    ),
    Mutation("columns: two exchanged", OTHER, _columns_exchanged, CHECKED),
    *(
        Mutation(f"file: {name}", makes, _untouched, reason, False, spoil)
        for name, makes, spoil, reason in (
            ("empty", NONSENSE, lambda content, chance: b"", ""),
            ("a web page", NONSENSE, lambda content, chance: b"<!doctype html><html><body>Not found</body></html>", ""),
            ("bytes of zero", NONSENSE, lambda content, chance: b"\0" * 4096, ""),
            ("noise", NONSENSE, lambda content, chance: chance.randbytes(4096), ""),
            ("noise in the middle", NONSENSE, _noise_within, ""),
            (
                "cut short",
                OTHER,
                _cut,
                "the rest of a text file may be missing as authorities may; workbooks are refused",
            ),
        )
    ),
)
