"""The blueprint of 利用者情報変更."""

from flask import Blueprint

bp = Blueprint("profile", __name__)
