"""The blueprint that the pages of people, offices and the roster share."""

from flask import Blueprint

bp = Blueprint("people", __name__)
