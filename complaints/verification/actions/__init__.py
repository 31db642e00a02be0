"""The life of a verification and of a scale; one file per subject, imported in the order of their buttons."""

# isort: off
from complaints.verification.actions.opening import open_verification
from complaints.verification.actions.quality import (
    record_test,
    take_sample,
    record_word,
    name_laboratory,
    record_certificate,
)
from complaints.verification.actions.weighing import (
    note_weighing,
    strike_weighing,
    state_scale,
    state_recount,
    explain_weight,
    report_weighings,
)
from complaints.verification.actions.signing import sign_verification, take_back_statement, drop_verification
from complaints.verification.actions.scales import (
    change_scale,
    enter_certificate,
    register_scale,
    reinstate_scale,
    retire_scale,
)

# isort: on

__all__ = [
    "change_scale",
    "drop_verification",
    "enter_certificate",
    "explain_weight",
    "name_laboratory",
    "note_weighing",
    "open_verification",
    "record_certificate",
    "record_test",
    "record_word",
    "register_scale",
    "reinstate_scale",
    "report_weighings",
    "retire_scale",
    "sign_verification",
    "state_recount",
    "state_scale",
    "strike_weighing",
    "take_back_statement",
    "take_sample",
]
