"""What the outbox's verbs and records mean for the roles."""

GRANTS = {
    "everyone": ["outbox.read_notices", "outbox.record_call", "outbox.resend_message"],
    "administrator": [
        "outbox.view_message",
        *(f"outbox.{verb}_messagetemplate" for verb in ("add", "change", "view", "delete")),
    ],
}
REACH = {"administrator": {"outbox.Message": "all"}}
