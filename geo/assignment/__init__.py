"""Who sits in which branch when seats are limited: optimal, proven, explained.

:func:`assign` answers a whole question; :class:`Register` takes single arrivals into an answer.
"""

from geo.assignment.arrivals import Arrival, Move, Register
from geo.assignment.problem import Places, Question, Seats, Unusable, ask
from geo.assignment.solving import Assignment, assign, solve

__all__ = [
    "Arrival",
    "Assignment",
    "Move",
    "Places",
    "Question",
    "Register",
    "Seats",
    "Unusable",
    "ask",
    "assign",
    "solve",
]
