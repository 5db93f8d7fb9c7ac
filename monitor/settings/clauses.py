"""Final clauses as the catalogue and a treaty file write them, and the domain's rules that they give."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel, StrictBool, StrictInt

from monitor.domain.treaty import EntryRule, Period, Rounding, Rules, WithdrawalClause
from monitor.settings.values import LegalPeriod, Line, Slug

Entry = TypeVar("Entry")


class Table(BaseModel):
    """A table of a file: unknown keys are mistakes. Its validator is made with the first file that needs it."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Named(RootModel[dict[str, Entry]], Generic[Entry]):
    """A file that is one table, of names that the user gives."""

    model_config = ConfigDict(defer_build=True)


class WithdrawalTable(Table):
    """How a State may leave: no `period` where the clause gives no notice that can be counted."""

    article: Line | None = None
    period: LegalPeriod | None = None
    rounding: Rounding = Rounding.EXACT
    conditional: StrictBool = False
    remark: Line | None = None

    def clause(self) -> WithdrawalClause:
        """Return the domain's clause."""
        period = Period(*self.period, self.rounding) if self.period else None
        return WithdrawalClause(self.article, period, self.conditional, self.remark)


class EntryTable(Table):
    """When the treaty enters into force for a State that consents later."""

    article: Line | None = None
    period: LegalPeriod
    rounding: Rounding = Rounding.EXACT

    def rule(self) -> EntryRule:
        """Return the domain's rule."""
        return EntryRule(self.article, Period(*self.period, self.rounding))


class RulesTable(Table):
    """The `[rules]` of a treaty file: each key that is given replaces the catalogue's."""

    withdrawal: WithdrawalTable | None = None
    entry: EntryTable | None = None
    most_parties: Annotated[StrictInt, Field(ge=1)] | None = None
    split_tracks: StrictBool | None = None

    def over(self, rules: Rules) -> Rules:
        """Return the rules with what this table gives in place of theirs."""
        return Rules(
            withdrawal=self.withdrawal.clause() if self.withdrawal else rules.withdrawal,
            entry=self.entry.rule() if self.entry else rules.entry,
            most_parties=rules.most_parties if self.most_parties is None else self.most_parties,
            split_tracks=rules.split_tracks if self.split_tracks is None else self.split_tracks,
        )


class CatalogueTable(Table):
    """One treaty of the shipped catalogue."""

    slug: Slug
    title: Line
    full_title: Line | None = None
    withdrawal: WithdrawalTable | None = None
    entry: EntryTable | None = None

    def rules(self, *, split_tracks: bool) -> Rules:
        """Return what the catalogue knows of the final clauses."""
        table = RulesTable(withdrawal=self.withdrawal, entry=self.entry, split_tracks=split_tracks)
        return table.over(Rules())
