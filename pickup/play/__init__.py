"""Orders of the Northwind files, taken through the whole path by REST: what `manage.py play` does."""
