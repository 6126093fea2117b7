"""What the fictional bodies budget, in whole pounds by form line number.

An amount is residents × pence per head of the line × the body's own leaning × growth. Pence per head are of
the size of England's, rounded hard; the leaning is drawn once for a council and line. One council moves
money from care of older people to prevention, year by year, without a larger total.
"""

from functools import cache

from sample import people
from sample.bodies import OtherBody
from sample.chance import draw
from sample.councils import Council
from sample.outcomes import SHIFTING_CODE

Body = Council | OtherBody

# Total line: first and last form line it adds up, other totals left out.
TOTALS = {
    190: (110, 165), 290: (210, 280), 330: (310, 327), 360: (332, 358), 390: (361, 392), 490: (409, 478),
    509: (500, 507), 590: (510, 586), 599: (591, 598), 690: (604, 684),
}  # fmt: skip
SERVICE_TOTALS = (190, 290, 330, 360, 390, 490, 509, 590, 599, 601, 602, 690, 698)
ADULT_SOCIAL_CARE = range(332, 359)
OLDER_PEOPLE = {333, 335, 337, 341, 345}
PREVENTION = (350, 351, 353, 355)
SHIFT_FROM = 333
DISTRICT_LINES = {
    409, 440, 456, 457, 460, 501, 502, 503, 504, 510, 521, 522, 523, 524, 527, 528, 529, 530, 533, 570, 581, 583, 584,
    591, 592, 593, 623, 625, 628,
}  # fmt: skip
SHARED_LINES = {501, 502, 503, 504, 533, 584, 593}
BODY_LINES = {"POL": {601}, "FIR": {602}, "NPA": {503, 593, 594, 610}}


def budget(body: Body, financial_year: str, pence_per_head: dict[int, int]) -> dict[int, int]:
    """Pounds by form line number, totals included, for one body and year.

    `pence_per_head` holds the lines of the year's form. A merged council has the sum of its parents' budgets.
    """
    parents = people.made_from(body) if isinstance(body, Council) else [body]
    lines = {number: 0 for number in pence_per_head}
    for parent in parents:
        residents = _residents(parent, financial_year)
        for number, pence in pence_per_head.items():
            lines[number] += _line(parent, residents, financial_year, number, pence)
        if isinstance(parent, Council) and parent.council_code == SHIFTING_CODE:
            _shift_to_prevention(lines, financial_year)
    if not _reports_fractions(body, financial_year):
        lines = {number: pounds // 1000 * 1000 for number, pounds in lines.items()}
    return lines | _totals(lines)


def _residents(body: Body, financial_year: str) -> int:
    return people.between(body, int(financial_year[:4]), 0) if isinstance(body, Council) else body.population


def _line(body: Body, residents: int, financial_year: str, number: int, pence: int) -> int:
    if not _is_duty(body, number) or _is_empty(body, number, pence):
        return 0
    if isinstance(body, Council):
        leaning = _leaning(body.cassr_code, number)
        if number in OLDER_PEOPLE:
            leaning = leaning * body.older_per_mille // 180
    else:
        leaning = _leaning(body.ecode, number)
    years = int(financial_year[:4]) - 2016
    growth = 1000 + (31 if number in ADULT_SOCIAL_CARE else 18) * years + draw(-20, 20, body.ecode, number, years)
    return residents * pence * leaning * growth // (100 * 100 * 1000)


def _is_duty(body: Body, number: int) -> bool:
    """Whether the body runs the service of a line: counties and districts share what unitary councils do alone."""
    if isinstance(body, OtherBody):
        return number in (DISTRICT_LINES if body.body_class == "SD" else BODY_LINES[body.detailed_class])
    if number in (601, 602):
        return False
    return body.council_class != "SC" or number not in DISTRICT_LINES or number in SHARED_LINES


def _is_empty(body: Body, number: int, pence: int) -> bool:
    """Small lines are zero in one body of twelve."""
    return abs(pence) < 100 and _is_drawn_empty(body.ecode, number)


@cache
def _is_drawn_empty(code: str, number: int) -> bool:
    return draw(1, 12, code, number, "empty") == 1


@cache
def _leaning(code: str, number: int) -> int:
    """Per cent of England's pence per head that the body spends on a line, in every year."""
    return draw(72, 132, code, number)


@cache
def _reports_fractions(body: Body, financial_year: str) -> bool:
    """In 2017-18 about a quarter of the bodies reported pounds and pence instead of whole thousands."""
    return financial_year == "2017-18" and draw(1, 4, body.ecode, "fractions") == 1


def _shift_to_prevention(lines: dict[int, int], financial_year: str) -> None:
    """Prevention lines grow by a further 45 per cent of 2016-17 a year; care of older people pays for it."""
    years = int(financial_year[:4]) - 2016
    for number in PREVENTION:
        more = lines[number] * 45 * years // 100
        lines[number] += more
        lines[SHIFT_FROM] -= more


def _totals(lines: dict[int, int]) -> dict[int, int]:
    totals = {
        total: sum(pounds for number, pounds in lines.items() if first <= number <= last)
        for total, (first, last) in TOTALS.items()
    }
    service = sum((lines | totals).get(number, 0) for number in SERVICE_TOTALS)
    grants, support, rates = (-service * per_cent // 100 // 1000 * 1000 for per_cent in (45, 5, 18))
    return totals | {
        799: service,
        849: service,
        900: service,
        904: grants,
        951: support,
        970: rates,
        990: service + grants + support + rates,
    }
