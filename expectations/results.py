"""What a check found, in the words every check shares."""

from dataclasses import dataclass, field

ERROR, WARN = "error", "warn"
EXAMPLES = 3
MOST_ROWS_IN_A_MESSAGE = 20


@dataclass
class CheckResult:
    """One check of one refresh.

    `subject` is the table it looked at (`schema.table`). `severity` is `error` (blocks publication) or `warn`;
    `status` is `pass`, `warn`, `fail`, or `empty` where there was nothing to compare and nothing had to be
    there. `compared` counts what it looked at, `failed` what did not hold. `expected`, `observed` and
    `difference` are in the check's own unit, as text. `rows` shows a few of the rows that failed and `place`
    says where the rule is written.
    """

    name: str
    subject: str
    severity: str
    status: str
    compared: int
    failed: int
    expected: str = ""
    observed: str = ""
    difference: str = ""
    detail: str = ""
    place: str = ""
    rows: list[dict] = field(default_factory=list)

    @property
    def is_blocking(self) -> bool:
        return self.severity == ERROR and self.status == "fail"

    def warnings(self) -> list[str]:
        """What a check that warns says to a person, a text for each finding it shows; none where it does not warn.

        A finding that is a `sentence` is shown by itself. Others are shown as the rule with a few rows as examples.
        """
        if self.status != "warn":
            return []
        sentences = [row["sentence"] for row in self.rows if "sentence" in row]
        if sentences:
            more = self.failed - len(sentences)
            findings = "finding" if more == 1 else "findings"
            return sentences + ([f"{more:,} more {findings} like these: see {self.subject}"] if more > 0 else [])
        rule = self.detail.rstrip(".") or f"{self.name} does not hold"
        examples = "; ".join(", ".join(f"{k} {v}" for k, v in row.items()) for row in self.rows[:EXAMPLES])
        shown = f", for example: {examples}" if examples else ""
        return [
            f"{rule}. {self.failed:,} {'row does' if self.failed == 1 else 'rows do'} not hold{shown} ({self.place})"
        ]

    def message(self) -> str:
        """The finding in a few lines: what, expected, observed, which rows, where to look."""
        lines = [f"{self.name} on {self.subject}: {self.detail or 'does not hold'}"]
        lines.append(f"  expected {self.expected}; observed {self.observed}; difference {self.difference}")
        lines += ["  " + _in_words(row) for row in self.rows[:MOST_ROWS_IN_A_MESSAGE]]
        if self.place:
            lines.append(f"  where to look: {self.place}")
        return "\n".join(lines)


def _in_words(row: dict) -> str:
    """A row as its own sentence, or else as names and values."""
    return row["sentence"] if "sentence" in row else "row: " + ", ".join(f"{k}={v}" for k, v in row.items())


def difference_of(expected, observed) -> str:
    """The difference of two numbers as text, or an empty string when either is none."""
    try:
        return str(round(float(observed) - float(expected), 6)).removesuffix(".0")
    except (TypeError, ValueError):
        return ""
