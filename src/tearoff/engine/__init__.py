"""What moves by itself: one actor a file."""
