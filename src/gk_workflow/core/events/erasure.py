"""Facts of keeping and erasing personal data (个人信息保护法47, 档案法); see the package for the rules they obey.

None of their texts is personal: they are written when the key that would seal them may be gone.
"""

from __future__ import annotations

from datetime import date

import msgspec

from gk_workflow.core.terms import ErasureGround, ErasureKind


class ErasureProposed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """限制处理、恢复处理 or 删除 is proposed; ``persons`` are "applicant", "party-1" and so on."""

    proposal: int
    kind: ErasureKind
    persons: tuple[str, ...]
    ground: ErasureGround
    legal_basis: str
    proposed_on: date


class ErasureDeclined(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The head did not agree."""

    proposal: int
    decided_on: date
    reason: str = ""


class PersonalDataRestricted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """限制处理 (个人信息保护法47(2)): kept, and shown to nobody."""

    proposal: int
    persons: tuple[str, ...]
    ground: ErasureGround
    legal_basis: str
    proposed_by: str
    approver: str
    decided_on: date


class RestrictionLifted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """恢复处理, for instance because a court wants the file."""

    proposal: int
    persons: tuple[str, ...]
    ground: ErasureGround
    legal_basis: str
    proposed_by: str
    approver: str
    decided_on: date


class PersonalDataShredded(msgspec.Struct, frozen=True, tag=True, gc=False):
    """删除 (个人信息保护法47(1)): the ``keys`` that seal the persons' texts are destroyed."""

    proposal: int
    persons: tuple[str, ...]
    keys: tuple[str, ...]
    ground: ErasureGround
    legal_basis: str
    proposed_by: str
    approver: str
    decided_on: date
