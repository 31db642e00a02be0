"""Reports of how contracts are carried out."""
