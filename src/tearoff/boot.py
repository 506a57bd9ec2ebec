"""Connects the parts: the only file that knows who talks to whom."""
