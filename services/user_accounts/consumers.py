"""Messages in: the accounts hear no facts, they answer the questions of this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.questions import Answer, AnswerQuestion
from contracts.names import QUESTION_RESOLVE_KEY, QUESTION_SESSION_IS_LIVE
from user_accounts.handlers.api_keys import resolve_key
from user_accounts.handlers.sessions import session_is_live
from user_accounts.ports import Deps


def answers(deps: Deps) -> dict[str, AnswerQuestion]:
    """One table: question → what answers it."""

    def whose_key(asked: Mapping[str, Any]) -> Answer:
        account = resolve_key(deps, str(asked["key_id"]), str(asked["secret"]))
        if account is None:
            return {}
        return {"account_id": account.account_id, "name": account.name, "is_operator": account.is_operator}

    def is_session_live(asked: Mapping[str, Any]) -> Answer:
        return {"live": session_is_live(deps, str(asked["session_id"]))}

    return {QUESTION_RESOLVE_KEY: whose_key, QUESTION_SESSION_IS_LIVE: is_session_live}
