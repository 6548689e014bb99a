"""Settings: environment over file over default; what can't be served with is refused by name; the table in docs is
true.
"""

import re

import pytest

from scripts.check_tree import ROOT, product
from settings import config, folders, settings_file

TABLE = ROOT / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    for name in config.SETTINGS:
        monkeypatch.delenv(f"MADOGUCHI_{name}", raising=False)
    monkeypatch.setenv("MADOGUCHI_INSTANCE", str(tmp_path))


def rows():
    """name → (default, meaning) of the table in docs/settings.md."""
    lines = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", TABLE.read_text(encoding="utf-8"), re.M)
    return {name: (default, meaning) for name, default, meaning in lines}


def shown(name, setting):
    if name == "INSTANCE":
        return "`instance`"
    if isinstance(setting.default, bool):
        return "`true`" if setting.default else "`false`"
    return f"`{setting.default}`" if setting.default != "" else ""


def test_the_table_of_settings_is_the_one_in_the_program():
    assert rows() == {name: (shown(name, each), each.meaning) for name, each in config.SETTINGS.items()}


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(monkeypatch, tmp_path):
    assert config.load()["LIBRARY_NAME"] == "図書館"
    (tmp_path / "config.toml").write_text('LIBRARY_NAME = "ファイル図書館"\nPORT = 8400\n', encoding="utf-8")
    assert config.load()["LIBRARY_NAME"] == "ファイル図書館"
    monkeypatch.setenv("MADOGUCHI_LIBRARY_NAME", "環境図書館")
    settings = config.load()
    assert settings["LIBRARY_NAME"] == "環境図書館"
    assert settings["PORT"] == 8400


