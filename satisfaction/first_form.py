"""The forms that a new company begins with (顾客满意度调查表, and a short one); the supervisor changes them."""

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
EVENT_CODE, EVENT_NAME, EVENT_NAME_EN = "event", "服务回访短卷", "Short survey after an event"
EVENT_ITEMS = [
    ("event-goods", "quality", "这次的产品让您满意吗", "Are you satisfied with the goods this time"),
    ("event-handling", "delivery", "这次的办理过程顺利吗", "Did everything go smoothly this time"),
    ("event-people", "sales", "我们的人员态度如何", "Were our people helpful"),
]
FORMS = ((CODE, NAME, NAME_EN, ITEMS), (EVENT_CODE, EVENT_NAME, EVENT_NAME_EN, EVENT_ITEMS))


def make(questionnaires: Any, editions: Any, items: Any, wordings: Any) -> None:
    """Make the forms and release their first editions, where they are not there; the models may be a migration's."""
    for code, name, name_en, rows in FORMS:
        if not questionnaires.objects.filter(code=code).exists():
            form = questionnaires.objects.create(code=code, name=name, name_en=name_en)
            edition = editions.objects.create(questionnaire=form, number=1, status="released")
            editions.objects.filter(pk=edition.pk).update(released_at=edition.made_at)
            for position, (item_code, section, text, text_en) in enumerate(rows, 1):
                item = items.objects.create(questionnaire=form, code=item_code)
                given = {"position": position, "section": section, "text": text, "text_en": text_en}
                wordings.objects.create(edition=edition, item=item, **given)
