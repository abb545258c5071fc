"""Words as they are stored and compared: folded, without accents and endings."""
