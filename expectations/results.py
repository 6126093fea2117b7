"""What a check found, in the words every check shares."""

from dataclasses import dataclass, field

ERROR, WARN = "error", "warn"


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

    def message(self) -> str:
        """The finding in a few lines: what, expected, observed, which rows, where to look."""
        lines = [f"{self.name} on {self.subject}: {self.detail or 'does not hold'}"]
        lines.append(f"  expected {self.expected}; observed {self.observed}; difference {self.difference}")
        lines += ["  row: " + ", ".join(f"{k}={v}" for k, v in row.items()) for row in self.rows]
        if self.place:
            lines.append(f"  where to look: {self.place}")
        return "\n".join(lines)


def difference_of(expected, observed) -> str:
    """The difference of two numbers as text, or an empty string when either is none."""
    try:
        return str(round(float(observed) - float(expected), 6)).removesuffix(".0")
    except (TypeError, ValueError):
        return ""
