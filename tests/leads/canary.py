"""Words that stand in one lead and must be found nowhere else."""

SAID = {
    "person": "金丝雀某甲",
    "post": "金丝雀村报账员",
    "matter": "金丝雀事项：虚列劳务",
    "evidence": "金丝雀凭证三张",
    "advice": "金丝雀建议",
}
CANARY = "金丝雀"
