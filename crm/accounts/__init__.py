"""Users, departments, roles, absence and deputies, and who may see which records."""
