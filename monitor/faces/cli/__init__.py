"""The command line: one module per family of commands, each loaded light and doing its work with late imports."""
