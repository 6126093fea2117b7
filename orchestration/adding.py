"""Files that nobody catalogued: recognised, written down where there is no doubt, named where there is."""

import hashlib
import json
import logging
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from ingest import catalogue, land
from ingest.book import KNOWN_ENDINGS
from ingest.edition import Edition
from ingest.learning import record
from ingest.limits import MOST_PACKING, MOST_PARTS, MOST_UNPACKED_BYTES
from ingest.recognise import Recognised, recognise
from orchestration.home import Home

UNPACKED, NOTE = "unpacked", "unplaced.json"
TOTAL_OF_CARE = "360"
log = logging.getLogger("prevention")


class Unpackable(Exception):
    """An archive that is not taken apart, and why."""


@dataclass(frozen=True)
class Unplaced:
    """A file lying in a folder of the refresh that could not be placed: what it seems to be, and what to do.

    `path` is given from that folder on.
    """

    path: str
    sha256: str
    why: str
    near: str

    def __str__(self) -> str:
        near = f" Nearest series: {self.near}." if self.near else ""
        return f"not placed: {self.path}: {self.why}{near} Nothing of it was used; run `prevention add` on it"


def place_new_files(home: Home, folders: Sequence[Path]) -> list[Unplaced]:
    """Recognise the files in the folders that the catalogue does not account for, before they are looked for.

    One that its reader takes without a question is written into the catalogue of the landing folder, as not reviewed.
    Every other is noted, for the last lines of the refresh and for `status`, and nothing of it is used.
    """
    faults = [fault for folder in folders for fault in _unpack_all(home, folder)]
    before = {one.sha256: one for one in noted(home)}
    left = []
    for path in land.unplaced(dict.fromkeys([*folders, home.landing]), catalogue.of_landing(home.landing)):
        digest = land.sha256_of(path)
        if path.suffix.lower() == ".zip":
            continue
        found = None if digest in before else recognise(path, catalogue.of_landing(home.landing))
        if found is not None and found.is_sure:
            names = ", ".join(entry["release_id"] for entry in record(home.landing, found))
            log.info("recognised %s as %s (%s)", path.name, names, found.edition)
        else:
            place = _from_folder(path, [*folders, home.landing])
            left.append(replace(before[digest], path=place) if found is None else _unplaced(found, place))
    left = [*faults, *{one.sha256: one for one in left}.values()]
    if left or (home.landing / NOTE).exists():
        text = json.dumps([vars(one) for one in left], indent=1, ensure_ascii=False)
        land.write_text_atomically(home.landing / NOTE, text)
    return left


def noted(home: Home) -> list[Unplaced]:
    """The files that the last refresh could not place."""
    note = home.landing / NOTE
    return [Unplaced(**one) for one in json.loads(note.read_text(encoding="utf-8"))] if note.exists() else []


def _from_folder(path: Path, folders: Sequence[Path]) -> str:
    """A path as seen from the folder it lies below."""
    return str(next(path.relative_to(folder) for folder in folders if path.is_relative_to(folder)))


def _unplaced(found: Recognised, path: str) -> Unplaced:
    if found.release is None:
        why = "; ".join(found.notes) or "it is no table of a series that is known here"
        return Unplaced(path, found.sha256, f"{why}.", "; ".join(found.near))
    more = f" ({len(found.questions)} questions)" if len(found.questions) > 1 else ""
    title = found.release.source.title
    return Unplaced(
        path,
        found.sha256,
        f"it seems to be {found.release.release_id}, but: {found.questions[0].text}{more}",
        title,
    )


def _unpack_all(home: Home, folder: Path) -> Iterator[Unplaced]:
    for archive in land.files_of(folder):
        if archive.suffix.lower() == ".zip":
            try:
                unpack(archive, home)
            except Unpackable as error:
                yield Unplaced(_from_folder(archive, [folder]), land.sha256_of(archive), str(error), "")


