"""What an end of a PostgreSQL leaves behind does not keep the next one from starting."""

import pytest

from inventory_site.keeper import _served_by


@pytest.mark.parametrize("text", [None, "", "\n", "no number\n", "999999999\n/data\n"])
def test_a_file_that_names_nobody_is_of_nobody(tmp_path, text):
    if text is not None:
        (tmp_path / "postmaster.pid").write_text(text)
    assert _served_by(tmp_path) is None


@pytest.mark.parametrize(
    ("words", "ours"),
    [
        (("/bin/postgres", "-D", "{}", "-k", "/run"), True),
        (("/bin/postgres", "-D", "/other/postgres"), False),
        (("vi", "{}/postgresql.conf"), False),
    ],
)
def test_a_number_that_is_another_s_by_now_is_not_waited_for(tmp_path, words, ours):
    """Of a PostgreSQL on other data, say, or of a program that has the word among its own."""
    (tmp_path / "postmaster.pid").write_text(f"77\n{tmp_path}\n")
    (tmp_path / "77").mkdir()
    told = "\0".join(word.format(tmp_path) for word in words)
    (tmp_path / "77" / "cmdline").write_text(f"{told}\0")
    assert _served_by(tmp_path, processes=tmp_path) == (77 if ours else None)
