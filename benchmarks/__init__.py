"""How fast, how frugal and how faithful the bot is, measured from outside."""
