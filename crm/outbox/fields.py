"""Encrypted text of any length, kept to the letter."""

from typing import Any

from crm.records.fields import EncryptedField


class EncryptedTextField(EncryptedField):
    """Text that the database holds encrypted, as it was written: no normal form, no index, no look-up."""

    def __init__(
        self, verbose_name: Any = None, *, kind: str = "text", companions: bool = False, **options: Any
    ) -> None:
        super().__init__(verbose_name, kind=kind, companions=companions, **options)

    @property
    def validators(self) -> list[Any]:  # type: ignore[override]
        return []

    def clean(self, value: Any, model_instance: Any) -> Any:
        return self.to_python(value)

    def normal(self, value: Any, country: str = "") -> str:
        """The text itself; identifiers have normal forms, letters have not."""
        return value or ""
