"""Order meetings with agenda, minutes and tasks; help asked of departments; orders handled jointly (JD 5.1, 3.2)."""

from orders.coordination.models.help import HelpRequest, JointHandling
from orders.coordination.models.meeting import AgendaItem, MeetingTask, OrderMeeting

__all__ = ["AgendaItem", "HelpRequest", "JointHandling", "MeetingTask", "OrderMeeting"]
