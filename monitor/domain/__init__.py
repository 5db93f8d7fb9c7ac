"""The law and the record as plain values: standard library only, no clock, no files, no network."""
