"""REST: tokens, paging, errors, the router."""
