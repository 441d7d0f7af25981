"""What may never be changed stands here by name: a decorator that slips to the wrong class is noticed."""

from inspections import all_models
from inspections.database import APPEND_ONLY

#: table → what would be lost if its rows could be rewritten
NEVER_CHANGED = {
    "answer_sheets": "what villagers said",
    "blotted_rows": "which words went to the case room, and the digest of what they were",
    "campaign_steps": "what was done about a township's task in a campaign",
    "case_room_key_steps": "who enrolled, confirmed and retired a key of the case room",
    "case_room_keys": "the public keys that leads are sealed for",
    "chain": "the links of the chain",
    "countersignatures": "who agreed to which version of a paper",
    "declarations": "what a member declared about the own ties",
    "demand_steps": "what was done about a villager's request",
    "filings": "when a paper was filed with the office above",
    "finding_gate_voices": "the two opinions on a grave paper",
    "finding_revisions": "the words of a working paper",
    "finding_sortings": "how a paper's problems were sorted",
    "finding_steps": "who handed in, returned and signed a working paper",
    "journal": "who did what",
    "lead_envelopes": "the key of a lead, sealed for each holder",
    "lead_steps": "what the case room did with a lead",
    "ledger_epochs": "from when on a restored ledger counts",
    "letter_plans": "the signed page with which a place answered a letter",
    "operations": "what was entered on a tablet",
    "own_texts": "the county's own words in papers",
    "paper_files": "the bytes of issued papers",
    "paper_steps": "who drafted, checked, signed and issued",
    "poll_fives": "which five sheets were shown together",
    "poll_tasks": "which hint became a task",
    "quarantined_operations": "what a tablet sent and the ledger refused",
    "rectification_proofs": "what a township handed in as proof",
    "rectification_steps": "what was done about a rectification",
    "recusal_steps": "who decided on a recusal",
    "reminders": "who was reminded of what",
    "sealed_leads": "the sealed body of a lead",
    "visit_steps": "when a visit was closed, and opened again by whom and why",
    "unit_events": "what became of a unit, and into which it went",
}


def test_these_tables_and_no_others_are_append_only() -> None:
    all_models()
    assert set(NEVER_CHANGED) - set(APPEND_ONLY) == set(), "no longer guarded"
    assert set(APPEND_ONLY) - set(NEVER_CHANGED) == set(), "say above what would be lost"
    assert len(APPEND_ONLY) == len(NEVER_CHANGED), "a table is guarded twice"
