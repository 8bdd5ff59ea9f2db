"""An Idempotency-Key: one effect, and the first answer again."""

from __future__ import annotations

from uuid import UUID, uuid4

import msgspec
import pytest

from gk_workflow.core import commands as c
from gk_workflow.core.decide import Refused
from gk_workflow.registry import Handled, IdempotencyKeyReused, Registry, UnreadableEvent
from gk_workflow.registry.rows import command_stream
from tests.registry.office import (
    CLERK,
    CLERK_TOO,
    TODAY,
    another,
    assignment,
    opened,
    opening,
    write_lock,
)


def again(answer: Handled) -> Handled:
    return msgspec.structs.replace(answer, repeated=True)


def test_the_same_key_gives_the_first_answer_again(registry: Registry) -> None:
    case_id = opened(registry).case_id
    first = registry.handle(case_id, assignment("城建科"), CLERK, idempotency_key="k")
    registry.handle(case_id, assignment("财政所"), CLERK)
    end = registry.last_position()
    repeated = registry.handle(case_id, assignment("城建科"), CLERK, idempotency_key="k")
    assert repeated == again(first)
    assert registry.last_position() == end


def test_a_repeated_opening_leads_to_the_first_case(registry: Registry) -> None:
    first = registry.handle(uuid4(), opening(), CLERK, idempotency_key="k")
    assert registry.handle(uuid4(), opening(), CLERK, idempotency_key="k") == again(first)
    assert registry.case_ids() == [first.case_id]


def test_a_repeated_split_opens_no_more_cases(registry: Registry) -> None:
    case_id = opened(registry).case_id
    command = c.SplitCase(TODAY, "甲", ("乙", "丙"))
    first = registry.handle(case_id, command, CLERK, idempotency_key="k")
    assert registry.handle(case_id, command, CLERK, idempotency_key="k") == again(first)
    assert len(registry.case_ids()) == 3


def test_a_repeated_command_does_not_mind_its_old_version(registry: Registry) -> None:
    start = opened(registry)
    first = registry.handle(
        start.case_id, assignment("城建科"), CLERK, expected=start.version, idempotency_key="k"
    )
    repeated = registry.handle(
        start.case_id, assignment("城建科"), CLERK, expected=start.version, idempotency_key="k"
    )
    assert repeated == again(first)


def test_the_key_may_not_stand_for_another_wish(registry: Registry) -> None:
    case_id = opened(registry).case_id
    registry.handle(case_id, assignment("城建科"), CLERK, idempotency_key="k")
    with pytest.raises(IdempotencyKeyReused):
        registry.handle(case_id, assignment("财政所"), CLERK, idempotency_key="k")
    with pytest.raises(IdempotencyKeyReused):
        registry.handle(opened(registry).case_id, assignment("城建科"), CLERK, idempotency_key="k")


def test_every_person_has_keys_of_his_own(registry: Registry) -> None:
    case_id = opened(registry).case_id
    registry.handle(case_id, assignment("城建科"), CLERK, idempotency_key="k")
    other = registry.handle(case_id, assignment("财政所"), CLERK_TOO, idempotency_key="k")
    assert not other.repeated


def test_names_and_keys_never_run_into_each_other(registry: Registry) -> None:
    case_id = opened(registry).case_id
    one = msgspec.structs.replace(CLERK, actor='a"|')
    other = msgspec.structs.replace(CLERK, actor="a")
    registry.handle(case_id, assignment("城建科"), one, idempotency_key="k")
    answer = registry.handle(case_id, assignment("财政所"), other, idempotency_key='"||k')
    assert not answer.repeated


def test_a_refused_command_does_not_use_up_its_key(registry: Registry) -> None:
    case_id = opened(registry).case_id
    with pytest.raises(Refused):
        registry.handle(case_id, c.Archive(TODAY), CLERK, idempotency_key="k")
    answer = registry.handle(case_id, assignment("城建科"), CLERK, idempotency_key="k")
    assert not answer.repeated


def test_equal_keys_within_one_transaction_have_one_effect(registry: Registry) -> None:
    case_id = opened(registry).case_id
    with write_lock(registry.file):
        waiting = [
            registry.submit(case_id, assignment("城建科"), CLERK, idempotency_key="k")
            for _ in range(20)
        ]
    answers = [future.result() for future in waiting]
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 19
    assert {answer.version for answer in answers} == {3}
    assert len(registry.history(case_id)) == 3


def test_keys_outlive_the_process(registry: Registry) -> None:
    case_id = opened(registry).case_id
    first = registry.handle(case_id, assignment("城建科"), CLERK, idempotency_key="k")
    with another(registry) as other:
        repeated = other.handle(case_id, assignment("城建科"), CLERK, idempotency_key="k")
    assert repeated == again(first)
    assert isinstance(repeated.case_id, UUID)


def test_a_case_in_a_key_s_place_is_reported(registry: Registry) -> None:
    registry.handle(command_stream(CLERK.actor, "k"), opening(), CLERK)
    with pytest.raises(UnreadableEvent):
        registry.handle(uuid4(), opening(), CLERK, idempotency_key="k")
