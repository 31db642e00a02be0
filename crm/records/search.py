"""Search as Chinese people type: any part of a name, its pinyin, its initials, a number, a whole phone.

A searchable record keeps two columns. `search_terms` are short pieces that an index (GIN) finds: pairs and single
characters of Chinese, triples of letters, pairs of pinyin initials, beginnings of words and of names. `search_text` is
what the pieces were cut from; a hit must contain there, without a gap, what was typed, so that the index may be coarse
and the answer is exact. Pieces that nearly every company has (有限公司) are in no index; the text alone decides them.
Identifiers are in neither: they are found by their blind index, whole or not at all.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from crm.accounts.models import User
from crm.fetching import tuples
from crm.records.brief import briefly, called_by, made
from crm.records.fields import EncryptedField
from crm.records.kinds import normalise
from crm.records.small import best_of_few, holding
from crm.records.text import LEGAL_FORM, RUN, fold, typings
from crm.statements import PLAIN_SAVES

LONGEST = 100  # characters of a question; nobody types more, and no name is longer without being wrong
MOST = 200  # hits that are looked at to rank them
EACH = 8  # hits of one kind of record that the palette shows
BEGIN, WHOLE = "^", "="  # mark terms that begin a word or name, and those that are a whole name
COMMON = frozenset(
    ["有限", "限公", "公司", "限责", "责任", "任公", "股份", "份有", "有", "限", "公", "司", "责", "任", "股", "份"]
)
SOURCES = ("names", "persons", "codes")


class Indexed(NamedTuple):
    """What is stored of a record for search."""

    terms: list[str]
    text: str


def index_of(names: Iterable[str] = (), persons: Iterable[str] = (), codes: Iterable[str] = ()) -> Indexed:
    """The terms and the text by which a record is found.

    `names` are those of companies and things, `persons` those of people (whose surnames are read as surnames), `codes`
    document numbers and the like, which have no pinyin.
    """
    plain, spoken, terms = [], [], set()
    for texts, person, read in ((names, False, True), (persons, True, True), (codes, False, False)):
        for name in texts:
            folded = fold(name)
            if not folded or folded in plain:
                continue
            plain.append(folded)
            terms |= _terms_of(folded)
            syllabic, initial = typings(LEGAL_FORM.sub("", folded), person=person) if read else ([], [])
            spoken += syllabic + initial
            terms = terms.union(*map(_terms_of, syllabic), *map(_terms_of_initials, initial))
    return Indexed(sorted(terms - COMMON), f"|{'|'.join(plain)}||{'|'.join(spoken)}|" if plain else "")


def terms(*texts: str) -> list[str]:
    """The index terms of company names; see `index_of`, which also takes people and codes."""
    return index_of(names=texts).terms


def _terms_of(folded: str) -> set[str]:
    found = {WHOLE + folded, BEGIN + folded[:2]}
    for run in RUN.finditer(folded):
        if text := run["dense"]:
            found |= _pairs(text) | set(text)
        else:
            word = run["word"]
            found |= {word[start : start + 3] for start in range(len(word) - 2)} | {BEGIN + word[:2]}
    return found


def _terms_of_initials(initials: str) -> set[str]:
    return _pairs(initials) | {BEGIN + initials[:2], WHOLE + initials}


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}


class TermsField(ArrayField):
    """The index terms of a record: computed when it is written, never read back, with their index."""

    def __init__(self, **options: Any) -> None:
        options.pop("base_field", None)
        super().__init__(models.TextField(), default=list, blank=True, editable=False, **options)

    def deconstruct(self) -> Any:
        name, path, _args, _options = super().deconstruct()
        return name, path, [], {}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if cls._meta.abstract or cls.__module__ == "__fake__":  # a model of the past: its migrations list the index
            return
        # A model's own Meta replaces the mixin's, so the index is declared here, also to the migrations.
        index = GinIndex(fields=[name], name=f"search_{cls.__name__.lower()}"[:30], fastupdate=False)
        cls._meta.indexes = [*cls._meta.indexes, index]
        cls._meta.original_attrs["indexes"] = cls._meta.indexes

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        if not add and model_instance.is_found_by_present_names():
            return F(self.attname)
        found = model_instance.index_for_search()
        model_instance.search_text = found.text
        return found.terms

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value  # strings already; asking the base field for each of sixty would double the cost of an import

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return "NULL::text[]", []  # nobody needs them in Python, and they are longer than the rest of the row


class Searchable(models.Model):
    """A record that is found by typing. A model says by what in `search_sources`.

    `save()` and `bulk_create()` fill both columns. After `bulk_update()` or `update()` of a name call `refill`.
    Records of parts that are seen through it (a customer's contacts) lend it their phones and other identifiers.
    """

    search_terms = TermsField()
    search_text = models.TextField(blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        if update_fields is not None:
            update_fields = {*update_fields, "search_terms", "search_text"}
        super().save(*args, update_fields=update_fields, **options)

    PLAIN_SAVES.add(save)

    def search_sources(self) -> Mapping[str, Iterable[str]]:
        """What the record is found by: `names`, `persons` and `codes`."""
        raise NotImplementedError

    def _sources(self) -> dict[str, list[str]]:
        return {key: [str(each) for each in values if each] for key, values in self.search_sources().items()}

    def index_for_search(self) -> Indexed:
        """Terms and text as they follow from the record now."""
        return index_of(**self._sources())

    def is_found_by_present_names(self) -> bool:
        """Whether `search_text` was cut from what the record is called now, so that nothing has to be read anew."""
        sources = self._sources()
        plain = [folded for key in SOURCES for each in sources.get(key, ()) if (folded := fold(each))]
        return self.search_text.partition("||")[0] == "|".join(["", *dict.fromkeys(plain)])


def refill(rows: models.QuerySet, size: int = 500) -> int:
    """Compute terms and text of `rows` anew, and write those that differ; answers how many did."""
    changed = 0
    for obj in rows.order_by("pk").iterator(size):
        found = obj.index_for_search()
        if found.text != obj.search_text:
            rows.model._base_manager.filter(pk=obj.pk).update(search_terms=found.terms, search_text=found.text)
            changed += 1
    return changed


def condition(question: str) -> Q | None:
    """What a record's terms and text must fulfil to be a hit; None where the question asks for nothing."""
    found = Q()
    for piece in question.split():
        token = fold(piece).replace(" ", "")
        if token:
            found &= _contains(token)
    return found or None


def _contains(token: str) -> Q:
    """That `token` stands in the text without a gap, as the index can find it."""
    sure: set[str] = set()
    found = Q()
    for run in RUN.finditer(token):
        if text := run["dense"]:
            sure |= _pairs(text) or {text}
            continue
        word = run["word"]
        if len(word) == 2:
            found &= Q(search_terms__overlap=[BEGIN + word, word])
        elif len(word) > 2:
            triples = Q(search_terms__contains=sorted({word[start : start + 3] for start in range(len(word) - 2)}))
            may_be_initials = word.isascii() and word.isalpha()
            found &= triples | Q(search_terms__contains=sorted(_pairs(word))) if may_be_initials else triples
    if sure := sure - COMMON:
        found &= Q(search_terms__contains=sorted(sure))
    return found & Q(search_text__contains=token)


@lru_cache(maxsize=64)
def _identifiers(model: type[models.Model]) -> tuple[tuple[type[models.Model], str, str, str], ...]:
    """Where a record's identifiers stand: (model, column that holds the record's key, field, kind)."""
    places = [(model, "pk")]
    for relation in model._meta.related_objects:
        if getattr(relation.related_model, "seen_through", None) == relation.field.name:
            places.append((relation.related_model, relation.field.attname))
    return tuple(
        (holder, key, field.name, field.kind)
        for holder, key in places
        for field in holder._meta.concrete_fields
        if isinstance(field, EncryptedField) and field.companions
    )


def _kinds_of(question: str) -> list[str]:
    """Which identifiers the question may be, whole."""
    kinds = []
    for kind, looks in (("phone", _looks_like_phone), ("email", _looks_like_mail), ("licence", _looks_like_licence)):
        if looks(question):
            try:
                normalise(kind, question)
            except ValidationError:
                continue
            kinds.append(kind)
    return kinds


def _looks_like_phone(text: str) -> bool:
    return sum(each.isdigit() for each in text) >= 5 and not any(each.isalpha() for each in text)


def _looks_like_mail(text: str) -> bool:
    return "@" in text


def _looks_like_licence(text: str) -> bool:
    return text.isalnum() and 15 <= len(text) <= 18


def _by_identifier(model: type[models.Model], question: str) -> Q:
    """Records that have this phone, mail address or licence number, or whose parts have."""
    found = Q()
    kinds = _kinds_of(question)
    if not kinds:
        return found
    parts: dict[tuple[type[models.Model], str], Q] = {}
    for holder, key, field, kind in _identifiers(model):
        if kind not in kinds:
            continue
        if holder is model:
            found |= Q(**{field: question})
        else:
            parts[holder, key] = parts.get((holder, key), Q()) | Q(**{field: question})
    for (holder, key), wanted in parts.items():
        # Keys, not a subquery: only constants can be joined with the term index by OR.
        found |= Q(pk__in=list(holder._base_manager.filter(wanted).values_list(key, flat=True)[:MOST]))
    return found


def search(rows: models.QuerySet, question: str) -> models.QuerySet:
    """Those of `rows` that the question finds. Adds WHERE only; an empty question finds all.

    Several words must all occur, in any order. A whole phone, mail address or licence number finds by blind index.
    Of a model that is not Searchable the names are compared as they stand.
    """
    question = question.strip()
    if not question:
        return rows
    if not issubclass(rows.model, Searchable):
        return holding(rows, question) if len(question) <= LONGEST else rows.none()
    wanted = condition(question) if len(question) <= LONGEST else None
    if wanted is None:
        return rows.none()
    return rows.filter(wanted | _by_identifier(rows.model, question))


def best_hits(rows: models.QuerySet, question: str, limit: int = 20) -> list[Any]:
    """The best hits for a picker: names that are the question, names that begin with it, then the others.

    At most 200 hits are compared. Where there are more, those that are or begin with the question are fetched apart,
    so that the best are among them however many others there are. Two queries, four in that case.
    """
    best = _keys(rows, question, limit)
    sealed = [field.name for field in rows.model._meta.concrete_fields if isinstance(field, EncryptedField)]
    objects = rows.defer(*sealed).in_bulk(best) if best else {}
    return [objects[pk] for pk in best if pk in objects]


def brief_hits(rows: models.QuerySet, question: str, limit: int = 20) -> list[Any]:
    """As `best_hits`, but of each hit only what it is called by is read, and with the hits: a query less."""
    paths = called_by(rows.model)
    if not paths:
        return best_hits(rows, question, limit)
    if issubclass(rows.model, Searchable):
        return [made(rows.model, pk, paths, values) for pk, values in _best(rows, question, limit, paths).items()]
    best = _keys(rows, question, limit)
    objects = {obj.pk: obj for obj in briefly(rows.filter(pk__in=best), limit)} if best else {}
    return [objects[pk] for pk in best if pk in objects]


def _keys(rows: models.QuerySet, question: str, limit: int) -> Collection[Any]:
    """The keys of the best hits, the best first."""
    if not question.strip() or len(question) > LONGEST:
        return ()
    return _best(rows, question, limit) if issubclass(rows.model, Searchable) else best_of_few(rows, question, limit)


def _best(rows: models.QuerySet, question: str, limit: int, paths: Sequence[str] = ()) -> dict[Any, list[Any]]:
    """The keys of the best hits, the best first, with their values at `paths`."""
    if not question.strip() or len(question) > LONGEST:
        return {}
    token = fold(question).replace(" ", "")
    texts: dict[Any, str] = {}
    values: dict[Any, list[Any]] = {}

    def look(found: models.QuerySet) -> int:
        hits = tuples(found.order_by(), ["search_text", *paths], MOST)
        for pk, text, *others in hits:
            texts[pk], values[pk] = text, others
        return len(hits)

    if look(search(rows, question)) == MOST and len(token) > 1:
        wanted = condition(question) or Q()
        begins = Q(search_terms__contains=[BEGIN + token[:2]], search_text__contains=f"|{token}")
        for narrower in (Q(search_terms__contains=[WHOLE + fold(question)]), begins):
            look(rows.filter(wanted & narrower))

    def rank(pk: Any) -> tuple[int, int, int, Any]:
        text = texts[pk]
        place = 0 if f"|{token}|" in text else 1 if f"|{token}" in text else 2 if token in text else 3
        return place, text.find(token), len(text), pk

    return {pk: values[pk] for pk in sorted(texts, key=rank)[:limit]}


def searchable_models() -> list[type[Any]]:
    """The kinds of records that the palette searches."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Searchable) and hasattr(model, "get_absolute_url") and not model._meta.proxy
    ]


def search_everything(user: User, question: str, each: int = EACH) -> list[dict[str, Any]]:
    """What the question finds among all records that `user` may see, best first within each kind.

    A hit is `{"model": kind, "url", "text", "detail"}`.
    """
    hits = []
    for model in searchable_models():
        for obj in brief_hits(model._default_manager.visible_to(user), question, each):
            hits.append(
                {
                    "model": model._meta.verbose_name,
                    "url": obj.get_absolute_url(),
                    "text": str(obj),
                    "detail": getattr(obj, "detail", ""),
                }
            )
    return hits
