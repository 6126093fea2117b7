"""Names of people, e-mail addresses and telephone numbers in documents: found, masked and counted.

Replies are signed by officers who did not choose to be published. What is masked is masked before anything is kept;
names are found by where they stand (a title before them, a greeting, a signature), so a name in the middle of a
sentence may stay. Whoever publishes a document looks at it first.
"""

import re
from collections import Counter

MASKS = {"email": "[e-mail address]", "telephone": "[telephone number]", "name": "[name]"}
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
# British numbers as people write them: +44 or 0, then nine or ten digits with spaces, hyphens or brackets between.
_TELEPHONE = re.compile(
    r"(?<![\d£.,])(?:\+44[\s().-]{0,3}(?:\(0\)[\s.-]?)?|\(?0)\d(?:[\s().-]{0,2}\d){8,9}(?![\d,.]\d)"
)
_WORD = r"(?:[A-Z][a-z]+(?:['’-][A-Z]?[a-z]+)*|[A-Z]\.?|(?:Mac|Mc|O['’])[A-Z][a-z]+)"
_FULL = rf"{_WORD}(?:[ \t]+(?:de|van|der|le|la|bin|al)\b)?(?:[ \t]+{_WORD}){{0,3}}"
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Cllr|Councillor|Sir|Dame|Prof|Professor)\.?[ \t]+({_FULL})")
_CLOSING = r"(?:Yours\s+(?:sincerely|faithfully|truly)|(?:Kind|Best|Warm)\s+regards|Regards|Signed)"
_SIGNED = re.compile(rf"{_CLOSING}[ \t]*[,:]?\s+({_FULL})(?=\s*(?:\n|$|,))")
_LABELS = r"Contact(?: officer)?|Officer|Name|Author|Prepared by|Responsible officer|FOI officer|From|Dear"
_LABEL = rf"\b(?:{_LABELS})[ \t]*[:,]?[ \t]+"
_LABELLED = re.compile(rf"{_LABEL}({_FULL})(?=[ \t]*(?:\n|$|[,;(]))")
# Words that begin like a name after “Dear” or “Name:” and are none.
_NO_NAMES = {"Sir", "Madam", "Applicant", "Requester", "Colleague", "Colleagues", "All", "Council", "Sirs", "Freedom"}


def masked(text: str) -> tuple[str, Counter]:
    """The text without what names or reaches a person, and how many of each kind were masked."""
    found: Counter = Counter()

    def hide(kind: str):
        def replace(match: re.Match) -> str:
            found[kind] += 1
            return MASKS[kind]

        return replace

    text = _EMAIL.sub(hide("email"), text)
    text = _TELEPHONE.sub(hide("telephone"), text)
    names = set()
    for pattern in (_TITLED, _SIGNED, _LABELLED):
        for match in pattern.finditer(text):
            name = match.group(1).strip()
            if name.split()[0] not in _NO_NAMES and "[" not in name:
                names.add(name)
    # A name found once is masked wherever it appears, the longest first.
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", hide("name"), text)
    return text, found


def in_words(found: Counter) -> str:
    """“2 names, 1 e-mail address”; “nothing” where none was found."""
    words = {"name": "name", "email": "e-mail address", "telephone": "telephone number"}
    parts = [
        f"{found[kind]} {word}{'es' if word.endswith('s') and found[kind] > 1 else 's' if found[kind] > 1 else ''}"
        for kind, word in words.items()
        if found[kind]
    ]
    return ", ".join(parts) or "nothing"
