"""The published tables in object storage (or any folder that Arrow can write), as Parquet.

    <url>/publications/<publication_id>/parquet/<table>.parquet, datapackage.json, manifest.json
    <url>/published.json      the manifest of the newest, with `folder`: written last, and by one request

A reader who takes the folder from `published.json` and reads below it sees one publication, whatever is copied
meanwhile; the last five stay. A table that has not changed is copied within the storage and not sent again.
"""

import json

from pyarrow import fs

from orchestration.copying import Brought, CannotCopy, Published
from orchestration.publication import KEPT

POINTER = "published.json"
CHUNK = 1 << 22


def bring(published: Published, url: str) -> Brought:
    """Make the folder at `url` hold this publication. Raises CannotCopy where it cannot be reached or written."""
    # Keys may be in the address; they are nobody's to read.
    scheme, _, rest = url.split("?")[0].rpartition("://")
    place = f"{scheme}://{rest.rsplit('@', 1)[-1]}"
    try:
        files, root = fs.FileSystem.from_uri(url)
        return _bring(published, files, root.rstrip("/"), place)
    except (OSError, ValueError) as error:
        said = (str(error).splitlines() or ["no reason given"])[0].rstrip(".")
        raise CannotCopy(
            f"{place} cannot be used: {said}. What to do: see that the address is right and the bucket is there, and "
            "that this user may write in it; what was published there before stays."
        ) from None


def _bring(published: Published, files: fs.FileSystem, root: str, place: str) -> Brought:
    before = _pointer(files, root)
    had = {table["name"]: table["sha256"] for table in before.get("tables", [])}
    folder = f"publications/{published.publication_id}"
    if before.get("folder") == folder:
        return Brought(place, [], sorted(had), 0)
    target = f"{root}/{folder}"
    files.create_dir(f"{target}/parquet", recursive=True)
    sent, kept = [], []
    for name, checksum in published.checksums.items():
        file = f"parquet/{name}.parquet"
        if had.get(name) == checksum:
            files.copy_file(f"{root}/{before['folder']}/{file}", f"{target}/{file}")
            kept.append(name)
        else:
            _send(published, files, file, f"{target}/{file}")
            sent.append(name)
    for file in ("datapackage.json", "manifest.json"):
        _send(published, files, file, f"{target}/{file}")
    with files.open_output_stream(f"{root}/{POINTER}") as stream:
        stream.write(json.dumps({"folder": folder} | published.manifest, ensure_ascii=False, indent=1).encode())
    _prune(files, root, folder)
    return Brought(place, sent, kept, sum(published.rows[name] for name in sent))


def _pointer(files: fs.FileSystem, root: str) -> dict:
    if files.get_file_info(f"{root}/{POINTER}").type != fs.FileType.File:
        return {}
    with files.open_input_stream(f"{root}/{POINTER}") as stream:
        return json.loads(stream.read())


def _send(published: Published, files: fs.FileSystem, file: str, target: str) -> None:
    with (published.folder / file).open("rb") as source, files.open_output_stream(target) as stream:
        while chunk := source.read(CHUNK):
            stream.write(chunk)


def _prune(files: fs.FileSystem, root: str, newest: str) -> None:
    """Keep the last five, and the one in use."""
    found = files.get_file_info(fs.FileSelector(f"{root}/publications"))
    folders = sorted(info.path for info in found if info.type == fs.FileType.Directory)
    for path in folders[:-KEPT]:
        if not path.endswith(newest):
            files.delete_dir(path)
