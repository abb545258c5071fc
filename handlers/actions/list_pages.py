"""The buttons under a list that lead to another page of it."""

from bot.runtime.tasks import BackgroundTasks
from handlers.actions.payload import Press, read_press
from handlers.commands.lists import TicketLists, read_list_page
from handlers.errors import answered, ephemeral
from handlers.types import Ack, Payload, Respond


class ListPageActions:
    """The message shows another page instead."""

    def __init__(self, lists: TicketLists, background: BackgroundTasks) -> None:
        self._lists = lists
        self._background = background

    async def turned(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """A button to another page was pressed."""
        await ack()
        turning = self._turn(read_press(body), respond)
        self._background.begin(answered(turning, ephemeral(respond)))

    async def _turn(self, press: Press, respond: Respond) -> None:
        message = await self._lists.show(press.user, read_list_page(press.value))
        await respond(**message, response_type="ephemeral", replace_original=True)
