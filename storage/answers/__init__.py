"""Answers that were approved, posted, or begun as a stream, and what became of each message."""
