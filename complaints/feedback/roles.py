"""What each role may do with feedback when the product is new; an administrator's later changes win."""

VIEW = ["feedback.view_feedback"]
GATHER = [*VIEW, "feedback.receive_feedback"]
SORT = [*GATHER, "feedback.make_feedback"]  # who looks at what comes into the inbox
ANSWER = [*VIEW, "feedback.answer_feedback", "feedback.send_back_feedback", "feedback.finish_promise"]
CARRY = [
    *SORT,
    *ANSWER,
    "feedback.take_as_feedback",
    "feedback.pass_on_feedback",
    "feedback.reply_at_once",
    "feedback.tell_answer",
    "feedback.turn_into_complaint",
    "feedback.send_feedback_link",
]
DEPARTMENTS = (
    "warehouse",
    "logistics",
    "quality",
    "production",
    "finance",
    "order_desk",
    "order_desk_manager",
    "department_manager",
    "hr",
)

GRANTS = {
    "reception": SORT,
    "counter": GATHER,
    "sales": CARRY,
    "sales_support": CARRY,
    "sales_manager": [*CARRY, "feedback.drop_feedback"],
    **dict.fromkeys(DEPARTMENTS, ANSWER),
    "executive": ANSWER,
    "supervisor": VIEW,
    "administrator": [*CARRY, "feedback.drop_feedback"],
}

REACH = {
    **{role: {"feedback.Feedback": "all"} for role in ("executive", "supervisor", "administrator")},
    **{role: {"feedback.Feedback": "own"} for role in ("reception", "counter", "sales", "sales_support")},
    "sales_manager": {"feedback.Feedback": "department"},
}
