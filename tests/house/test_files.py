"""Files of the tree: nothing of the machine it was written on, nothing without its licence."""

import re

from scripts import check_tree
from server import web_server

VENDOR = check_tree.ROOT / "static" / "vendor"


def test_no_file_names_a_machine_a_registry_or_a_stranger():
    assert not check_tree.findings()


def test_findings_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(check_tree, "ROOT", tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "broken.html").write_text("{% if %}")
    (tmp_path / "notes.txt").write_text("see https:" + "//packages.invalid/simple\ncd /ro" + "ot/project\n")
    (tmp_path / "big.png").write_bytes(bytes(check_tree.LARGEST + 1))
    found = "\n".join(check_tree.findings())
    assert "notes.txt:1: names the host packages.invalid" in found
    assert "notes.txt:2: names a folder" in found
    assert "big.png: larger than" in found
    assert "templates/broken.html:1:" in found


def test_a_setting_that_the_web_server_no_longer_has_is_found(monkeypatch):
    monkeypatch.setitem(web_server.SETTINGS, "of_yesterday", 1)
    assert check_tree.dropped_settings() == ["server/web_server.py: Unknown adjustment 'of_yesterday'"]


def test_the_project_has_its_licence():
    text = (check_tree.ROOT / "LICENSE").read_text()
    assert text.startswith("MIT License")
    assert "Madoguchi contributors" in text


def test_each_vendored_file_has_version_and_licence():
    scripts = sorted(VENDOR.glob("*.js"))
    assert scripts
    for script in scripts:
        name = re.fullmatch(r"([a-z]+-\d+\.\d+\.\d+)(?:\.min)?\.js", script.name)
        assert name, f"{script.name} does not tell its version"
        version = name[1].partition("-")[2]
        assert (VENDOR / f"{name[1]}.LICENSE.txt").stat().st_size > 200
        assert f'"{version}"' in script.read_text(encoding="utf-8")


def test_every_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (check_tree.ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert re.match(r"[A-Za-z0-9_.-]+(\[[a-z]+\])?==[0-9][\w.]*(; .+)?\Z", line), f"{name}: {line}"


def test_every_direct_dependency_has_its_reason():
    """Each package that we ask for stands in the decision record; what it brings along needs no reason of its own."""
    record = (check_tree.ROOT / "docs" / "adr" / "0002-dependencies.md").read_text(encoding="utf-8")
    for name in ("requirements.txt", "requirements-dev.txt"):
        asked_for = (check_tree.ROOT / name).read_text().partition("# brought along")[0]
        for package in re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[a-z]+\])?==", asked_for, re.M):
            assert f"| {package} |" in record, package


def test_nothing_of_a_running_library_is_tracked():
    names = {str(path.relative_to(check_tree.ROOT)) for path in check_tree.tracked()}
    assert not {name for name in names if name.startswith("instance/") or name.endswith((".sqlite3", ".eml", ".env"))}


def test_links_between_documents_lead_somewhere():
    dead = []
    for path in check_tree.tracked():
        if path.suffix == ".md":
            text = path.read_text(encoding="utf-8")
            targets = re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r'src="([^"]+)"', text)
            dead += [f"{path.name}: {to}" for to in targets if "://" not in to and not (path.parent / to).exists()]
    assert not dead, "\n".join(dead)
