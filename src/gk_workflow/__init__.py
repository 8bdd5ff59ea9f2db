"""Handles requests for government information by the law; this file names the version only."""

__version__ = "0.1.0"
