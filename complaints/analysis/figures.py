"""The figures of the analysis page in their order; each module has those of one subject."""

# isort: off
from complaints.analysis import counts, rates, steps, rounds, cost

# isort: on

__all__ = ["cost", "counts", "rates", "rounds", "steps"]
