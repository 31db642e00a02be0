"""Log lines as JSON, each with the id of the request that wrote it."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

from crm.links.redact import redact_path

request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdFilter(logging.Filter):
    """Adds the request's id to the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time, level, logger, message, request id, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact_path(record.getMessage()),
        }
        if known := getattr(record, "request_id", ""):
            line["request_id"] = known
        if record.exc_info:
            line["traceback"] = redact_path(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
