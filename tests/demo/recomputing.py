"""The index of a survey from the rows of its tables, worked out once more without the product."""

from fractions import Fraction

from django.db import connection

from satisfaction.models import Campaign


def recomputed(campaign: Campaign) -> tuple[Fraction, dict[str, Fraction]]:
    """Index and item scores of a yearly survey from the rows of its tables, with nothing of the product's scoring."""
    worth = {"very_satisfied": Fraction(1), "satisfied": Fraction(8, 10), "fair": Fraction(6, 10)}
    with connection.cursor() as cursor:
        ask = "SELECT id FROM satisfaction_sheet WHERE campaign_id = %s AND counted"
        cursor.execute(ask, [campaign.pk])
        sheets = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            "SELECT item.code FROM satisfaction_wording AS wording JOIN satisfaction_item AS item ON item.id = item_id"
            " WHERE edition_id = %s ORDER BY position",
            [campaign.edition_id],
        )
        codes = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT sheet_id, code, level, matters FROM satisfaction_answer AS answer"
            " JOIN satisfaction_item AS item ON item.id = item_id"
        )
        rows = [row for row in cursor.fetchall() if row[0] in sheets]
        cursor.execute(
            "SELECT code, value FROM satisfaction_corrected JOIN satisfaction_item AS item ON item.id = item_id"
            " JOIN satisfaction_correction AS correction ON correction.id = correction_id WHERE campaign_id = %s",
            [campaign.pk],
        )
        corrected = dict(cursor.fetchall())
    scores = {
        code: sum((worth.get(level, Fraction(0)) for _sheet, of, level, _matters in rows if of == code), Fraction(0))
        * 100
        / len(sheets)
        for code in codes
    }
    marks = [sum(matters for _sheet, of, _level, matters in rows if of == code) for code in codes]
    number = len(codes)
    ranks = [sum(each > own for each in marks) + Fraction(marks.count(own) + 1, 2) for own in marks]
    exact = [Fraction(1, number) + Fraction(1, number**2) * (Fraction(number + 1, 2) - rank) for rank in ranks]
    millionths = [int(each * 10**6) for each in exact]
    by_remainder = sorted(range(number), key=lambda place: (-(exact[place] * 10**6 % 1), ranks[place]))
    for place in by_remainder[: 10**6 - sum(millionths)]:
        millionths[place] += 1
    weights = {code: Fraction(count, 10**6) for code, count in zip(codes, millionths, strict=True)}
    weights.update({code: Fraction(value) for code, value in corrected.items()})
    return sum((scores[code] * weights[code] for code in codes), Fraction(0)), scores
