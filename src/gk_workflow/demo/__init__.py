"""The real year: turns a published annual report into whole case lives; it never touches an office's own log."""

from __future__ import annotations

from gk_workflow.demo.comparison import Cell, Comparison
from gk_workflow.demo.opening import OtherContent, simulated_now
from gk_workflow.demo.parts import Contradiction, parts_of
from gk_workflow.demo.people import simulated_keys
from gk_workflow.demo.planning import BeyondCalendar, plan
from gk_workflow.demo.report import Report, ReportError, load_report
from gk_workflow.demo.running import DEFAULT_SEED, Demo, live_through, run_demo

__all__ = [
    "DEFAULT_SEED",
    "BeyondCalendar",
    "Cell",
    "Comparison",
    "Contradiction",
    "Demo",
    "OtherContent",
    "Report",
    "ReportError",
    "live_through",
    "load_report",
    "parts_of",
    "plan",
    "run_demo",
    "simulated_keys",
    "simulated_now",
]
