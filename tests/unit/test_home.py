"""A home that was copied or restored is put right or refused in words; what is not for publication is closed."""

import json

import pytest

from orchestration.home import Home, UnusableHome, keep_private, put_right, sql_text


@pytest.fixture
def home(tmp_path):
    """A home with one kept publication that `published` leads to."""
    home = Home(tmp_path / "o'home")
    kept = home.publications / "one"
    kept.mkdir(parents=True)
    (kept / "manifest.json").write_text(json.dumps({"publication_id": "one"}))
    home.published.symlink_to("publications/one")
    return home


def copied(home: Home) -> Home:
    """The home as a copy that follows links leaves it: `published` is a folder."""
    home.published.unlink()
    home.published.mkdir()
    (home.published / "manifest.json").write_text(json.dumps({"publication_id": "one", "copied": True}))
    return home


def test_a_home_as_it_should_be_is_left_alone(home):
    assert put_right(home) is None
    assert home.published_id() == "one"


def test_a_copied_folder_becomes_the_link_again(home):
    copied(home)
    assert home.published_id() == "one"
    assert "is the link to publication one again" in put_right(home)
    assert home.published.is_symlink()
    assert home.published_id() == "one"
    assert [path.name for path in home.publications.iterdir()] == ["one"]
    assert "copied" not in json.loads((home.published / "manifest.json").read_text())


def test_a_copied_folder_without_its_publication_becomes_the_publication(home):
    (home.publications / "one" / "manifest.json").unlink()
    (home.publications / "one").rmdir()
    put_right(copied(home))
    assert json.loads((home.publications / "one" / "manifest.json").read_text())["copied"]
    assert home.published_id() == "one"


@pytest.mark.parametrize("kind", ["a folder", "a file"])
def test_anything_else_in_its_place_is_refused_in_words_and_left_there(home, kind):
    home.published.unlink()
    if kind == "a folder":
        home.published.mkdir()
    else:
        home.published.write_text("mine")
    with pytest.raises(UnusableHome, match=f"{kind} and no publication.*move it away"):
        put_right(home)
    assert home.published.exists()


def test_a_link_that_leads_nowhere_is_no_publication(home):
    home.published.unlink()
    home.published.symlink_to("publications/gone")
    assert home.published_id() is None


def test_a_path_that_would_be_a_pattern_is_refused(tmp_path):
    with pytest.raises(UnusableHome, match="choose another"):
        put_right(Home(tmp_path / "home [old]"))


def test_an_apostrophe_is_doubled_in_sql(home):
    assert sql_text(home.raw).endswith("o''home/raw'")


def test_raw_rows_are_for_the_owner_alone_and_landing_for_its_group(home):
    home.landing.mkdir(mode=0o777)
    home.landing.chmod(0o777)
    keep_private(home)
    modes = {name: (home.root / name).stat().st_mode & 0o777 for name in ("raw", "candidates", "refused", "landing")}
    assert modes["landing"] == 0o770
    assert {modes[name] & 0o077 for name in ("raw", "candidates", "refused")} == {0}
