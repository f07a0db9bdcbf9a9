"""Holds times against a schedule. Whoever measures may be kept from its core for a while, so one late look is no fault:
most must be on time, and none so late that another schedule would fit it as well."""

import statistics


def assert_on_schedule(came, due, usually=0.03, at_most=0.4, since=None):
    """`came` and `due` in seconds. Without `since`, when the schedule began, it is taken to have begun with whoever was
    the most punctual."""
    late = [at - when for at, when in zip(came, due, strict=True)]
    best = min(late) if since is None else since
    late = [each - best for each in late]
    shown = [round(each, 3) for each in late]
    assert min(late) > -0.012, f"too early: {shown}"
    assert statistics.median(late) <= usually, f"usually too late: {shown}"
    assert max(late) <= at_most, f"much too late: {shown}"


def median_of(measure, count=3):
    """What it usually is: a single measurement may fall into a moment in which the machine does something else."""
    return statistics.median(measure() for _ in range(count))
