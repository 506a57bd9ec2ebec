"""The template language of the messages; knows nothing of promo codes."""
