"""Surveys in REST."""

from crm.api.resources import Resource
from satisfaction import lists, serializers

QUESTIONNAIRES = Resource(lists.QUESTIONNAIRES, serializers.QuestionnaireSerializer)
EDITIONS = Resource(lists.EDITIONS, serializers.EditionSerializer)
CAMPAIGNS = Resource(lists.CAMPAIGNS, serializers.CampaignSerializer)
INVITATIONS = Resource(lists.INVITATIONS, serializers.InvitationSerializer)
