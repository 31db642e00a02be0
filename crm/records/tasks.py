"""What happens to files and request keys by itself."""

from datetime import time

from crm.deadlines.periodic import periodic
from crm.records.attachments import remove_orphans
from crm.records.retention import forget_requests

periodic("records.orphans")(remove_orphans)
periodic("records.forget", at=time(3, 20))(forget_requests)
