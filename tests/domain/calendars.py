"""Strategies for rows, rules and pages whose acts and effects crowd into a few months, a leap day among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from builders import day, page, row
from hypothesis import strategies as st

from monitor.domain.action import ActionKind, TreatyAction
from monitor.domain.participation import Claimed, Status
from monitor.domain.snapshot import Snapshot
from monitor.domain.standing import complete
from monitor.domain.treaty import EntryRule, Period, Rounding, Rules, Unit, WithdrawalClause

FIRST, LAST = day("2023-12-01"), day("2025-06-30")
"""The days that are looked at; 29 February 2024 is one of them."""
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days)]

some_days = st.dates(FIRST, LAST)
some_acts = st.builds(
    TreatyAction,
    kind=st.sampled_from(ActionKind),
    date=st.none() | some_days,
    bracketed=st.none() | st.booleans(),
    effective=st.none() | some_days,
    conditional=st.booleans(),
    took_effect=st.booleans(),
)
some_rows = st.builds(
    lambda code, acts, in_grid, claimed: replace(row(code, *acts, in_grid=in_grid), claimed=claimed),
    st.sampled_from(["FR", "DE", "PL", "EE", "TO", "US"]),
    st.lists(some_acts, max_size=5),
    st.booleans(),
    st.none() | st.builds(Claimed, st.sampled_from(Status), st.none() | some_days),
)
periods = st.builds(Period, st.integers(0, 14), st.sampled_from(Unit), st.sampled_from(Rounding))
some_rules = st.builds(
    Rules,
    withdrawal=st.none() | st.builds(WithdrawalClause, st.just("20"), st.none() | periods, st.booleans()),
    entry=st.none() | st.builds(EntryRule, st.just("17"), periods),
)


@st.composite
def pages(draw: st.DrawFn, rules: Rules) -> Snapshot:
    rows = draw(st.lists(some_rows, max_size=4, unique_by=lambda r: r.participant.key))
    in_force = draw(st.none() | some_days | st.just(day("1999-03-01")))
    form = draw(st.sampled_from(["page", "export"]))
    made = page(
        *rows, as_at=draw(some_days).isoformat(), in_force=in_force.isoformat() if in_force else None, form=form
    )
    return complete(made, rules)


cases = some_rules.flatmap(lambda rules: st.tuples(st.just(rules), pages(rules)))
"""Rules, and a page that carries the effects which these rules give."""
