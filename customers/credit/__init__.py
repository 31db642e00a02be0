"""What a customer is trusted with: assessments, ratings, limits, exposure (JD 7.1, ZT 6.1)."""
