"""The file of a closed complaint is reviewed, completed where that is needed, and archived (KF 3.4, KC 5.2.3)."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import archive_forms, telling
from complaints.filing import (
    PAPER,
    archived,
    files_of,
    keepers,
    not_whole,
    only_the_reviewer,
    reviewer,
)
from complaints.models import Archive, Complaint, FileStep
from complaints.papers import Paper, language_of, papers
from complaints.telling import News
from crm.accounts.models import User
from crm.accounts.standing import stands_for
from crm.actions import action
from crm.records.attachments import attach, keep_written
from crm.records.models import Attachment
from crm.refusals import Refused

FS, K = Complaint.FileState, FileStep.Kind


def _to_review(complaint: Complaint, by: User) -> Refused | None:
    if refused := archived(complaint):
        return refused
    if complaint.file_state == FS.INCOMPLETE:
        return Refused("incomplete", _("The file was sent back."), _("Its owner completes it first."))
    if complaint.file_state == FS.REVIEWED:
        return Refused("reviewed", _("The file is reviewed already."))
    return only_the_reviewer(complaint, by)


@action(
    Complaint,
    label=gettext_lazy("Review the file"),
    source=Complaint.ENDED,
    form=archive_forms.ReviewForm,
    unless=_to_review,
)
def review_file(complaint: Complaint, *, by: User, words: str) -> None:
    """Find the record of a closed complaint in order, so that sales support archives it (KF 3.4)."""
    FileStep.objects.create(complaint=complaint, kind=K.REVIEWED, words=words, by=by)
    complaint.file_state = FS.REVIEWED
    people = list(keepers())
    telling.let_see(complaint, users=people)
    telling.tell(complaint, News.REVIEWED, people, by=by, words=words)


def _to_send_back(complaint: Complaint, by: User) -> Refused | None:
    if refused := archived(complaint):
        return refused
    if complaint.file_state == FS.INCOMPLETE:
        return Refused("incomplete", _("The file was sent back."), _("Its owner completes it first."))
    return only_the_reviewer(complaint, by)


@action(
    Complaint,
    label=gettext_lazy("Send the file back"),
    source=Complaint.ENDED,
    form=archive_forms.SendBackForm,
    unless=_to_send_back,
)
def send_back_file(complaint: Complaint, *, by: User, words: str) -> None:
    """Say what is missing in the record of a closed complaint; its owner completes it (KF 3.4)."""
    FileStep.objects.create(complaint=complaint, kind=K.SENT_BACK, words=words, by=by)
    complaint.file_state = FS.INCOMPLETE
    telling.tell(complaint, News.INCOMPLETE, [complaint.owner], by=by, words=words)


def _to_complete(complaint: Complaint, by: User) -> Refused | None:
    if complaint.file_state != FS.INCOMPLETE:
        return archived(complaint) or Refused("not_sent_back", _("The file was not sent back."))
    if complaint.owner_id in stands_for(by):
        return None
    return Refused("not_owner", _("Only %(owner)s can do this.") % {"owner": complaint.owner})


@action(
    Complaint,
    label=gettext_lazy("Complete the file"),
    source=Complaint.ENDED,
    form=archive_forms.CompleteForm,
    unless=_to_complete,
)
def complete_file(complaint: Complaint, *, by: User, words: str, paper: Any = None) -> None:
    """Put what was missing into the record of a closed complaint, which is reviewed once more (KF 3.4)."""
    kept = attach(complaint, paper, by=by, kind="completion") if paper is not None else None
    FileStep.objects.create(complaint=complaint, kind=K.COMPLETED, words=words, paper=kept, by=by)
    complaint.file_state = ""
    telling.tell(complaint, News.TO_REVIEW, [reviewer(complaint)], by=by, words=words)


def _to_archive(complaint: Complaint, by: User) -> Refused | None:
    if refused := archived(complaint):
        return refused
    if complaint.file_state != FS.REVIEWED:
        return Refused(
            "not_reviewed",
            _("The file is not reviewed yet."),
            _("The department manager reviews it first."),
        )
    return not_whole(complaint)


@action(Complaint, label=gettext_lazy("Archive"), source=Complaint.ENDED, unless=_to_archive)
def archive_complaint(complaint: Complaint, *, by: User) -> None:
    """Lay the whole file down: its papers as they are printed now, and every file with its hash (KC 5.2.3)."""
    written = {each.key: each for each in papers(complaint)}
    pages = [
        ContentFile(each.text().encode(), name=f"{complaint.number} {_title(each, complaint)}.html")
        for each in written.values()
    ]
    printed = dict(zip(keep_written(complaint, pages, by=by, kind=PAPER), written.values(), strict=True))
    papers_by_pk = {attachment.pk: paper for attachment, paper in printed.items()}
    files = [_entry(each, papers_by_pk.get(each.pk)) for each in files_of(complaint)]
    files.sort(key=lambda each: ("paper" not in each, each["attachment"]))  # the papers come first
    edition = complaint.archives.count() + 1
    Archive.objects.create(complaint=complaint, edition=edition, files=files, digest=digest_of(files), by=by)
    complaint.file_state = FS.ARCHIVED


def _title(paper: Paper, complaint: Complaint) -> str:
    """What the paper is called; of the letter, in the customer's language, the name of that language stands behind."""
    if paper.key != "letter":
        return str(paper.title)
    return f"{paper.title} ({dict(settings.LANGUAGES)[language_of(complaint)]})"


def _entry(file: Attachment, paper: Paper | None) -> dict[str, Any]:
    found = {
        "attachment": file.pk,
        "name": file.name,
        "sha256": file.sha256,
        "size": file.size,
        "kind": file.kind,
        "at": file.at.isoformat(),
    }
    return {**found, "paper": paper.key} if paper else found


def digest_of(files: list[dict[str, Any]]) -> str:
    """The SHA-256 of the list of files, by which it is told that nobody changed it."""
    return hashlib.sha256(json.dumps(files, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
