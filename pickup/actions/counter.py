"""At the counter: the code is looked up, person and goods are checked, both sign, the goods leave (ZT 3.4, 3.5)."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import clock
from crm.accounts.models import User
from crm.accounts.system import system_user
from crm.actions import action
from crm.links.making import end_links
from crm.outbox import queue
from crm.records.attachments import attach, attach_all
from crm.records.numbers import next_number
from crm.refusals import Refused
from crm.statements import Statement, insert_keyed
from customers.models import Customer
from orders.actions import note_collection
from orders.credit import goods_within_limit
from orders.leaving import note_moved
from pickup import forms, goods
from pickup.models import CODE_DIGITS, LINK_PURPOSE, PHOTO, Authority, Pickup, Record, Scan
from pickup.stock import ledger
from pickup.verdict import Verdict, due, know, verdict

S = Pickup.Status
SALES = Statement(
    lambda owner, other: (
        User.objects.working()
        .filter(pk__in=[owner, other])
        .order_by("pk")
        .only("username", "name", "name_en", "language", "mail_notices")
    )
)
HERE = {S.PLANNED, S.NOTIFIED, S.CONFIRMED, S.ARRIVED, S.MISSED}


@action(Pickup, label=gettext_lazy("He is here"), source={S.PLANNED, S.NOTIFIED, S.CONFIRMED}, target=S.ARRIVED)
def arrive(pickup: Pickup, *, by: User) -> None:
    """Note that the customer has come to the counter (ZT 3.4)."""
    pickup.arrived_at = clock.now()


def scan(typed: str, *, by: User) -> tuple[Pickup | None, Verdict | None, Scan]:
    """Look a code up at the counter; what was typed and the verdict are kept, refused ones too."""
    code = "".join(character for character in typed if character.isalnum())[:40]
    pickup = (
        Pickup.objects.visible_to(by)
        .select_related("order", "customer", "window", "owner", "contact")
        .filter(code=code)
        .first()
    )
    found = verdict(pickup) if pickup else None
    row = Scan.objects.create(
        clerk=by,
        typed=code if len(code) <= CODE_DIGITS else f"…{code[-4:]}",  # it may be an ID number in the wrong field
        pickup=pickup,
        colour=found.colour if found else "red",
        code=(found.obstacles[0].code if found.obstacles else "") if found else "unknown",
    )
    return pickup, found, row


def _refused(pickup: Pickup, by: User) -> Refused | None:
    stops = verdict(pickup).stops
    return Refused(stops[0].code, stops[0].sentence, stops[0].remedy) if stops else None


def _refused_for_good(pickup: Pickup, by: User) -> Refused | None:
    stops = verdict(pickup).stops
    for stop in stops:
        if stop.final:
            return Refused(stop.code, stop.sentence, stop.remedy)
    if not stops and not _expired(pickup):
        return Refused("nothing_to_override", _("Nothing stands in the way; hand over as usual."))
    return None


def _expired(pickup: Pickup) -> bool:
    """Whether a letter of authority that may be shown for this pickup holds no more; the verdict cannot know which."""
    return any(not each.holds_on(clock.today()) for each in forms.authorities_of(pickup))


@action(
    Pickup,
    label=gettext_lazy("Hand over"),
    source=HERE | {S.HANDED_OVER, S.CANCELLED, S.REVERSED},  # the verdict says more of those than "wrong state"
    target=S.HANDED_OVER,
    form=forms.HandOverForm,
    unless=_refused,
)
def hand_over(pickup: Pickup, *, by: User, **handover: Any) -> Record:
    """Check person and voucher, count the goods together, let both sign, and hand over (ZT 3.4, 3.5)."""
    return _hand_over(pickup, by=by, **handover)


@action(
    Pickup,
    label=gettext_lazy("Hand over all the same"),
    source=HERE,
    target=S.HANDED_OVER,
    form=forms.HandOverAnywayForm,
    unless=_refused_for_good,
)
def hand_over_anyway(pickup: Pickup, *, by: User, override: str, **handover: Any) -> Record:
    """Hand over in spite of a refusal, with the reason; only for whoever answers for it (P7)."""
    return _hand_over(pickup, by=by, override=override, **handover)


def _hand_over(
    pickup: Pickup,
    *,
    by: User,
    identity: str,
    authority: Authority | None = None,
    collector: str = "",
    id_number: str = "",
    vehicle: str = "",
    lines: list[dict[str, Any]] | None = None,
    objection: str = "",
    customer_signature: Any = None,
    clerk_signature: Any = None,
    photo: Any = None,
    override: str = "",
) -> Record:
    know(pickup)
    goods_within_limit(pickup.order, lambda: due(pickup), anyway=bool(override))
    _check_person(pickup, authority, collector, identity, id_number, override)
    drawn = {"customer_signature": customer_signature, "clerk_signature": clerk_signature}
    given = {role: file for role, file in drawn.items() if file}
    signed = dict(zip(given, attach_all(pickup, given.values(), by=by, kind="signature"), strict=True))
    if photo is not None:
        attach(pickup, photo, by=by, kind=PHOTO)
    held = ledger.held_for(pickup.order_id)
    counted = goods.count(pickup, held, lines or [])
    record = Record(
        number=next_number("PR"),
        pickup=pickup,
        clerk=by,
        collector=authority.person if authority else collector or (pickup.contact.name if pickup.contact else ""),
        authority=authority,
        identity=identity,
        vehicle=vehicle or (authority.vehicle if authority else ""),
        override=override,
        overridden=_overridden(pickup, authority) if override else [],
        objection=objection,
        **signed,
    )
    insert_keyed([record])
    goods.move(record, held, counted, by=by)
    note_moved(pickup.order, record, {each.line.pk: each.quantity for each in counted})
    note_collection(pickup.order, by=system_user("pickup"), rest_ready=goods.are_left(held, counted))
    queue.withdraw(pickup)
    end_links(pickup, LINK_PURPOSE)
    _tell_sales(pickup, record, counted)
    return record


def _tell_sales(pickup: Pickup, record: Record, counted: list[goods.Counted]) -> None:
    """What was loaded reaches sales at once: who owns the order and, where it is another, the customer (P10)."""
    owner = pickup.order.owner_id or pickup.owner_id
    keys = owner, pickup.customer.owner_id or owner
    for user in SALES(*keys):
        queue.notify(
            user,
            "pickup.handed_over",
            about=pickup,
            context={
                "number": pickup.order.number,
                "customer": pickup.customer.name,
                "collector": record.collector,
                "record": record.number,
                "goods": "; ".join(map(str, counted)),
                "differences": "; ".join(each.difference_in_words for each in counted if each.differs),
                "objection": record.objection,
            },
            key=f"pickup-handed-over-{record.pk}",
        )


def _overridden(pickup: Pickup, authority: Authority | None) -> list[str]:
    """What an override let pass: the codes of all that stood in the way."""
    codes = [each.code for each in verdict(pickup).obstacles]
    return codes if authority is None or authority.holds_on(clock.today()) else [*codes, "authority_expired"]


def _check_person(
    pickup: Pickup, authority: Authority | None, collector: str, identity: str, id_number: str, override: str
) -> None:
    """The person who collects must be the one who may; what is typed is compared and not kept."""
    if authority is None:
        if identity == Record.Identity.ID_COMPARED:
            raise Refused(
                "nothing_to_compare",
                _("There is no letter of authority to compare the ID number with."),
                _("Look at the identity card instead."),
            )
        if collector and not _belongs_to(pickup.customer, collector):
            raise Refused(
                "no_authority",
                _("%(collector)s is no contact of the customer and comes without a letter of authority.")
                % {"collector": collector},
                _("Let the customer name him; his link takes the letter at once."),
            )
        return
    # A letter that is revoked at this moment counts no more: what holds is what stands there under the lock.
    authority.refresh_from_db(from_queryset=Authority.objects.select_for_update(of=("self",), no_key=True))
    if authority.status != Authority.Status.VALID:
        raise Refused(
            "authority_revoked",
            _("The letter of authority of %(person)s was revoked.") % {"person": authority.person},
            _("Do not hand over; call the customer."),
        )
    if not authority.holds_on(clock.today()) and not override:
        raise _does_not_hold(authority)
    if collector and collector.split() != authority.person.split():
        raise Refused(
            "other_collector",
            _("The letter of authority is for %(person)s, and %(collector)s is named as the collector.")
            % {"person": authority.person, "collector": collector},
            _("Choose the letter of the one who is here, or leave the name empty."),
        )
    if identity == Record.Identity.ID_COMPARED:
        same = Authority.objects.filter(pk=authority.pk, id_number=id_number).exists()
        if not same:
            raise Refused(
                "wrong_person",
                _("This ID number is not the one in the letter of authority of %(person)s.")
                % {"person": authority.person},
                _("Do not hand over; call the customer."),
            )


def _belongs_to(customer: Customer, name: str) -> bool:
    """Whether somebody of this name is the customer himself or one of his contacts, however the blanks are set."""
    names = [customer.name, *customer.contacts.filter(active=True).values_list("name", flat=True)]
    return name.split() in [each.split() for each in names]


def _does_not_hold(authority: Authority) -> Refused:
    """A letter that is not valid today: no more, or not yet."""
    facts = {"person": authority.person}
    if authority.valid_from > clock.today():
        return Refused(
            "authority_not_yet",
            _("The letter of authority of %(person)s is valid only from %(day)s.")
            % {**facts, "day": f"{authority.valid_from:%Y-%m-%d}"},
            _("Move the pickup to that day, or let the customer send another letter."),
        )
    return Refused(
        "authority_expired",
        _("The letter of authority of %(person)s was valid until %(day)s.")
        % {**facts, "day": f"{authority.valid_until:%Y-%m-%d}"},
        _("Let the customer send a new one; his link takes it at once."),
    )
