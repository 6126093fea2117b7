"""What can be wrong with an input, said so that the person holding the file can act on it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault in one place of one file.

    `row` and `column` are 1-based, as a spreadsheet shows them; `column` may also be a header text.
    """

    file: str
    what: str
    remedy: str
    sheet: str | None = None
    row: int | None = None
    column: int | str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = [self.file]
        if self.sheet:
            place.append(f"sheet “{self.sheet}”")
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            named = f"column {column_letter(self.column)}" if isinstance(self.column, int) else self.column
            place.append(named)
        shown = f" (found: {self.value!r})" if self.value is not None else ""
        return f"{', '.join(place)}: {self.what}{shown}. What to do: {self.remedy}"


class InputError(Exception):
    """A file cannot be taken in. Carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem] | Problem):
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def column_letter(position: int) -> str:
    """Spreadsheet letters of a 1-based column position: 1 is A, 27 is AA."""
    from xlsxwriter.utility import xl_col_to_name

    return xl_col_to_name(position - 1)
