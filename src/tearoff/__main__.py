"""The `tearoff` command."""

from tearoff.cli import tearoff


def main() -> None:
    """Run the command line."""
    tearoff(prog_name="tearoff")


if __name__ == "__main__":
    main()