def unpack(archive: Path, home: Home) -> Path:
    """The tables of an archive below the landing folder; what it holds besides is left where it is.

    Raises Unpackable for what is damaged, encrypted or larger than any publication.
    """
    target = home.landing / UNPACKED / f"{archive.stem}-{land.sha256_of(archive)[:8]}"
    if target.exists():
        return target
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [one for one in opened.infolist() if Path(one.filename).suffix.lower() in KNOWN_ENDINGS]
            size, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
            if len(members) > MOST_PARTS or size > MOST_UNPACKED_BYTES or size > MOST_PACKING * max(packed, 1):
                raise Unpackable("the archive would unpack to more than any publication holds.")
            for number, one in enumerate(members):
                # Names inside an archive may lead anywhere: only the last part is kept, in a folder of its own.
                place = partial / str(number) / Path(one.filename.replace("\\", "/")).name
                place.parent.mkdir(parents=True)
                with opened.open(one) as source, place.open("wb") as stream:
                    shutil.copyfileobj(source, stream)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise Unpackable(f"the archive cannot be unpacked ({error}).") from error
    partial.mkdir(parents=True, exist_ok=True)
    partial.replace(target)
    return target


def put_into_landing(found: Recognised, home: Home) -> Path:
    """Copy a recognised file into the landing folder, unless its content lies there; beside another of its name."""
    lying = next((p for p in land.files_of(home.landing) if land.sha256_of(p) == found.sha256), None)
    if lying is not None:
        return lying
    target = home.landing / found.path.name
    if target.exists():
        target = home.landing / hashlib.sha256(found.sha256.encode()).hexdigest()[:8] / found.path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(found.path, target.with_name(f".{target.name}.partial"))
    target.with_name(f".{target.name}.partial").replace(target)
    return target


def differences(found: Recognised, home: Home) -> list[str]:
    """How the figures differ from the edition in use of the same release, else from the year before, in words."""
    if found.parsed is None or "finance_cells" not in found.parsed.frames:
        return []
    other, words = _to_compare(found, home)
    if other is None:
        return []
    held = pq.read_table(home.raw / "finance_cells" / f"{land.safe_name(other.release_id)}.parquet").to_pandas()
    new = pd.DataFrame(found.parsed.frames["finance_cells"])
    lines = [f"compared with {words}:"]
    was, now = _totals(held), _totals(new)
    lines.append(
        f"  total adult social care: {now.notna().sum()} authorities have a figure, {was.notna().sum()} had; "
        f"together £{now.sum():,.0f} thousand, it was £{was.sum():,.0f} thousand"
    )
    lines_held, lines_new = set(held["line_code"]), set(new["line_code"])
    gone, came = sorted(lines_held - lines_new), sorted(lines_new - lines_held)
    lines.append(f"  lines that are new: {', '.join(came) or 'none'}; no longer there: {', '.join(gone) or 'none'}")
    if other.release.release_id == found.placed.release_id:
        both = _by_cell(held).to_frame("was").join(_by_cell(new).to_frame("now"), how="outer")
        changed = both[both.was.notna() & both.now.notna() & (both.was != both.now)]
        filled = both[both.was.isna() & both.now.notna()]
        lines.append(f"  {len(changed):,} figures differ, {len(filled):,} are new where there was none")
    return lines


def _to_compare(found: Recognised, home: Home) -> tuple[Edition | None, str]:
    release = found.placed
    held = [e for e in land.editions(home.landing) if land.receipt_of(e, home.raw) and e.sha256 != found.sha256]
    same = [e for e in held if e.release.release_id == release.release_id]
    if same:
        return same[-1], f"the edition in use ({same[-1].label}, {same[-1].published_on or 'undated'})"
    years = [
        e
        for e in held
        if e.release.source.name == release.source.name
        and e.release.layout.get("form") == release.layout.get("form")
        and (e.release.financial_year or "") < (release.financial_year or "")
    ]
    last = max(years, key=lambda e: (e.release.financial_year, e.order), default=None)
    return last, f"{last.release.financial_year}, the last year held" if last else ""


def _totals(frame: pd.DataFrame) -> pd.Series:
    rows = frame[(frame.line_code == TOTAL_OF_CARE) & ~frame.is_control & (frame.measure == "net_current_expenditure")]
    return pd.to_numeric(rows.amount_thousand_gbp)


def _by_cell(frame: pd.DataFrame) -> pd.Series:
    keyed = frame[~frame.is_control].drop_duplicates(["body_code", "line_code", "measure"])
    return pd.to_numeric(keyed.set_index(["body_code", "line_code", "measure"]).amount_thousand_gbp)
