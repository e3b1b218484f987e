"""What came of examples in the XML that build servers show, as JUnit's reports are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from sagemaker_model.example.trial import Trial


def write_junit(path: Path, endpoint: str, trials: Sequence[Trial]) -> None:
    """Write a report.

    Args:
        path: Its file.
        endpoint: What was asked.
        trials: What came of it.
    """
    suite = ET.Element(
        "testsuite",
        name=endpoint,
        tests=str(len(trials)),
        failures=str(sum(not trial.passed for trial in trials)),
        time=f"{sum(trial.seconds for trial in trials):.3f}",
    )
    for trial in trials:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=endpoint,
            name=trial.example.name,
            time=f"{trial.seconds:.3f}",
        )
        if not trial.passed:
            problems = ET.SubElement(case, "failure", message=trial.problems[0])
            problems.text = "\n".join(trial.problems)
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)
