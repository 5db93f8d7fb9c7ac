"""All mutators of noise, by name."""

from __future__ import annotations

from mutations.noise_markup import OF_MARKUP
from mutations.noise_words import OF_WORDS
from mutations.scene import Mutator

NOISE: dict[str, Mutator] = {mutate.__name__: mutate for mutate in (*OF_MARKUP, *OF_WORDS)}
