"""What is for adults of all ages, beside the figure for later life: the one to set beside surveys and other returns."""

from reporting import words
from reporting.claims import Claim, claim
from reporting.facts import ADULTS, Facts
from reporting.markup import figure
from reporting.pages import money
from reporting.warehouse import Row

SHARE = "share_of_adult_social_care_share"


def sentence(
    kind: str, facts: Facts, rows: list[Row], now: Row, key: tuple[str, ...], mart: str, whose: str = ""
) -> Claim | None:
    """The three perimeters for adults of all ages, of the councils and year of `now`; None where one is not held, or
    where long-term support of older people could not be classified.

    `rows` are of the mart's outcome for all adults; `whose` says whose money it is where the page is of several.
    """
    # A headline differs from its counterpart in outcome and perimeter alone.
    at = {k: now[k] for k in key if k not in ("outcome_code", "perimeter")}
    if "councils" in now:
        at["councils"] = now["councils"]
    if not facts.driver_years:
        return None
    same = {r["perimeter"]: r for r in rows if r["outcome_code"] == ADULTS and all(r[k] == v for k, v in at.items())}
    if not same.keys() >= {*words.PERIMETERS} or any(
        r[money.ASC[0]] is None or r[SHARE] is None for r in same.values()
    ):
        return None
    narrow, wide, camden = (
        (money.spending_figure(same[p], key, mart), figure(same[p], mart, key, SHARE, words.share))
        for p in words.PERIMETERS
    )
    return claim(
        kind,
        f"For adults of all ages{whose} the narrow figure is ",
        narrow[0],
        ", ",
        narrow[1],
        " of adult social care; with money meant to delay need, ",
        wide[0],
        ", ",
        wide[1],
        "; counting long-term care at home too, ",
        camden[0],
        ", ",
        camden[1],
        ".",
        **{k: now[k] for k in key if k not in ("outcome_code", "perimeter", "cost_view")},
    )
