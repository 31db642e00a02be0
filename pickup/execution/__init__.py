"""The daily and monthly reports of how contracts are carried out (KC 5.1.11.10)."""
