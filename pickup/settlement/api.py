"""Statements and invoice memos in REST."""

from crm.api.resources import Resource
from pickup.settlement import lists, serializers

STATEMENTS = Resource(lists.STATEMENTS, serializers.StatementSerializer, select=("order",), prefetch=("lines",))
MEMOS = Resource(lists.MEMOS, serializers.MemoSerializer, select=("order", "statement"), prefetch=("lines", "issued"))
