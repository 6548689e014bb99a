"""引っ越しパック, by command."""

import pytest

from library.packs import writing
from models import Audit
from tests import factories, test_cli
from tests.test_cli import complaints

process = test_cli.process


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Scrypt takes a second each time; tests/library/files/test_age.py tries it."""
    age = writing.age
    monkeypatch.setattr(age, "lock_key", lambda secret, passphrase: f"{passphrase}\n{secret[::-1]}\n".encode())

    def unlock(locked, passphrase):
        word, secret = locked.decode().split()
        if word != passphrase:
            raise age.errors.PassphraseWrong()
        return secret[::-1]

    monkeypatch.setattr(age, "unlock_key", unlock)


def test_a_library_goes_out_as_an_encrypted_zip_and_is_checked(run, tmp_path):
    factories.patron()
    result = run(
        "export", "everything", str(tmp_path / "p.zip"), "--passphrase-stdin", input="suzukake-no-ki-no-shita\n"
    )
    assert result.exit_code == 0, result.output
    assert f"引っ越しパックを作りました: {tmp_path}/p.zip.age（" in result.stdout
    assert "利用者 1 / 書誌 0 / 所蔵 0 / 貸出中 0 / 延滞 0 / 予約 0" in result.stdout
    assert f"鍵: {tmp_path}/key.age" in result.stdout and "入っていないもの: 送ったメールの本文" in result.stdout
    assert Audit.get(Audit.action == "pack.made").details["encrypted"] is True
    check = run("export", "check", str(tmp_path / "p.zip.age"), "--passphrase-stdin", input="suzukake-no-ki-no-shita\n")
    assert check.exit_code == 0, check.output
    assert "利用者\t1\t1\n" in check.stdout and check.stdout.endswith("この引っ越しパックは、取り込めます。\n")
    wrong = run("export", "check", str(tmp_path / "p.zip.age"), "--passphrase-stdin", input="another-word-altogether\n")
    assert (wrong.exit_code, complaints(wrong)) == (1, ["合言葉が違うか、鍵のファイルが壊れています。"])


def test_without_a_passphrase_seven_words_are_drawn_and_shown_once(run, tmp_path):
    result = run("export", "everything", str(tmp_path / "p.zip"), input="\n\n")
    assert result.exit_code == 0, result.output
    words = result.stdout.rsplit("二度と表示しません）: ", 1)[1].strip()
    assert len(words.split("-")) == 7
    assert run("export", "check", str(tmp_path / "p.zip.age"), input=f"{words}\n").exit_code == 0


def test_a_short_passphrase_makes_nothing(run, tmp_path):
    result = run("export", "everything", str(tmp_path / "p.zip"), "--passphrase-stdin", input="short\n")
    assert result.exit_code == 1 and "16文字以上" in complaints(result)[0]
    assert not list(tmp_path.glob("*.zip*")) and not (tmp_path / "key.age").exists()


@pytest.mark.parametrize("words", [("pack",), ("p.zip", "--plain")])
def test_a_pack_without_encryption_says_what_it_leaves_out(run, tmp_path, words):
    result = run("export", "everything", str(tmp_path / words[0]), *words[1:])
    assert result.exit_code == 0, result.output
    assert "入っていないもの: 貸出履歴、本棚、新着資料のお知らせの条件、予約かご、レファレンスの質問" in result.stdout
    assert "鍵" not in result.stdout.replace("鍵と設定ファイル", "")


def test_a_folder_is_never_called_plain_and_a_pack_must_be_there(run, tmp_path):
    assert run("export", "everything", str(tmp_path / "pack"), "--plain").exit_code == 2
    result = run("export", "check", str(tmp_path / "none"))
    assert (result.exit_code, complaints(result)) == (1, [f"{tmp_path}/none はありません。"])


def test_a_library_with_people_takes_no_pack(run, tmp_path):
    factories.patron()
    assert run("export", "everything", str(tmp_path / "pack")).exit_code == 0
    result = run("import", "everything", str(tmp_path / "pack"))
    assert result.exit_code == 1
    assert "空ではありません" in complaints(result)[0] or "何もないデータベース" in complaints(result)[0]


def test_a_pack_comes_into_a_new_library(process, run, tmp_path):
    factories.patron()
    assert run("export", "everything", str(tmp_path / "pack")).exit_code == 0
    result = process("import", "everything", str(tmp_path / "pack"))
    assert result.returncode == 0, result.stderr
    assert "引っ越しパックを取り込みました: すずかけ市立図書館（" in result.stdout
    assert "利用者\t1\t1\n" in result.stdout and "メールは止めてあります。" in result.stdout
