"""Work on whole files of tickets: read in, summarised and labelled, written out, resumable."""
