"""The text of a contract: the articles of a template with what was agreed filled in."""

import re
from collections.abc import Mapping

PLACE = re.compile(r"\{(\w+)\}")
NOTHING = "无"

# What a template may name, and the sales contract where an administrator has written none.
NAMES = ("quality", "packing", "delivery_on", "place", "transport", "payment", "valid_until", "other")
STANDARD = """一、质量要求、技术标准
{quality}
二、包装标准
{packing}
三、交（提）货时间：{delivery_on}；地点：{place}；运输方式：{transport}
四、验收：需方在提货时核对品名、规格、数量和外观，当场签收；内在质量异议应在收货后十五日内书面提出。
五、结算方式及期限
{payment}
六、违约责任：任何一方不履行或不完全履行本合同的，按《中华人民共和国民法典》有关规定承担责任。
七、不可抗力：因不可抗力不能履行的，应及时通知对方并提供证明，双方协商延期或解除。
八、争议解决：双方协商解决；协商不成的，向供方所在地人民法院起诉。
九、其他约定
{other}
十、本合同未尽事宜由双方另订书面补充协议，补充协议经双方签字盖章后与本合同具有同等效力。
十一、本合同一式两份，供需双方各执一份，自双方签字盖章之日起生效，有效期至{valid_until}。"""


def unknown_names(text: str) -> list[str]:
    """What a template names that no contract has, in order."""
    return sorted(set(PLACE.findall(text)) - set(NAMES))


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """`text` with each `{name}` replaced by its value; what was not agreed reads 无."""
    return PLACE.sub(lambda found: values.get(found[1], "").strip() or NOTHING, text)
