"""The embedded servers of a data folder."""

from crm.run.broker import Broker
from crm.run.folders import Folder
from crm.run.postgres import Postgres


def postgres_of(folder: Folder) -> Postgres:
    """The folder's database server, not started."""
    log = folder.log("postgres")
    return Postgres(folder.path, sockets=folder.sockets, log=log, user=folder.user, keep=folder.keep)


def broker_of(folder: Folder) -> Broker:
    """The folder's broker, not started."""
    log = folder.log("valkey")
    return Broker(folder.path, sockets=folder.sockets, log=log, user=folder.user, keep=folder.keep)
