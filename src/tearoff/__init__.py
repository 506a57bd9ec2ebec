"""Hands out promo codes and sends them, and never gives the same code to two people."""

__version__ = "0.1.0"
