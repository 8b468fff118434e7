"""Questions between processes: each kind has a queue at the broker, the answer comes straight back to who asked."""

from __future__ import annotations

from chassis.rabbit_questions.answering import RabbitAnswers
from chassis.rabbit_questions.asking import RabbitQuestions

__all__ = ["RabbitAnswers", "RabbitQuestions"]
