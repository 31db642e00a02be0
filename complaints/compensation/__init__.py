"""What a customer gets beside the return of his goods: compensation, discount, replacement (KC 5.2.3)."""