def test_the_public_address_follows_host_and_port_unless_it_is_given(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_PORT", "8401")
    assert config.load()["PUBLIC_URL"] == "http://127.0.0.1:8401"
    monkeypatch.setenv("MADOGUCHI_PUBLIC_URL", "https://library.example.jp/")
    assert config.load()["PUBLIC_URL"] == "https://library.example.jp"


WRONG = [
    ("PORT", "0"), ("PORT", "65536"), ("PORT", "eight"), ("PORT", ""), ("PORT", "80.5"),
    ("THREADS", "0"), ("THREADS", "65"), ("MAIL_PORT", "-1"), ("MAIL_TIMEOUT", "0"), ("NOTICE_HOUR", "24"),
    ("TRUSTED_PROXIES", "11"), ("TRUSTED_PROXIES", "yes"), ("MAIL_USE_TLS", "maybe"), ("JOBS", "2"),
    ("TIMEZONE", "Asia/Suzukake"), ("TIMEZONE", "../etc/passwd"), ("TIMEZONE", ""),
    ("PUBLIC_URL", "library.example.jp"), ("PUBLIC_URL", "ftp://library.example.jp"), ("PUBLIC_URL", "https://"),
    ("PUBLIC_URL", "https://library.example.jp/opac"),
    ("MAINTENANCE", "4-5"), ("MAINTENANCE", "04:00-04:00"), ("MAINTENANCE", "24:00-05:00"), ("MAINTENANCE", "04:00"),
    ("CROSS_SEARCH_URL", "https://search.example.jp/"), ("CROSS_SEARCH_URL", "https://search.example.jp/?q={q}&r={q}"),
    ("CROSS_SEARCH_URL", "https://{q}.example.jp/"), ("CROSS_SEARCH_URL", "javascript:alert({q})"),
     ("CROSS_SEARCH_URL", "search.example.jp/?q={q}"),
    ("CROSS_SEARCH_URL", "https://search.example.jp/?q={q} x"),
     ("CROSS_SEARCH_URL", "https://search.example.jp/?{p}={q}"),
    ("COVERS_URL", "http://covers.example.jp/{isbn13}.jpg"), ("COVERS_URL", "https://covers.example.jp/"),
     ("COVERS_URL", "https://{isbn13}.example.jp/"),
    ("COVERS_URL", "https://covers.example.jp/{isbn}.jpg"),
     ("COVERS_URL", "https://covers.example.jp/{isbn13}/{isbn13}"),
    ("COVERS_URL", "https://@covers.example.jp/{isbn13}"), ("COVERS_URL", "https://covers.example.jp/#{isbn13}"),
    ("MAIL_SENDER", "library"), ("MAIL_SENDER", "a@example.jp\nBcc: b@example.jp"), ("MAIL_SENDER", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_by_name(name, value, monkeypatch):
    monkeypatch.setenv(f"MADOGUCHI_{name}", value)
    with pytest.raises(settings_file.WrongSetting, match=name) as refused:
        config.load()
    assert value in str(refused.value)


@pytest.mark.parametrize("value", ["", "https://search.example.jp/?q={q}", "http://search.example.jp/all/{q}/",
    "https://search.example.jp/#!q={q}"])  # fmt: skip
def test_the_words_of_a_search_have_a_place_in_the_address_of_another(value, monkeypatch):
    monkeypatch.setenv("MADOGUCHI_CROSS_SEARCH_URL", value)
    assert config.load()["CROSS_SEARCH_URL"] == value


@pytest.mark.parametrize("value", ["https://covers.example.jp/{isbn13}.jpg",
    "https://covers.example.jp:8443/?isbn={isbn13}&size=m"])  # fmt: skip
def test_covers_come_with_whose_they_are(value, monkeypatch):
    monkeypatch.setenv("MADOGUCHI_COVERS_URL", value)
    with pytest.raises(settings_file.WrongSetting, match="COVERS_CREDIT"):
        config.load()
    monkeypatch.setenv("MADOGUCHI_COVERS_CREDIT", "ある書影のデータベース")
    assert config.load()["COVERS_URL"] == value
    monkeypatch.setenv("MADOGUCHI_COVERS_URL", "")
    with pytest.raises(settings_file.WrongSetting, match="COVERS_URL"):
        config.load()


def test_two_kinds_of_tls_at_once_are_refused(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_MAIL_USE_TLS", "1")
    monkeypatch.setenv("MADOGUCHI_MAIL_USE_SSL", "1")
    with pytest.raises(settings_file.WrongSetting, match="MAIL_USE_TLS"):
        config.load()


@pytest.mark.parametrize(
    ("text", "named"), [("PROT = 8000", "PROT"), ("PORT = ", "config.toml"), ("PORT = []", "PORT")]
)
def test_a_wrong_file_is_refused_with_its_path(text, named, tmp_path):
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(settings_file.WrongSetting, match=r"config\.toml") as refused:
        config.load()
    assert named in str(refused.value)


FAULTS = {
    'LIBRARY_NAME = "図書館"\nPORT = 8000\n# 二台目\n\nPORT = 8100\n': "の5行目: PORT が二つあります（はじめは2行目）。",
    'LIBRARY_NAME = "図書館"\nMAIL_PASSWORD = hunter2\n': "の2行目: MAIL_PASSWORD の値を読めません。",
    'LIBRARY_NAME = "図書館\n': "の1行目: LIBRARY_NAME の値を読めません。",
    "PORT = 8000\nここから下はメール\n": "の2行目を読めません。設定は、1行に一つ、",
    '[maps.a]\ntitle = "題"\n[maps.b]\ntitle = "題"\n[maps.a]\ntitle = "題"\n': "の5行目: [maps.a] が二つあります（はじめは1行目）。",
    "\n\nPROT = 8000\n": "の3行目: PROT という設定はありません（PORT ではありませんか）。",
    "\nZZZ = 8000\n": "の2行目: ZZZ という設定はありません。",
    'HOST = "127.0.0.1"\nPORT = 80000\n': "の2行目: PORT の値「80000」は使えません。1から65535までの数で書いてください。",
    "PORT = 8000.5\n": "の1行目: PORT の値「8000.5」は使えません。",
    "PORT = true\n": "の1行目: PORT の値「True」は使えません。",
    'JOBS = "たぶん"\n': "の1行目: JOBS の値「たぶん」は使えません。true か false で書いてください。",
    'MAIL_PASSWORD = ["hunter2"]\n': 'の1行目: MAIL_PASSWORD の値は、文字を "…" で囲んで書いてください。',
    '\nTIMEZONE = "Asia/Suzukake"\n': "の2行目: TIMEZONE の値「Asia/Suzukake」という時間帯はありません。",
    'PORT = 8000\nMETRICS_ALLOW = "どこでも"\n': "の2行目: METRICS_ALLOW の値「どこでも」は",
    'COVERS_URL = "https://covers.example.jp/{isbn13}.jpg"\n': "の1行目: COVERS_URL と COVERS_CREDIT は、",
    "MAIL_USE_TLS = true\nMAIL_USE_SSL = true\n": "の2行目: MAIL_USE_SSL と MAIL_USE_TLS は、",
    'PORT = 8000\n[maps.a]\ntitle = "題"\nLIBRARY_NAME = "図書館"\n': "の2行目: [maps.a] より下に、設定 LIBRARY_NAME があります。",
    "PORT = 8000\n[holdings.952]\nbarcode = 1\n": "の2行目: [holdings.952] は、",
}


@pytest.mark.parametrize(("text", "said"), FAULTS.items())
def test_a_fault_in_the_file_names_its_line_and_tells_no_password(text, said, tmp_path):
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(settings_file.WrongSetting) as refused:
        config.load()
    assert f"{tmp_path / 'config.toml'} {said}" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_value_that_the_environment_sets_is_not_looked_for_in_the_file(monkeypatch, tmp_path):
    (tmp_path / "config.toml").write_text('TIMEZONE = "Asia/Tokyo"\n', encoding="utf-8")
    monkeypatch.setenv("MADOGUCHI_TIMEZONE", "Asia/Suzukake")
    with pytest.raises(settings_file.WrongSetting, match=r"^環境変数 MADOGUCHI_TIMEZONE の値「Asia/Suzukake」"):
        config.load()


def test_a_variable_that_is_no_setting_is_refused_with_the_nearest_one(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_LIBARY_NAME", "すずかけ市立図書館")
    said = r"環境変数 MADOGUCHI_LIBARY_NAME という設定はありません（LIBRARY_NAME ではありませんか）。"
    with pytest.raises(settings_file.WrongSetting, match=said):
        config.load()


def test_variables_of_the_programs_around_are_no_settings(monkeypatch):
    for name in config.OTHER_VARIABLES:
        monkeypatch.setenv(f"MADOGUCHI_{name}", "")
    config.load()
    sources = [*product(), *ROOT.glob("deploy/*")]
    named = {
        name
        for file in sources
        if file.is_file()
        for name in re.findall(r"MADOGUCHI_([A-Z_]*[A-Z])", file.read_text(encoding="utf-8"))
    }
    assert named <= config.OTHER_VARIABLES | set(config.SETTINGS)


def test_the_file_says_where_marc_has_its_copies(tmp_path):
    assert config.load()["HOLDINGS"] == {}
    (tmp_path / "config.toml").write_text('[holdings.952]\nbarcode = "p"\nbranch = "b"\ncall_number = "ok"\n')
    assert config.load()["HOLDINGS"] == {"952": {"barcode": "p", "branch": "b", "call_number": "ok"}}


@pytest.mark.parametrize(
    "text",
    ["holdings = 1", "[holdings]\n952 = 1", '[holdings.952]\nbarcode = "p"',
     '[holdings.952]\nbarcode = "p"\nbranch = ""',
     '[holdings.952]\nbarcode = "p"\nbranch = "b"\nroom = "c"'],
)  # fmt: skip
def test_copies_that_can_not_be_found_so_are_refused(text, tmp_path):
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(settings_file.WrongSetting, match=r"\[holdings"):
        config.load()


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "config.toml").write_bytes('LIBRARY_NAME = "図書館"'.encode("cp932"))
    with pytest.raises(settings_file.WrongSetting, match=r"config\.toml の1行目を読めません。ファイルを UTF-8 で"):
        config.load()


@pytest.mark.parametrize("text", ["1", "true", "YES", "on"])
def test_yes_is_understood_in_several_spellings(text, monkeypatch):
    monkeypatch.setenv("MADOGUCHI_MAIL_USE_TLS", text)
    assert config.load()["MAIL_USE_TLS"] is True


def test_the_folder_of_the_library_is_its_owners_alone(tmp_path):
    folder = tmp_path / "deep" / "instance"
    folders.prepare_instance(config.load(INSTANCE=str(folder)))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_can_not_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(settings_file.WrongSetting, match="MADOGUCHI_INSTANCE"):
        folders.prepare_instance(config.load(INSTANCE=str(tmp_path / "file" / "instance")))


def test_two_installations_have_different_keys_that_only_the_owner_can_read(tmp_path):
    first = folders.stored_token(tmp_path / "one")
    assert len(first) >= 32
    assert first != folders.stored_token(tmp_path / "two")
    assert first == folders.stored_token(tmp_path / "one")
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o600
