"""Bytes and headers to values and back, and whatever goes wrong as a problem; it knows no case."""
