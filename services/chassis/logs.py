"""What is logged, and where to: every process of ours writes lines to its standard error."""

from __future__ import annotations

import logging
import sys

import structlog

from chassis.settings import SettingsError


def log_from(level: str) -> None:
    """Log what is at least as bad as `level`: debug, info, warning or error. SettingsError for anything else."""
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise SettingsError(f"LOG_LEVEL={level!r} is not one of debug, info, warning, error")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
