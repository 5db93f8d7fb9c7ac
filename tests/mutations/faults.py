"""All mutators of faults, by name."""

from __future__ import annotations

from mutations.faults_notes import OF_NOTES
from mutations.faults_rows import OF_ROWS
from mutations.faults_transfer import OF_TRANSFER
from mutations.scene import Mutator

FAULTS: dict[str, Mutator] = {mutate.__name__: mutate for mutate in (*OF_TRANSFER, *OF_ROWS, *OF_NOTES)}
