"""Why an edit is refused: the word for the tablet, the sentence for the person."""

REASONS = {
    "malformed": "这条记录的格式不正确。",
    "id_reused": "这条记录的编号已用于另一内容。",
    "wrong_visit": "这条记录属于另一个驻点。",
    "real_place": "真实地名只用于排程，不能填写清单。",
    "not_in_team": "您不在这个驻点的组内，或驻点尚未公布。",
    "closed": "这个驻点已经关闭，填写时已不在开放期内；确需补充的，请县统筹写明理由重新开放。",
    "template_version": "清单版本与本驻点不一致，请重新打开清单。",
    "unknown_item": "本驻点的清单中没有这一项。",
    "unknown_field": "这一项没有这个栏目。",
    "kind": "这个栏目不支持这种操作。",
    "other_author": "这条记录由另一位同志填写，请由本人登录后上传。",
    "paper_changed": "底稿已由他人修改，请核对后重新提交。",
    "unknown_photo": "没有找到要移除的照片。",
    "not_leader": "内容不一致时由组长确定。",
    "device_revoked": "这台平板已停用，内容已留存，由县统筹核对后收入。",
    "value": "填写的内容不符合这一项的要求。",
}

#: barred by a tablet or a day, and not by what was written: the county may take these in
BARRED = ("device_revoked", "not_in_team", "closed")


class EditRefused(Exception):
    """One edit cannot enter the ledger: `reason` is a key of REASONS, `detail` a sentence or empty."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail
