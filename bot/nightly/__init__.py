"""The night shift: the day's solved tickets summarised, and articles drafted from them."""
