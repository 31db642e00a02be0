"""The form that a new company begins with (顾客满意度调查表); the supervisor writes further editions of it."""

from typing import Any

CODE, NAME, NAME_EN = "satisfaction", "顾客满意度调查表", "Customer satisfaction survey"
ITEMS = [  # code, section, text, English text
    ("quality-goods", "quality", "产品质量符合要求", "The goods are of the quality we need"),
    ("quality-steady", "quality", "各批产品质量稳定", "Quality is steady from batch to batch"),
    ("quality-packaging", "quality", "包装完好，标识清楚", "Packaging is sound and clearly marked"),
    ("delivery-time", "delivery", "按约定时间交货", "Goods are ready at the agreed time"),
    ("delivery-pickup", "delivery", "提货手续简便，等候时间短", "Picking up is simple and quick"),
    ("delivery-count", "delivery", "数量准确，单据齐全", "Quantities are right and papers complete"),
    ("sales-answer", "sales", "询价和咨询答复及时", "Inquiries are answered promptly"),
    ("sales-manner", "sales", "业务人员专业、有礼", "Sales people are competent and polite"),
    ("sales-promise", "sales", "承诺的事项都能兑现", "What is promised is kept"),
    ("other-complaint", "other", "投诉处理及时、公平", "Complaints are handled promptly and fairly"),
    ("other-billing", "other", "对账和开票准确及时", "Statements and invoices are right and on time"),
    ("other-support", "other", "技术支持和售后服务到位", "Technical support and after-sales service help"),
]


def make(questionnaires: Any, editions: Any, items: Any, wordings: Any) -> Any:
    """Make the form and release its first edition, where it is not there; the models may be those of a migration."""
    if questionnaires.objects.filter(code=CODE).exists():
        return None
    form = questionnaires.objects.create(code=CODE, name=NAME, name_en=NAME_EN)
    edition = editions.objects.create(questionnaire=form, number=1, status="released")
    editions.objects.filter(pk=edition.pk).update(released_at=edition.made_at)
    for position, (code, section, text, text_en) in enumerate(ITEMS, 1):
        item = items.objects.create(questionnaire=form, code=code)
        given = {"position": position, "section": section, "text": text, "text_en": text_en}
        wordings.objects.create(edition=edition, item=item, **given)
    return edition
