"""Pages: the list, the record, the dialog, and the frame around them."""
