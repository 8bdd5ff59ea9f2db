"""The life of a case that everything here is measured with: opened, then nine commands; it measures nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.terms import ApplicantKind, Channel, Outcome, Role, ServiceMethod, Stamp

AGENCY = "zhichu"
WANTED = "2025年度只楚路道路改造工程的中标通知书、施工合同及竣工验收报告"
REASONS = "申请公开的信息属于应当公开的政府信息，本机关予以公开。"
NOW = datetime(2026, 3, 31, 1, tzinfo=UTC)
TODAY = date(2026, 3, 31)

SUBMITTED = date(2026, 3, 2)
RECEIVED = date(2026, 3, 3)
REVIEWED = date(2026, 3, 4)
EXTENDED = date(2026, 3, 24)
DRAFTED = date(2026, 3, 25)
APPROVED = date(2026, 3, 26)
SERVED = date(2026, 3, 27)
DELIVERED = date(2026, 3, 30)

CLERK = Stamp(NOW, "zhangsan", Role.CLERK, "党政办公室", AGENCY)
HANDLER = Stamp(NOW, "zhaoliu", Role.CLERK, "城建办公室", AGENCY)
REVIEWER = Stamp(NOW, "wangwu", Role.REVIEWER, "司法所", AGENCY)
HEAD = Stamp(NOW, "liuzhuren", Role.HEAD, "分管领导", AGENCY)

ACTORS = (CLERK, HANDLER, REVIEWER, HEAD)

Step = tuple[c.Command, Stamp]

LIFE: tuple[Step, ...] = (
    (
        c.OpenCase(
            agency=AGENCY,
            channel=Channel.ONLINE,
            applicant=e.Applicant(ApplicantKind.NATURAL_PERSON, "李四", "0535-6000000"),
            wanted=WANTED,
            submitted_on=SUBMITTED,
        ),
        CLERK,
    ),
    (c.ConfirmReceipt(RECEIVED), CLERK),
    (c.Accept(RECEIVED), CLERK),
    (c.Assign(HANDLER.unit, HANDLER.actor), CLERK),
    (c.PassReview(REVIEWED, "不涉及国家秘密"), REVIEWER),
    (c.ExtendReply(10, EXTENDED, EXTENDED, "涉及多个年度，需要查找"), HEAD),
    (
        c.SubmitDraft(
            e.ReplyContent(
                Outcome.GRANTED, reasons=REASONS, legal_basis="条例36", provided="中标通知书"
            ),
            DRAFTED,
        ),
        HANDLER,
    ),
    (c.ApproveReply(APPROVED), HEAD),
    (c.ServeReply(ServiceMethod.POST, SERVED, "EMS 1234567890"), CLERK),
    (c.RecordDelivery(DELIVERED, "李四"), CLERK),
)
"""Every command has one event: a case lived to its end has ten."""
