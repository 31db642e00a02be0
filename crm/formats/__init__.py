"""How dates and numbers are shown and read: ISO in both languages, which is what a browser's date field asks for."""
