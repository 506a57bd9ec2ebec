"""Writes that several doors share: one verb a function, one transaction each."""
