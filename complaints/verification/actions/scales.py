"""The register of scales is kept by the head of the weighbridge (KC 5.2.1.5a)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from complaints.verification import forms
from complaints.verification.models import Scale, ScaleCertificate, Verification, Weighing
from complaints.verification.who import not_the_keeper
from crm.accounts.models import User
from crm.actions import action
from crm.inputs import ReasonForm
from crm.opposites import opposite
from crm.records.attachments import attach

S = Scale.Status


@action(None, label=gettext_lazy("Register a scale"), form=forms.ScaleForm)
def register_scale(*, by: User, owner: User | None = None, **facts: Any) -> Scale:
    """Put a scale into the register; its certificate is entered next (KC 5.2.1.5a)."""
    scale = Scale(owner=owner or by, **facts)
    scale.full_clean()
    scale.save()
    return scale


@action(Scale, label=gettext_lazy("Edit the scale"), form=forms.ScaleForm, unless=not_the_keeper)
def change_scale(scale: Scale, *, by: User, **changes: Any) -> None:
    """Change what the register says of a scale; its certificates stay (KC 5.2.1.5a)."""
    if changes.get("owner", scale.owner) is None:
        changes.pop("owner")
    for name, value in changes.items():
        setattr(scale, name, value)
    scale.full_clean()


opposite(change_scale)  # an edit is taken back by an edit


@action(
    Scale,
    label=gettext_lazy("Enter a certificate"),
    source={S.IN_USE},
    form=forms.CertificateForm,
    unless=not_the_keeper,
)
def enter_certificate(
    scale: Scale, *, by: User, number: str, issued_by: str, issued_on: date, valid_until: date, file: Any
) -> ScaleCertificate:
    """Put a certificate with its file to the scale; which says when the next is due (KC 5.2.1.5a)."""
    certificate = ScaleCertificate.objects.create(
        scale=scale,
        number=number,
        issued_by=issued_by,
        issued_on=issued_on,
        valid_until=valid_until,
        file=attach(scale, file, by=by, kind="certificate"),
        entered_by=by,
    )
    if scale.valid_until is None or valid_until >= scale.valid_until:
        scale.certificate_number, scale.valid_until = number, valid_until
    weighed = Weighing.objects.filter(scale=scale, certificate=None, verification__status=Verification.Status.OPENED)
    weighed.filter(at__date__range=(issued_on, valid_until)).update(certificate=certificate)
    return certificate


@action(
    Scale,
    label=gettext_lazy("Take out of use"),
    source={S.IN_USE},
    target=S.RETIRED,
    form=ReasonForm,
    unless=not_the_keeper,
)
def retire_scale(scale: Scale, *, by: User, reason: str) -> None:
    """Take a scale out of use; what was weighed on it stays, and its certificate is not asked for any more."""
    scale.reason = reason


@action(
    Scale,
    label=gettext_lazy("Take into use again"),
    source={S.RETIRED},
    target=S.IN_USE,
    unless=not_the_keeper,
)
def reinstate_scale(scale: Scale, *, by: User) -> None:
    """Take a scale into use again; its certificate is due as the register says."""
    scale.reason = ""
