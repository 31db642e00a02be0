"""The roles that come with the product, the system's own users, and what each app gives them by default.

An app says in its own `roles.py` what its verbs and records mean for them:

    GRANTS = {"sales": ["customers.create_customer", "customers.view_customer"]}  # role: permissions
    REACH = {"sales": {"customers.Customer": "department"}}  # role: model: own, department or all
    SYSTEM_USERS = {"pickup": SystemUser("提货", "Pickup")}  # as whom the app's consequences act
    SYSTEM_GRANTS = {"links": ["orders.confirm_order"]}  # system user: permissions
    WAITS = {"sales": sentence_for}  # role: f(user) says what waits for him, for the demonstration's sign-in page

Defaults are given once (crm.accounts.sync); what an administrator changes afterwards stays. A company adds roles of its
own as plain groups.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    """A role: its key (the name of its group), its name and what its people do."""

    key: str
    label: Any
    description: Any


@dataclass(frozen=True)
class SystemUser:
    """An actor that is no person; `name` is Chinese, as users' names are."""

    name: str
    name_en: str


EVERYONE = "everyone"  # each employee has it without being put into it

ROLES: dict[str, Role] = {
    role.key: role
    for role in (
        Role(EVERYONE, _("Everyone"), _("What each employee may do, whatever else he is.")),
        Role("reception", _("Reception"), _("Takes calls and visitors, records inquiries and passes them on.")),
        Role("sales", _("Sales"), _("Looks after customers and carries their orders through.")),
        Role("sales_support", _("Sales support"), _("Prepares applications, contracts and papers for sales.")),
        Role("sales_manager", _("Sales manager"), _("Leads sales, decides on prices, credit and contracts.")),
        Role("order_desk", _("Order desk"), _("Receives, allocates and closes orders.")),
        Role("order_desk_manager", _("Order desk manager"), _("Leads the order desk and overrides allocations.")),
        Role("counter", _("Pickup counter"), _("Hands goods over to customers who collect.")),
        Role("warehouse", _("Warehouse keeper"), _("Checks, reserves and prepares stock.")),
        Role("finance", _("Finance"), _("Enters payments, checks invoices, watches credit.")),
        Role("quality", _("Quality"), _("Tests goods and judges quality complaints.")),
        Role("production", _("Production"), _("Says what can be made, and by when.")),
        Role("logistics", _("Logistics"), _("Plans storage, vehicles and loading.")),
        Role("department_manager", _("Department manager"), _("Approves what the department's people submit.")),
        Role("executive", _("Executive"), _("Decides what goes beyond a department.")),
        Role("hr", _("Human resources"), _("Keeps absences, appraisals and training.")),
        Role("supervisor", _("Supervisor"), _("Inspects how the procedures are kept.")),
        Role("administrator", _("Administrator"), _("Manages users, roles, rules and settings.")),
    )
}

SYSTEM_USERS: dict[str, SystemUser] = {
    "clock": SystemUser("定时任务", "Clock"),
    "links": SystemUser("客户链接", "Customer links"),
    "import": SystemUser("数据导入", "Import"),
    "web": SystemUser("网站", "Website"),
    "demo": SystemUser("演示", "Demonstration"),
}


def label_of(name: str) -> str:
    """The name of a role in the reader's language; a company's own role is called as the company called it."""
    return str(ROLES[name].label) if name in ROLES else name


# What the verbs and records of this app mean for the roles.
GRANTS: dict[str, Sequence[str]] = {
    EVERYONE: [
        "accounts.report_absence",
        "accounts.end_absence",
        "accounts.change_profile",
        "accounts.end_session",
        "accounts.create_token",
        "accounts.revoke_token",
    ],
    "hr": ["accounts.view_user", "accounts.view_absence", "accounts.change_absence"],
    "supervisor": ["accounts.view_user"],
    "administrator": [
        "accounts.invite_user",
        "accounts.deactivate_user",
        "accounts.reactivate_user",
        *(f"accounts.{verb}_user" for verb in ("add", "change", "view")),
        *(f"accounts.{verb}_department" for verb in ("add", "change", "view", "delete")),
        *(f"accounts.{verb}_absence" for verb in ("change", "view")),
        *(f"accounts.{verb}_role" for verb in ("add", "change", "view", "delete")),
        *(f"accounts.{verb}_usersession" for verb in ("change", "view")),
        *(f"api.{verb}_apitoken" for verb in ("change", "view")),
    ],
}


@dataclass
class Defaults:
    """What all apps together give: grants and reaches by role, system users, their grants, and what waits."""

    grants: dict[str, set[str]] = field(default_factory=dict)
    reach: dict[str, dict[str, str]] = field(default_factory=dict)
    system_users: dict[str, SystemUser] = field(default_factory=lambda: dict(SYSTEM_USERS))
    system_grants: dict[str, set[str]] = field(default_factory=dict)
    waits: dict[str, Callable[[Any], str]] = field(default_factory=dict)

    def add(self, module: Any) -> None:
        """Add what one app's module declares. Raises ValueError for a role or system user that nobody declared."""
        grants: dict[str, Sequence[str]] = getattr(module, "GRANTS", {})
        reach: dict[str, Mapping[str, str]] = getattr(module, "REACH", {})
        system_grants: dict[str, Sequence[str]] = getattr(module, "SYSTEM_GRANTS", {})
        waits: dict[str, Callable[[Any], str]] = getattr(module, "WAITS", {})
        self.system_users |= getattr(module, "SYSTEM_USERS", {})
        for known, named in ((ROLES, [*grants, *reach, *waits]), (self.system_users, system_grants)):
            if unknown := sorted(set(named) - set(known)):
                raise ValueError(f"{module.__name__} names {', '.join(unknown)}, which nobody declared.")
        for role, names in grants.items():
            self.grants.setdefault(role, set()).update(names)
        for role, widths in reach.items():
            self.reach.setdefault(role, {}).update(widths)
        for user, names in system_grants.items():
            self.system_grants.setdefault(user, set()).update(names)
        for role, ask in waits.items():
            self.waits[role] = _both(self.waits[role], ask) if role in self.waits else ask


def _both(one: Callable[[Any], str], other: Callable[[Any], str]) -> Callable[[Any], str]:
    """What waits in two apps, one below the other."""
    return lambda user: "\n".join(filter(None, (one(user), other(user))))


def defaults() -> Defaults:
    """The defaults of all installed apps, read from their `roles.py`."""
    found = Defaults()
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, "roles"):
            found.add(import_module(f"{config.name}.roles"))
    return found
