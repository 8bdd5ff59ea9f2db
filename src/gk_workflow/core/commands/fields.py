"""The bounded field types of commands: what may be stated at all, before any rule of law."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Text = Annotated[str, Meta(min_length=1, max_length=4000, pattern=r"\S")]  # no blank reasons
MaybeText = Annotated[str, Meta(max_length=4000)]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
MaybeName = Annotated[str, Meta(max_length=200)]
AgencyCode = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Workdays = Annotated[int, Meta(ge=1, le=250)]
Number = Annotated[int, Meta(ge=1, le=10_000)]
Quantity = Annotated[int, Meta(ge=1, le=1_000_000)]
