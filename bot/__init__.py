"""The desk's decisions: triage, routing, answering, money."""
