"""Two invented members of staff, so that the desk can be tried."""

from datetime import datetime

from models import Staff

PASSWORD = "suzukake-desk-demo"  # noqa: S105 (printed at every start: it guards nothing)
ACCOUNTS = (("madoguchi", "desk", "窓口の職員"), ("kanri", "admin", "管理の職員"))


def write(*, now: datetime, password_hash: str) -> None:
    for login, role, _ in ACCOUNTS:
        Staff.create(login=login, role=role, password_hash=password_hash, must_change_password=False, created_at=now)
