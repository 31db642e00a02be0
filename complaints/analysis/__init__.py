"""What complaints teach: how many, why, how long, how dear, and what comes again and again (K8)."""
