"""Goals, which openai_codex 0.163.0 has in private only: the operations that a public form would have, made of its own parts.

Nothing here decides anything: starting, routing, folding the engine's turns into one and cancelling are the SDK's. A run that uses this is
marked with the note `private-goals`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openai_codex import AsyncThread, Thread, TurnResult
from openai_codex import client as sdk_client
from openai_codex._goal import _AsyncGoalNotificationStream, _GoalNotificationStream, _GoalOperationState
from openai_codex._run import _collect_async_turn_result, _collect_turn_result
from openai_codex.async_client import AsyncCodexClient
from openai_codex.client import CodexClient

NOTE = "private-goals"
DEFAULT_START_TIMEOUT_S = sdk_client._GOAL_START_TIMEOUT_S


@dataclass
class GoalHandle:
    _client: CodexClient
    _state: _GoalOperationState
    thread_id: str
    id: str

    def stream(self) -> _GoalNotificationStream:
        client, state = self._client, self._state
        return _GoalNotificationStream(
            state,
            lambda: client.next_goal_notification(state),
            lambda: client.unregister_goal_operation(state),
            lambda: client.cancel_goal_operation(state),
        )

    def run(self) -> TurnResult:
        return _collect_turn_result(self.stream(), turn_id=self.id)


@dataclass
class AsyncGoalHandle:
    _client: AsyncCodexClient
    _state: _GoalOperationState
    thread_id: str
    id: str

    def stream(self) -> _AsyncGoalNotificationStream:
        client, state = self._client, self._state
        return _AsyncGoalNotificationStream(
            state,
            lambda: client.next_goal_notification(state),
            lambda: client.unregister_goal_operation(state),
            lambda: client.cancel_goal_operation(state),
        )

    async def run(self) -> TurnResult:
        return await _collect_async_turn_result(self.stream(), turn_id=self.id)


def goal_operation(owner: Any, path: list[str]) -> Callable[..., Any] | None:
    """`start_goal(objective, start_timeout_ms)` or `run_goal(…)` of a thread; None for any other operation."""
    if path not in (["start_goal"], ["run_goal"]):
        return None
    runs = path == ["run_goal"]
    if isinstance(owner, Thread):
        return lambda **arguments: _start(owner, runs, **arguments)
    if isinstance(owner, AsyncThread):
        return lambda **arguments: _start_async(owner, runs, **arguments)
    return None


def _start(thread: Thread, runs: bool, objective: str, start_timeout_ms: int | None = None) -> Any:
    _set_start_timeout(start_timeout_ms)
    state, turn_id = thread._client.start_goal_operation(thread.id, objective)
    handle = GoalHandle(thread._client, state, thread.id, turn_id)
    return handle.run() if runs else handle


async def _start_async(thread: AsyncThread, runs: bool, objective: str, start_timeout_ms: int | None = None) -> Any:
    _set_start_timeout(start_timeout_ms)
    client = thread._codex._client
    state, turn_id = await client.start_goal_operation(thread.id, objective)
    handle = AsyncGoalHandle(client, state, thread.id, turn_id)
    return await handle.run() if runs else handle


def _set_start_timeout(milliseconds: int | None) -> None:
    # A constant of the module in 0.163.0; a driver performs one run at a time.
    sdk_client._GOAL_START_TIMEOUT_S = DEFAULT_START_TIMEOUT_S if milliseconds is None else milliseconds / 1000
