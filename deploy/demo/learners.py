"""A class of simulated learners: what each of them reads, always the same for one book."""

import datetime
import random
import uuid

PASSWORD = "lyceum-demo-1"
NAMESPACE = uuid.UUID("6c796365-756d-4000-8000-64656d6f0000")


class Learner:
    def __init__(self, number, languages):
        self.number = number
        self.email = f"learner-{number:02}@example.org"
        self.name = f"Learner {number}"
        self.random = random.Random(number)
        self.language = self.random.choice(languages)

    def events(self, knowledge_id, chapters, now):
        """Reads from the start, and stops somewhere: each chapter that is opened is viewed, takes its time, and is
        completed more often than not. An event's id depends on what it tells, so that a second run is counted once."""
        found = []
        count = self.random.randint(5, len(chapters))
        for place, chapter in enumerate(chapters[:count]):
            moment = now - datetime.timedelta(days=14 * (1 - place / count), minutes=self.number)
            seconds = self.random.randint(30, 900)
            found.append(self._event(knowledge_id, chapter, "view", moment))
            found.append(self._event(knowledge_id, chapter, "time_spent", moment, seconds=seconds))
            if self.random.random() < 0.8:
                found.append(self._event(knowledge_id, chapter, "completion", moment))
        return found

    def _event(self, knowledge_id, chapter, kind, moment, **more):
        name = f"{self.email} {knowledge_id} {chapter} {kind}"
        return {
            "id": str(uuid.uuid5(NAMESPACE, name)), "type": kind, "knowledge_id": knowledge_id, "chapter_id": chapter,
            "language": self.language, "occurred_at": moment.isoformat(timespec="seconds"), **more,
        }
