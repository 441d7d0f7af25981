"""Who did what to which record when: written in the transaction of the change, never altered.

It records that something changed and what a successor must know; it is not a copy of the record.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, orm, select

from inspections.database import Base, append_only, now, today, whole
from inspections.site.privacy import blotted_in

#: every act that may stand in the journal, as a sentence about its actor goes on
ACTS: Mapping[str, str] = {
    "session.open": "登录",
    "session.refused": "登录未成",
    "session.renew": "在平板上续登",
    "session.token_burned": "平板续登凭证作废",
    "password.refused": "输错了密码",
    "session.end": "退出了他人的一处登录",
    "second_factor.set": "启用了动态口令",
    "second_factor.remove": "解除了动态口令",
    "trace.broken": "要取的文件与入库时不同（警报）",
    "paper.read": "查阅了文书",
    "photo.read": "查看了照片",
    "proof.read": "查看了佐证材料",
    "lead.read": "查阅了一条线索",
    "export.take": "下载了文件",
    "probe.refused": "试图做权限以外的事",
    "probe.beyond": "试图打开范围以外的记录",
    "account.create": "新建了账号",
    "account.reset": "重置了密码",
    "account.change": "更改了账号的角色或人员",
    "account.enable": "启用了账号",
    "account.confirm": "确认了账号",
    "account.disable": "停用了账号",
    "account.password": "修改了密码",
    "area.change": "修改了区域",
    "area.renamed": "登记了乡镇更名",
    "unit.change": "修改了单位",
    "office.change": "修改了机构",
    "person.change": "修改了人员",
    "unit.added": "新增了单位",
    "unit.renamed": "登记了单位更名",
    "unit.joined": "登记了单位合并",
    "unit.divided": "登记了单位拆分",
    "unit.ended": "登记了单位撤销",
    "office.add": "新增了机构",
    "person.added": "新增了人员",
    "person.moved": "登记了调动",
    "person.lent": "登记了借调",
    "person.left": "登记了离开",
    "person.back": "登记了返回",
    "person.joined": "把两条登记并为一人",
    "person.same": "确认了两条登记是同一人",
    "person.not_same": "确认了两条登记不是同一人",
    "tie.add": "登记了回避关系",
    "tie.change": "修改了回避关系",
    "removal.ask": "提出了删除回避登记",
    "removal.decide": "决定了删除回避登记",
    "tie.remove": "删除了回避关系",
    "kin.add": "登记了亲属",
    "kin.change": "修改了亲属",
    "kin.remove": "删除了亲属",
    "key_post.add": "登记了关键岗位任职",
    "key_post.change": "修改了关键岗位任职",
    "key_post.remove": "删除了关键岗位任职",
    "kin_set.choose": "选定了亲属范围",
    "declaration.answer": "作了回避申报",
    "declaration.stand_in": "代录了纸质回避申报",
    "declaration.take_back": "撤销了代录的回避申报",
    "training.take_back": "撤销了培训登记",
    "readiness.rule": "更改了申报和培训要求",
    "training.record": "登记了培训",
    "absence.enter": "登记了不可用日期",
    "absence.withdraw": "撤销了不可用日期",
    "recusal.step": "办理了回避申请",
    "waiver.ask": "申请豁免回避",
    "waiver.decide": "决定了豁免申请",
    "waiver.revoke": "撤回了豁免",
    "blackout.add": "登记了停检时段",
    "blackout.remove": "删除了停检时段",
    "roster.import": "导入了名册",
    "recusal_kinds.load": "更新了回避种类",
    "checklist.publish": "启用了新版清单",
    "law.enter": "登记了本县依据",
    "law.article": "登记了条文",
    "law.confirm": "核对了条文",
    "check.settle": "登记了核查结果",
    "comparison.propose": "提出了数据比对",
    "comparison.decide": "决定了数据比对",
    "comparison.run": "运行了数据比对",
    "comparison.list": "收入了一份比对名单",
    "comparison.queue": "开始了数据比对",
    "comparison.cancel": "取消了数据比对",
    "comparison.end": "销毁了到期比对的密钥和名单",
    "cycle.create": "新建了周期",
    "cycle.edit": "修改了周期设置",
    "cycle.rounds": "修改了各轮安排",
    "cycle.ask": "提出变更，等第二人同意",
    "cycle.agree": "同意了变更",
    "cycle.decline": "不同意变更",
    "cycle.archive": "归档了周期",
    "cycle.restore": "恢复了周期",
    "cycle.copy": "照上一周期新建了周期",
    "zone.propose": "提出片区划分",
    "zone.adopt": "采用片区划分",
    "zone.charge": "填写包片领导",
    "batch.ask": "成批生成一轮的文书",
    "batch.stop": "取消成批生成",
    "plan.queue": "开始排程",
    "plan.stop": "要求停止排程",
    "plan.ready": "排出方案",
    "plan.failed": "排程未成",
    "plan.cancelled": "取消了排程",
    "plan.try": "照补救办法试排",
    "plan.exchange": "换了一名人员，成为新的一版",
    "plan.step": "手工调整了一步",
    "plan.undo": "撤销了一步调整",
    "plan.drop": "放弃了手工调整",
    "plan.adjust": "手工调整，成为新的一版",
    "plan.lock": "锁定了",
    "plan.unlock": "解除了锁定",
    "plan.refit": "按现在的名册补位，成为新的一版",
    "plan.supersede": "以另一版替代了本版",
    "plan.submit": "送审了方案",
    "plan.recall": "撤回了送审",
    "plan.send_back": "退回了方案",
    "plan.lapse": "因发布另一版使本版失效",
    "plan.withdraw": "撤回了发布",
    "plan.approve": "批准了方案",
    "plan.publish": "发布了方案",
    "answer.record": "填写了清单",
    "device.revoke": "停用了平板",
    "device.hand_back": "交回了平板",
    "quarantine.accept": "收入了一条被退回的记录",
    "visit.closed": "关闭了驻点",
    "visit.opened": "重新开放了驻点",
    "visit.letter": "随文书印发关闭了驻点",
    "visit.unpack": "装入了驻点包",
    "field.import": "导入了平板的未上传文件",
    "photo.accept": "上传了照片",
    "finding.draft": "编制了底稿",
    "finding.revise": "修改了底稿",
    "finding.in_review": "提交了底稿",
    "finding.submitted": "提交或复核了底稿",
    "finding.returned": "退回了底稿",
    "finding.signed": "审签了底稿",
    "item.hand_over": "交办了问题",
    "item.sign_receipt": "签收了交办问题",
    "item.submit_plan": "报送了整改方案",
    "item.accept_plan": "同意了整改方案",
    "item.return_plan": "退回了整改方案",
    "item.report_progress": "报告了整改进展",
    "item.ask_extension": "申请了延期",
    "item.grant_extension": "同意了延期",
    "item.refuse_extension": "没有同意延期",
    "item.report_done": "报告了整改完成",
    "item.send_back": "退回了整改材料",
    "item.assign_check": "指派了核验人",
    "item.rate_good": "核验为好",
    "item.rate_fair": "核验为较好",
    "item.rate_weak": "核验为一般",
    "item.rate_poor": "核验为差",
    "item.mark_long_term": "转为长期坚持",
    "item.close": "销号",
    "item.recheck_held": "回头看未反弹",
    "item.recheck_failed": "回头看反弹",
    "item.reopen": "撤销了销号",
    "item.withdraw": "撤销了交办",
    "item.dispatch": "分办了问题",
    "paper.file": "登记了备案",
    "reminder.send": "发出了提醒",
    "reminder.log": "登记了提醒",
    "finding.sort": "梳理了底稿",
    "campaign.propose": "提出了专项治理建议",
    "campaign.adopted": "采纳了专项治理建议",
    "campaign.declined": "没有采纳专项治理建议",
    "clock.confirm": "核对并确认了日期",
    "calendar.keep": "登记了工作日历",
    "calendar.remove": "删除了工作日历中的一天",
    "demand.hear": "登记了群众诉求",
    "demand.assigned": "分流了群众诉求",
    "demand.replied": "答复了群众诉求",
    "demand.closed": "办结了群众诉求",
    "demand.dropped": "没有受理群众诉求",
    "score.rules": "修改了考核分值",
    "finding.gate": "对底稿发表了研判意见",
    "finding.gate_refused": "没有同意研判意见",
    "case_key.enrol": "登记了案管室公钥",
    "case_key.prove": "验证了案管室公钥",
    "case_key.confirm": "确认了案管室公钥",
    "case_key.retire": "停用了案管室公钥",
    "lead.seal": "移送了一条线索",
    "lead.received": "签收了一条线索",
    "lead.disposed": "登记了线索处置方式",
    "lead.finished": "办结了一条线索",
    "letterhead.save": "修改了文书版头",
    "wording.save": "修改了文书用语",
    "paper.draft": "起草了文书",
    "paper.revise": "修改了文书内容",
    "paper.replace": "起草了替代的文书",
    "paper.check": "核过了文书",
    "paper.countersign": "会签了文书",
    "campaign.begin": "组织实施了专项治理",
    "campaign.given": "交办或退回了专项治理任务",
    "campaign.reported": "报告了专项治理任务的结果",
    "campaign.accepted": "确认了专项治理任务的结果",
    "campaign.day": "更改了专项治理任务的完成日期",
    "campaign.end": "结束了专项治理",
    "letter.plan": "报送了整份交办函的整改方案",
    "approval.arrange": "修改了文书审批程序",
    "paper.name_check": "确认了文书中可能是人名的词",
    "paper.send_back": "退回了文书",
    "paper.sign": "签发了文书",
    "paper.void": "作废了文号",
    "paper.issue": "印发了文书",
    "paper.print": "生成了版面",
    "paper.reprint": "重新生成了版面",
    "paper.delivered": "登记了文书送达",
    "paper.received": "登记了文书签收",
    "paper.replied": "登记了文书回复",
    "poll.open": "发放了问卷",
    "poll.slips": "打印了答卷条",
    "poll.close": "停收了问卷",
    "poll.follow": "按问卷提示生成了核查任务",
    "verify.run": "核对了数据库和文件",
    "retention.clear": "清理了保存期满的内容",
    "backup.make": "做了备份",
    "backup.drill": "演练了备份恢复",
    "backup.restore": "从备份恢复了数据",
    "database.upgrade": "升级了数据库",
    "database.move": "迁移了数据库",
    "case_count.save": "填报了移送线索和处理处分的数量",
}


@append_only
class JournalEntry(Base):
    """One act, e.g. `plan.approve` on a plan, with its actor (none: the system itself)."""

    __tablename__ = "journal"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    actor_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    act: orm.Mapped[str]
    subject: orm.Mapped[uuid.UUID | None]
    detail: orm.Mapped[dict[str, Any]]

    actor = orm.relationship("User")
    __table_args__ = (Index("ix_journal_subject_id", "subject", "id"),)


def record(
    session: orm.Session, act: str, subject: uuid.UUID | None = None, actor: Any = None, **detail: Any
) -> JournalEntry:
    """The new entry, added to the transaction that makes the change; `act` is a dotted `thing.verb`."""
    kept = blotted_in(detail)  # whatever a page let through, the journal keeps for ever
    entry = JournalEntry(act=act, subject=subject, actor_id=getattr(actor, "id", None), detail=kept)
    session.add(entry)
    return entry


def names(session: orm.Session, entries: Iterable[JournalEntry]) -> dict[uuid.UUID, str]:
    """What the records of these entries are: kind and short name, e.g. 单位 柳树村; those that are gone lack.

    It asks the tables by name, so that the journal knows no group above it.
    """
    wanted = {entry.subject for entry in entries if entry.subject is not None}
    found: dict[uuid.UUID, str] = {}
    for kind, named in _named():
        missing = wanted - found.keys()
        if missing:
            rows = session.execute(named.where(named.selected_columns[0].in_(missing)))
            found |= {row[0]: f"{kind} {row[1]}" for row in rows}
    return found


def _named() -> list[tuple[str, sa.Select[Any]]]:
    """(kind, select of random name and short name) of everything that the journal speaks about."""
    tables = Base.metadata.tables
    plain = (
        ("账号", "users", "login"),
        ("区域", "areas", "name"),
        ("单位", "units", "name"),
        ("机构", "offices", "name"),
        ("人员", "people", "name"),
        ("周期", "cycles", "name"),
        ("底稿", "findings", "number"),
        ("文书", "papers", "title"),
        ("整改问题", "rectification_items", "title"),
    )
    found: list[tuple[str, sa.Select[Any]]] = [
        (kind, select(tables[table].c.uuid, tables[table].c[words])) for kind, table, words in plain
    ]
    plans, cycles = tables["plans"], tables["cycles"]
    version = cycles.c.name + " 第" + sa.cast(plans.c.number, sa.String) + "版"
    found.append(("方案", select(plans.c.uuid, version).join(cycles, cycles.c.id == plans.c.cycle_id)))
    for kind, table, key in (("驻点", "postings", "uuid"), ("照片", "photos", "id")):
        rows, units = tables[table], tables["units"]
        of = select(rows.c[key], units.c.name).join(units, units.c.id == rows.c.unit_id)
        found.append((kind, of.where(rows.c.team_id.in_(_released())) if table == "postings" else of))
    return found


def _released() -> sa.Select[Any]:
    """The teams whose next village is no secret any more."""
    teams, rounds = Base.metadata.tables["teams"], Base.metadata.tables["rounds"]
    lived = Base.metadata.tables["lived_days"].c.day
    noted = select(sa.func.coalesce(sa.func.max(lived), dt.date.max)).scalar_subquery()
    released = sa.and_(rounds.c.release_on <= today(), rounds.c.release_on <= noted)
    return select(teams.c.id).join(rounds, rounds.c.id == teams.c.round_id).where(released)


def newest(session: orm.Session) -> int:
    """The number of the last entry, 0 without any: while it stays, nobody has entered anything."""
    with whole(session):
        return session.scalar(select(sa.func.max(JournalEntry.id))) or 0


def history(session: orm.Session, subject: uuid.UUID, since: int = 0) -> list[JournalEntry]:
    """What happened to one record after entry number `since`, oldest first."""
    wanted = select(JournalEntry).where(JournalEntry.subject == subject, JournalEntry.id > since)
    return list(session.scalars(wanted.order_by(JournalEntry.id)))
