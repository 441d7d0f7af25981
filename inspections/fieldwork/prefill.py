"""What a working paper can already say when it is begun from an abnormal answer.

Only what the checklist and the answer hold; the conclusion is left to the person.
"""

from inspections.fieldwork.answers import Answer
from inspections.findings.drafting import Said
from inspections.units.models import Unit

#: the checklist's one-word methods in the words of the taxonomy
METHODS = {
    "查阅": "查阅资料",
    "比对": "数据比对",
    "询问": "个别谈话",
    "谈话": "个别谈话",
    "走访": "入户走访",
    "实地": "实地查看",
    "暗访": "暗访",
}


def said_of(answer: Answer, unit: Unit) -> Said:
    """The paper's first content: item, category, severity, basis, and the figures of the answer."""
    item = answer.item
    detail = answer.value.get("detail", "") if isinstance(answer.value, dict) else ""
    process = f"按清单 {item.code} “{item.question}”{item.method}：{answer.words}。" if answer.words else ""
    return Said(
        title="",
        category=item.category,
        severity=item.severity,
        summary=detail,
        process=process,
        method=METHODS.get(item.method, item.method),
        place=unit.name,
        basis=item.basis_at(unit.kind).words,
        responsible=unit.name,
        evidence=item.materials,
    )
