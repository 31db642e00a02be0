"""What happens to files by itself."""

from crm.deadlines.periodic import periodic
from crm.records.attachments import remove_orphans

periodic("records.orphans")(remove_orphans)
