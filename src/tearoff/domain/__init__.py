"""The rules: what is allowed and what happens next. No I/O, no async, no clock."""
