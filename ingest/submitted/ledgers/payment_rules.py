"""The rules file of a council's payments: which column holds what, and which cost centre a payment belongs to.

It lies beside the payments as `<name>.rules.yml`; one file serves every file of payments whose name begins with its
own, so that `durham.rules.yml` goes with `durham_2025-04.csv`. Rules are tried in their order; the first that fits
a payment gives it its cost centre.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.submitted.ledgers.table_settings import SettingsReader, TableSettings, settings_of
from ingest.submitted.service_maps.map_layout import COUNCIL_CODE

RULES_SUFFIX = ".rules.yml"
EXAMPLE = "docs/payments.md"
NEEDED_COLUMNS = ("paid_on", "amount")
# What a rule may look at: words within a text, or a code as a whole.
TEXTS = ("supplier", "department", "description")
CODES = ("cost_centre_code", "account_code")
COLUMNS = (*NEEDED_COLUMNS, "council_code", "reference", *TEXTS, *CODES)
# A day as it is written, and how a program says so.
DATE_FORMATS = {
    "31/12/2024": "%d/%m/%Y",
    "31/12/24": "%d/%m/%y",
    "31-12-2024": "%d-%m-%Y",
    "31.12.2024": "%d.%m.%Y",
    "31-Dec-2024": "%d-%b-%Y",
    "31-Dec-24": "%d-%b-%y",
    "31 December 2024": "%d %B %Y",
    "2024-12-31": "%Y-%m-%d",
}
_TARGETS = ("cost_centre_code", "line_code", "service_code")


@dataclass(frozen=True)
class Rule:
    """One declared rule: by column, the words or codes of which one must be there; and what the payment then is."""

    name: str
    when: Mapping[str, tuple[str, ...]]
    cost_centre_code: str | None
    line_code: str | None
    service_code: str | None


@dataclass(frozen=True, kw_only=True)
class PaymentRules(TableSettings):
    """A rules file, checked. `council_code` is none where a column has it."""

    council_code: str | None
    date_format: str
    rules: tuple[Rule, ...]


def load(path: Path) -> PaymentRules:
    """Read a rules file. Raises InputError with every problem of it."""
    return _Reader(path.name, settings_of(path, EXAMPLE)).rules()


class _Reader(SettingsReader):
    def rules(self) -> PaymentRules:
        named = self.named_columns(COLUMNS, NEEDED_COLUMNS, EXAMPLE)
        council = self.take("council_code")
        if "council_code" in named and council is not None:
            self.fault("council_code", "a column has the council as well", "keep one of the two", council)
        elif "council_code" not in named and not COUNCIL_CODE.match(str(council or "")):
            self.fault(
                "council_code",
                "the council code is missing or no ONS code",
                "write it as E09000007, or name the column that holds it",
                council,
            )
        written = self.one_of("date_format", "31/12/2024", DATE_FORMATS)
        given = self.take("rules", [])
        if not isinstance(given, list) or not given:
            self.fault("rules", "there are no rules", "list them, each with a name, see " + EXAMPLE)
            given = []
        rules = [self._rule(number, rule, named) for number, rule in enumerate(given, start=1)]
        names = [rule.name for rule in rules if rule]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.fault("rules", "two rules have this name", "give each a name of its own", name)
        settings = {
            **self.table(),
            "columns": named,
            "council_code": council,
            "date_format": DATE_FORMATS.get(written or ""),
            "rules": tuple(rule for rule in rules if rule),
        }
        self.end()
        return PaymentRules(**settings)

    def _rule(self, number: int, given, named: Mapping[str, str]) -> Rule | None:
        place = f"rules: {number}"
        if not isinstance(given, dict) or not given.get("name"):
            self.fault(place, "the rule has no name", "write name, when, and what the payment is, see " + EXAMPLE)
            return None
        place = f"rules: {given['name']}"
        for key in sorted(set(given) - {"name", "when", *_TARGETS}):
            self.fault(place, "no part of a rule has this name", f"use name, when, {', '.join(_TARGETS)}", key)
        when = given.get("when")
        if not isinstance(when, dict) or not when:
            self.fault(place, "the rule does not say when it holds", "write when: with a column and its words", when)
            return None
        conditions = {}
        for column, words in when.items():
            if column not in (*TEXTS, *CODES) or column not in named:
                offered = ", ".join(name for name in (*TEXTS, *CODES) if name in named) or "none is named"
                self.fault(place, "a rule cannot look at this column", f"use one of: {offered}", column)
            listed = [words] if isinstance(words, str) else words
            if not isinstance(listed, list) or not listed or not all(isinstance(w, str) and w.strip() for w in listed):
                self.fault(place, f"there are no words for {column}", "give a word or a list of words", words)
                return None
            conditions[column] = tuple(word.strip() for word in listed)
        if not given.get("cost_centre_code") and "cost_centre_code" not in named:
            self.fault(place, "the rule gives no cost centre, and no column has it", "write cost_centre_code")
        return Rule(given["name"], conditions, *(given.get(target) or None for target in _TARGETS))
