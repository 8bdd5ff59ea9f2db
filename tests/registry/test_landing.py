"""Answers land in the event loop that asked, all that came together at one wake-up."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from gk_workflow.registry import landed


@pytest.mark.anyio
async def test_each_waiter_gets_its_own_answer_whatever_the_order() -> None:
    futures: list[Future[int]] = [Future() for _ in range(100)]
    waiters = [asyncio.ensure_future(landed(future)) for future in futures]
    await asyncio.sleep(0)

    def answer() -> None:
        for n, future in reversed(list(enumerate(futures))):
            future.set_result(n)

    with ThreadPoolExecutor(1) as writer:
        writer.submit(answer).result()
    assert await asyncio.gather(*waiters) == list(range(100))


@pytest.mark.anyio
async def test_an_answer_that_was_there_before_is_not_waited_for() -> None:
    future: Future[str] = Future()
    future.set_result("there")
    assert await landed(future) == "there"


@pytest.mark.anyio
async def test_an_error_reaches_the_one_who_asked() -> None:
    future: Future[str] = Future()
    future.set_exception(ValueError("no"))
    with pytest.raises(ValueError, match="no"):
        await landed(future)


@pytest.mark.anyio
async def test_a_cancelled_command_is_a_cancelled_wait() -> None:
    future: Future[str] = Future()
    waiter = asyncio.ensure_future(landed(future))
    await asyncio.sleep(0)
    future.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter


@pytest.mark.anyio
async def test_who_gives_up_waiting_does_not_disturb_the_others() -> None:
    future: Future[str] = Future()
    gone = asyncio.ensure_future(landed(future))
    stays = asyncio.ensure_future(landed(future))
    await asyncio.sleep(0)
    gone.cancel()
    future.set_result("done")
    assert await stays == "done"
    assert gone.cancelled()


def test_an_answer_after_the_loop_has_closed_is_let_fall() -> None:
    future: Future[str] = Future()

    async def ask_and_leave() -> None:
        asyncio.ensure_future(landed(future)).cancel()
        waiter = asyncio.ensure_future(landed(future))
        await asyncio.sleep(0)
        waiter.cancel()

    asyncio.run(ask_and_leave())
    future.set_result("late")
    assert future.result() == "late"
