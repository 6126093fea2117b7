"""Settings that a file beside a long table gives: which column holds what, how it is written, what may be faulty."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

from ingest.problems import InputError, Problem

UNITS = {"gbp": 1, "gbp_thousand": 1000}
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


@dataclass(frozen=True, kw_only=True)
class TableSettings:
    """Where the columns of a table stand, by our name, and how to read it. Amounts are in `unit`; fractions of a penny
    are rounded or faulty; `max_rejected_share` is how much of a file may be faulty before it is refused whole."""

    columns: Mapping[str, str]
    max_rejected_share: Decimal = Decimal("0.01")
    unit: str = "gbp"
    is_rounded_to_pence: bool = False
    sheet: str | None = None
    header_row: int = 1
    encoding: str = "utf-8"
    delimiter: str = ","


def settings_of(path: Path, example: str) -> dict:
    """What a settings file says, every value as text. Raises InputError; `example` is the page that shows one."""
    try:
        # The base loader keeps every value as the text it is written as: no money passes through a float.
        settings = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            Problem(
                path.name,
                "the file is not valid YAML",
                f"compare it with the example in {example}",
                value=str(error).split("\n")[0][:120],
            )
        ) from error
    return settings if isinstance(settings, dict) else {}


class SettingsReader:
    """Takes settings one by one and notes every problem; what is left at the end has a name nobody knows."""

    def __init__(self, file: str, settings: dict):
        self.file, self.settings = file, dict(settings)
        self.problems: list[Problem] = []

    def fault(self, key: str, what: str, remedy: str, value=None) -> None:
        self.problems.append(
            Problem(self.file, what, remedy, column=f"“{key}”", value=None if value is None else str(value)[:120])
        )

    def take(self, key: str, default=None):
        return self.settings.pop(key, default)

    def table(self) -> dict:
        """The settings of every table but its columns, by the names that TableSettings has."""
        return {
            "max_rejected_share": self.number("max_rejected_share", "0.01", "a share from 0 to 1, such as 0.01"),
            "unit": self.one_of("unit", "gbp", UNITS),
            "is_rounded_to_pence": self.one_of("round_to_pence", "no", ("yes", "no")) == "yes",
            "sheet": self.take("sheet"),
            "header_row": int(self.one_of("header_row", "1", [str(n) for n in range(1, 51)]) or 1),
            "encoding": self.one_of("encoding", "utf-8", ("utf-8", "cp1252", "utf-16")),
            "delimiter": _DELIMITERS.get(self.one_of("delimiter", "comma", _DELIMITERS) or "comma"),
        }

    def named_columns(self, offered: Collection[str], needed: Collection[str], example: str) -> dict[str, str]:
        """Our names for columns, each with the header that holds it; `needed` are those no table can do without."""
        named = self.take("columns", {})
        if not isinstance(named, dict):
            self.fault("columns", "the columns are not listed as name: header", f"see {example}", named)
            return {}
        for name in named:
            if name not in offered:
                self.fault(f"columns: {name}", "no column has this name", f"use: {', '.join(offered)}")
        for name in needed:
            if name not in named:
                self.fault(f"columns: {name}", "this column is needed", "name the header that holds it")
        return named

    def end(self) -> None:
        """Raise InputError with every problem, settings of unknown names among them."""
        for key in self.settings:
            self.fault(key, "no setting has this name", "correct its spelling, or delete it")
        if self.problems:
            raise InputError(self.problems)

    def one_of(self, key: str, default: str, offered) -> str | None:
        value = self.take(key, default)
        if value not in offered:
            shown = ", ".join(offered) if len(offered) < 10 else f"{offered[0]} to {offered[-1]}"
            self.fault(key, "the setting has an unknown value", f"write one of: {shown}", value)
            return None
        return value

    def number(self, key: str, default: str | None, meaning: str) -> Decimal | None:
        text = self.take(key, default)
        try:
            number = Decimal(str(text))
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or number < 0:
            self.fault(key, "the setting is missing or not a number of 0 or more", f"give {meaning}", text)
            return None
        return number
