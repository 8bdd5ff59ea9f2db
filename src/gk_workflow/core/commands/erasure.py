"""Commands about keeping and erasing personal data; two persons decide, one proposes and one approves."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from gk_workflow.core.commands.fields import MaybeText, Number, Text
from gk_workflow.core.terms import ErasureGround, ErasureKind

PersonCode = Annotated[str, Meta(pattern=r"^(applicant|party-[1-9][0-9]{0,3})$")]


class ProposeErasure(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """提出限制处理、恢复处理或者删除 (个人信息保护法47); no ``persons`` means everybody of the case."""

    kind: ErasureKind
    ground: ErasureGround
    legal_basis: Text
    persons: Annotated[tuple[PersonCode, ...], Meta(max_length=200)] = ()


class DecideErasure(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Approve or decline a proposal; never by the person who made it."""

    proposal: Number
    approve: bool
    reason: MaybeText = ""
