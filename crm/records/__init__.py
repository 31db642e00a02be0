"""What is kept about records: the action log, field history, attachments, encrypted fields, search terms."""
