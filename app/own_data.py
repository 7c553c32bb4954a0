"""What somebody asked about their own data, answered by an officer."""

from app.runtime import Runtime
from bot.conversation.messages import Bubble
from feedback.acts import Refusal
from feedback.rights import CloseRequest
from feedback.roles import Actor
from storage import rights
from storage.tx import Tx


async def close_data_request(runtime: Runtime, id: int, act: CloseRequest, actor: Actor) -> str | Refusal:
    """Keep the answer and tell the person, in one transaction. KeyError for a request of another unit."""

    def unit(tx: Tx) -> str | Refusal:
        outcome = rights.close(tx, id, act, actor, runtime.now())
        if isinstance(outcome, Refusal):
            return outcome
        account, answer = outcome
        told = runtime.wording("data.answered")
        runtime.ledger.write_to(tx, account, Bubble(text=f"{told}\n\n{answer}"), runtime.now())
        return answer

    return await runtime.store.write(unit)
