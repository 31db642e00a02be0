"""Order meetings, help requests and joint handling between departments (JD 5.1, 3.2)."""
