"""Who answers feedback, and who looks after it where it is said of one of our people."""

from complaints.feedback.models import Feedback
from crm.accounts.models import Department, User
from crm.accounts.standing import belongs_to, holders, stands_for


def manager_for(owner: User, staff: User | None) -> User:
    """Who looks after what is said of one of our people: the head of the department, never the one it is about.

    Where nobody above is left it is another who manages feedback, for neither he nor his own people read it.
    """
    department = owner.department
    above = [department.head if department else None, owner.manager]
    if department is not None and department.parent is not None:
        above.append(department.parent.head)
    found = next((each for each in above if each is not None and each.is_active and each != staff), None)
    if found is not None or staff is None:
        return found or owner
    return holders("feedback.drop_feedback").exclude(pk=staff.pk).order_by("pk").first() or owner


def answers_for(department: Department, staff: User | None) -> User | None:
    """Who answers by himself what is said of one of our people: the head of the department, or who is above him."""
    parent = department.parent.head if department.parent else None
    above = [department.head, department.head.manager if department.head else None, parent]
    return next((each for each in above if each is not None and each.is_active and each != staff), None)


def may_answer(feedback: Feedback, by: User) -> bool:
    """Whether somebody answers for the department that has it."""
    if feedback.addressee_id is not None:
        return feedback.addressee_id in stands_for(by)
    return feedback.concerned is not None and belongs_to(by, feedback.concerned)
