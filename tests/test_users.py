"""Who may use the page: hashes, the file, the environment, and where the page may listen."""

import json
import stat
from pathlib import Path

import pytest

import rag.users
from index.errors import SettingsError
from rag.settings import Settings
from rag.users import Users, check_address, hash_password, is_loopback, matches, users_of
from tests.conftest import Run


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make hashes of little work; the real cost has a test of its own."""
    monkeypatch.setattr(rag.users, "_N", 2**4)


@pytest.fixture
def users(tmp_path: Path) -> Users:
    made = Users(tmp_path / "data" / "users.txt")
    made.add("ada", "correct horse")
    return made


def test_the_cost_is_what_the_docstring_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    made = hash_password("correct horse")
    assert made.startswith("scrypt$32768$8$3$")
    assert matches("correct horse", made)
    assert not matches("correct horsE", made)
    assert made != hash_password("correct horse")


def test_only_the_right_password_of_the_right_user_is_let_in(users: Users) -> None:
    users.add("bob", "battery staple")
    assert users.verify("ada", "correct horse")
    for name, password in (
        ("ada", "battery staple"), ("ada", ""), ("ada", "correct horse "), ("Ada", "correct horse"), ("", ""),
        ("nobody", "correct horse"), ("ada", "x" * 10_000), ("ada\nbob", "correct horse"), ("ada", "\ud800"),
        ("\0", "\0"),
    ):  # fmt: skip
        assert not users.verify(name, password), (name, password)


def test_an_unknown_name_costs_what_a_known_one_does(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[tuple[int, int, int]] = []
    real = rag.users._scrypt
    monkeypatch.setattr(
        rag.users, "_scrypt", lambda password, salt, *cost: (costs.append(cost), real(password, salt, *cost))[1]
    )
    monkeypatch.setattr(rag.users, "_N", 2**15)
    users.add("bob", "battery staple")
    users.verify("bob", "wrong password")
    users.verify("nobody", "wrong password")
    assert costs == [(2**15, 8, 3)] * 3


def test_passwords_are_the_same_however_their_letters_are_composed(users: Users) -> None:
    users.add("zoë", "caf\u00e9-caf\u00e9")
    assert users.verify("zoe\u0308", "cafe\u0301-cafe\u0301")


def test_the_file_is_private_and_holds_no_password(users: Users) -> None:
    text = users.file.read_text("utf-8")
    assert stat.S_IMODE(users.file.stat().st_mode) == 0o600
    assert "horse" not in text
    users.add("ada", "another one")
    assert users.names == ("ada",)
    assert not users.verify("ada", "correct horse")
    users.remove("ada")
    assert not users
    with pytest.raises(SettingsError, match=r"users\.txt: no user 'ada'\. There are: none\."):
        users.remove("ada")


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("a:b", "long enough", "'a:b': no name for a user"),
        ("a b", "long enough", "no name"),
        ("", "long enough", "no name"),
        ("a\nb", "long enough", "no name"),
        ("x" * 65, "long enough", "no name"),
        ("ada", "short", "8 to 1,000 characters; this one has 5"),
        ("ada", "x" * 1_001, "this one has 1,001"),
    ],
)
def test_what_can_be_no_user_is_refused(users: Users, name: str, password: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        users.add(name, password)
    assert users.names == ("ada",)


@pytest.mark.parametrize(
    "line",
    ["ada", "ada:", "ada:correct horse", "ada:scrypt$3$8$3$AAAAAAAAAAAAAAAAAAAAAA==$x", ":x", "ada:scrypt$0$8$3$a$b"],
)
def test_a_file_that_is_no_list_of_users_lets_nobody_in(users: Users, line: str) -> None:
    good = users.file.read_text("utf-8")
    users.file.write_text(f"# users\n\n{good}{line}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"users\.txt:4: no user"):
        users.verify("ada", "correct horse")
    with pytest.raises(SettingsError, match="no user"):
        bool(users)
    users.file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="cannot be read"):
        bool(users)


def test_a_hash_that_would_stop_the_server_is_refused(users: Users) -> None:
    salt, made = users.file.read_text("utf-8").strip().split("$")[-2:]
    for cost in ("1048576$8$1", "16$8$99", "16$0$1", "15$8$1"):
        users.file.write_text(f"ada:scrypt${cost}${salt}${made}\n", "utf-8")
        with pytest.raises(SettingsError, match="no user"):
            bool(users)


def test_users_of_the_environment_go_before_those_of_the_file(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_USERS", f"ada:{hash_password('from outside')} eve:{hash_password('eve as well')}")
    settings = Settings.load(data=users.file.parent)
    found = users_of(settings)
    assert found.names == ("ada", "eve")
    assert found.verify("ada", "from outside")
    assert not found.verify("ada", "correct horse")
    assert "scrypt" not in repr(settings)
    monkeypatch.setenv("PULLQUOTE_USERS_FILE", str(users.file.with_name("none.txt")))
    monkeypatch.delenv("PULLQUOTE_USERS")
    assert not users_of(Settings.load(data=users.file.parent))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST.", "::1", "[::1]"])
def test_this_machine_alone_needs_no_users(host: str, tmp_path: Path) -> None:
    check_address(host, Users(tmp_path / "none.txt"))


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.4", "", "example.org", "localhost.example.org", "127.1"],  # noqa: S104
)
def test_a_page_without_users_does_not_listen_wider(host: str, users: Users, tmp_path: Path, run: Run) -> None:
    assert not is_loopback(host)
    with pytest.raises(SettingsError, match="nobody is asked for a password"):
        check_address(host, Users(tmp_path / "none.txt"))
    check_address(host, users)
    code, out, err = run("serve", "--host", host, "--data", tmp_path / "empty", "--port", "0")
    assert (code, out) == (1, "")
    assert err.startswith(f"error: {host}: others could reach the page")
    assert "pullquote users add NAME" in err


def test_the_command_adds_lists_and_removes(run: Run) -> None:
    code, out, err = run("users", "--data", "d")
    assert (code, out) == (0, "")
    assert err.startswith("No users")
    code, out, err = run("users", "add", "ada", "--data", "d", stdin="correct horse\nmore\n")
    assert (code, out, err) == (0, "ada may use the page: d/users.txt\n", "")
    assert "has a new password" in run("users", "--data", "d", "add", "ada", stdin="another one\n")[1]
    assert Users(Path("d/users.txt")).verify("ada", "another one")
    assert json.loads(run("users", "list", "--data", "d", "--json")[1]) == ["ada"]
    assert run("users", "--data", "d")[1] == "ada\n"
    assert run("users", "add", "bob", "--data", "d", stdin="")[0] == 1
    assert run("users", "remove", "ada", "--data", "d")[0] == 0
    code, _, err = run("users", "remove", "ada", "--data", "d")
    assert (code, err) == (1, "error: d/users.txt: no user 'ada'. There are: none.\n")


def test_a_password_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    from rag.users import commands

    answers = iter(["correct horse", "correct house", "correct horse", "correct horse"])
    monkeypatch.setattr(commands, "_asked", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    code, _, err = run("users", "add", "ada", "--data", "d")
    assert (code, err) == (1, "error: The two are not the same. Nothing was changed.\n")
    assert run("users", "add", "ada", "--data", "d")[0] == 0
