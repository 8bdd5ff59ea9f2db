"""The law of a case as pure functions over frozen values; never a clock, chance or I/O."""
