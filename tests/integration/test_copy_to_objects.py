"""The publication in object storage: a real S3-compatible server on the loopback, and a plain folder."""

import json
import threading
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from pyarrow import fs

from ingest.land import sha256_of
from orchestration import copy_to_objects
from orchestration.cli import main
from orchestration.copying import CannotCopy, Published
from orchestration.publication import KEPT

TABLES = ("dim_council", "fct_allocation", "mart_prevention_spend")


@pytest.fixture(scope="module")
def s3() -> str:
    """Address of an empty bucket on a server of this machine."""
    boto3 = pytest.importorskip("boto3")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "eu-west-2"}
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys)
    client.create_bucket(Bucket="prevention", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    yield f"s3://test:test@prevention/england?region=eu-west-2&scheme=http&endpoint_override={host}%3A{port}"
    server.stop()


def written(folder: Path, number: int, changed: tuple[str, ...] = TABLES, earlier: Published | None = None):
    """A publication whose `changed` tables say its number; the others are those of `earlier`."""
    (folder / "parquet").mkdir(parents=True)
    tables = []
    for name in TABLES:
        file = folder / "parquet" / f"{name}.parquet"
        if name in changed:
            pq.write_table(pa.table({"number": [number] * 3}), file)
        else:
            file.write_bytes((earlier.folder / "parquet" / file.name).read_bytes())
        tables.append({"name": name, "rows": 3, "sha256": sha256_of(file)})
    manifest = {"publication_id": f"p{number:04d}", "tables": tables}
    for name in ("manifest.json", "datapackage.json"):
        (folder / name).write_text(json.dumps(manifest), encoding="utf-8")
    return Published(folder, manifest)


def seen(url: str) -> tuple[str, dict[str, int]]:
    """What a reader finds who follows the pointer: the publication, and the number each table says."""
    files, root = fs.FileSystem.from_uri(url)
    with files.open_input_stream(f"{root}/published.json") as stream:
        pointer = json.loads(stream.read())
    folder = f"{root}/{pointer['folder']}"
    with files.open_input_stream(f"{folder}/manifest.json") as stream:
        assert json.loads(stream.read())["publication_id"] == pointer["publication_id"]
    numbers = {
        table["name"]: pq.read_table(f"{folder}/parquet/{table['name']}.parquet", filesystem=files)["number"][0].as_py()
        for table in pointer["tables"]
    }
    return pointer["publication_id"], numbers


def sent_and_seen(url: str, folder: Path) -> None:
    first = written(folder / "1", 1)
    assert sorted(copy_to_objects.bring(first, url).sent) == sorted(TABLES)
    assert seen(url) == ("p0001", dict.fromkeys(TABLES, 1))
    assert copy_to_objects.bring(first, url).sent == []
    second = written(folder / "2", 2, ("fct_allocation",), first)
    brought = copy_to_objects.bring(second, url)
    assert (brought.sent, sorted(brought.kept), brought.rows) == (["fct_allocation"], [TABLES[0], TABLES[2]], 3)
    assert seen(url) == ("p0002", {"dim_council": 1, "fct_allocation": 2, "mart_prevention_spend": 1})
    for number in range(3, 3 + KEPT):
        copy_to_objects.bring(written(folder / str(number), number), url)
    files, root = fs.FileSystem.from_uri(url)
    kept = [info.base_name for info in files.get_file_info(fs.FileSelector(f"{root}/publications"))]
    assert sorted(kept) == [f"p{number:04d}" for number in range(3, 3 + KEPT)]
    # One put back stays although it is older than the five last.
    copy_to_objects.bring(first, url)
    assert seen(url)[0] == "p0001"


def test_an_s3_server_holds_what_was_published(s3, tmp_path):
    sent_and_seen(s3, tmp_path)


def test_a_folder_holds_what_was_published(tmp_path):
    sent_and_seen(f"file://{tmp_path}/objects", tmp_path)


def test_readers_of_s3_meet_no_mixture(s3, tmp_path):
    url = s3.replace("england", "asked")
    copy_to_objects.bring(written(tmp_path / "1", 1), url)
    stop, found, wrong = threading.Event(), set(), []

    def ask():
        while not stop.is_set():
            name, numbers = seen(url)
            found.add(name)
            if set(numbers.values()) != {int(name.removeprefix("p"))}:
                wrong.append((name, numbers))

    readers = [threading.Thread(target=ask) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(2, 5):
        copy_to_objects.bring(written(tmp_path / str(number), number), url)
        while f"p{number:04d}" not in found and any(reader.is_alive() for reader in readers):
            stop.wait(0.01)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == [] and len(found) >= 4


def test_a_copy_cut_short_changes_nothing_for_readers(tmp_path):
    url = f"file://{tmp_path}/objects"
    copy_to_objects.bring(written(tmp_path / "1", 1), url)
    broken = written(tmp_path / "2", 2)
    (broken.folder / "parquet" / f"{TABLES[-1]}.parquet").unlink()
    with pytest.raises(CannotCopy, match="stays"):
        copy_to_objects.bring(broken, url)
    assert seen(url) == ("p0001", dict.fromkeys(TABLES, 1))
    # Copied again whole, it is there: what was left half-way is written over.
    copy_to_objects.bring(replace(broken, folder=written(tmp_path / "again", 2).folder), url)
    assert seen(url) == ("p0002", dict.fromkeys(TABLES, 2))


def test_refusals_are_in_words_and_keep_keys_to_themselves(s3, tmp_path):
    first = written(tmp_path / "1", 1)
    with pytest.raises(CannotCopy, match=r"^s3://nobody/england cannot be used: .*the bucket is there") as refused:
        copy_to_objects.bring(first, s3.replace("@prevention", "@nobody").replace("test:test", "test:hush"))
    assert "hush" not in str(refused.value)
    with pytest.raises(CannotCopy, match="elsewhere://x cannot be used"):
        copy_to_objects.bring(first, "elsewhere://x")


def test_the_command_without_a_publication_says_so(tmp_path):
    said = CliRunner().invoke(main, ["publish", "--home", str(tmp_path), "--to", f"file://{tmp_path}/objects"])
    assert said.exit_code == 2 and "Run `prevention refresh` first" in said.stderr
