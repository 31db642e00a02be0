"""The type of a request that got through: its caller is a person, with a token where he came with one."""

from typing import TYPE_CHECKING

from rest_framework.request import Request

if TYPE_CHECKING:
    from crm.accounts.models import User
    from crm.api.models import ApiToken

    class Call(Request):
        """What the framework hands to a view once its caller is known."""

        user: User
        auth: ApiToken | None
else:
    Call = Request
