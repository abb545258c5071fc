"""Answers that were approved, posted, or begun as a stream."""
