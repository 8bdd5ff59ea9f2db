"""Benchmarks in ratios against the stock way of doing it, in one run on one machine; never a test."""
