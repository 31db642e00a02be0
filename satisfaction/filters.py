"""What questionnaires, campaigns and invitations can be filtered by, on the page, through REST and in an export."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department
from crm.choice_filters import AnyOfFilter
from crm.key_filters import KeyFilter
from customers.filters import Searching, people
from customers.models import Customer
from satisfaction.models import Campaign, Edition, Invitation, Questionnaire


class QuestionnaireFilter(django_filters.FilterSet):
    code = django_filters.CharFilter(label=_("form code"))

    class Meta:
        model = Questionnaire
        fields: list[str] = []


class EditionFilter(django_filters.FilterSet):
    status = AnyOfFilter(Edition.Status)
    questionnaire = KeyFilter(label=_("questionnaire"), field_name="questionnaire_id")

    class Meta:
        model = Edition
        fields: list[str] = []


class CampaignFilter(Searching):
    status = AnyOfFilter(Campaign.Status)
    kind = AnyOfFilter(Campaign.Kind, label=_("kind"))
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)

    class Meta:
        model = Campaign
        fields: list[str] = []


class InvitationFilter(Searching):
    status = AnyOfFilter(Invitation.Status)
    campaign = KeyFilter(Campaign, label=_("survey campaign"), field_name="campaign_id")
    customer = KeyFilter(Customer, label=_("customer"), field_name="customer_id")
    owner = django_filters.ModelChoiceFilter(label=_("owner"), queryset=people)
    department = django_filters.ModelChoiceFilter(label=_("department"), queryset=Department.objects.all())
    tier = AnyOfFilter(Customer.Tier, label=_("tier"))
    region = django_filters.CharFilter(label=_("region"))

    class Meta:
        model = Invitation
        fields: list[str] = []
