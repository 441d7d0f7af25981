"""The table of rules: what each is called, on what it rests, what is said of whom it bars, and its sentences.
The only place where a rule is worded; codes and order are those of the contract. It judges nothing.

In the words `{fact}` is a fact of the value (see values.py), `{组}` what the reader calls a team.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its mappings go from a case of the rule to its words; the case "" says the rule as a whole.

    `barred`: of people, read after their number; `bars`: of one person and one seat; `broken`: of a plan.
    """

    code: str
    name: str
    article: str  # what it rests on
    barred: Mapping[str, str] = field(default_factory=dict)
    bars: Mapping[str, str] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)


_PLAN = "县定驻点方案"
_RECUSAL = "监察法第六十七条；公务员法第七十六条"

RULES: Mapping[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "H01",
            "每个单位去一次",
            _PLAN,
            broken={
                "often": "{unit}被安排{n}次：{teams}",
                "never": "{unit}没有{组}前往，也没有列入缺口",
            },
        ),
        Rule(
            "H02",
            "轮次和组的规模",
            _PLAN,
            barred={"": "在受检单位停检的轮次"},
            bars={"": "{unit}在{round}不能接受检查"},
            broken={
                "teams": "{round}有{n}个{组}，最多{most}个",
                "units": "{team}去{n}个单位，应为1至{most}个",
                "closed": "{unit}在{round}不能接受检查，却由{team:short}前往",
            },
        ),
        Rule(
            "H03",
            "席位的人数、专长和来源",
            _PLAN,
            barred={"": "专长或来源不合席位要求", "alike": "与已在席位的人同村或同机构"},
            bars={"skill": "没有所需专长（{needs}）", "alike": "与同席位的{other}来自同一单位或村"},
            broken={
                "heads": "{team}“{slot}”有{n}人，应为{least}至{most}人",
                "lacks": "{unit}“{slot}”缺{n}人",
                "skill": "{team}“{slot}”由{person}担任，但其没有所需专长（{skills:/}）",
                "alike unit": "{team}“{slot}”的{person}与{other}同属{unit}",
                "alike office": "{team}“{slot}”的{person}与{other}同属{office}",
                "topic skill": "{team}的专题{topic}由{person}承担，但其没有所需专长",
                "topic twice": "{team}的专题{topic}交给了{n}人，应为1人",
                "topic": "{team}的专题{topics}没有交给任何人，也没有列入缺口",
            },
        ),
        Rule(
            "H04",
            "一人一处，不超过最多次数",
            _PLAN,
            barred={
                "": "当轮不在岗、已有任务或次数已满",
                "limit": "已满最多组数",
                "off": "当轮不在岗",
                "busy": "已在本轮其他组",
            },
            bars={
                "off": "{round:name}不在岗",
                "busy": "{round:name}已在{team:short}（{units}）",
                "limit": "已编入{n}个{组}，最多{most}个",
            },
            broken={
                "seats": "{person}在{round}占了{n}个席位，最多1个",
                "off": "{person}在{round}不在岗，却被编入{组}",
                "one day": "{person}在同一天既在{team:alone}又在{other_team:alone}",
                "away": "{person}在{team}外出期间不在岗",
                "limit": "{person}共编入{n}个{组}，最多{most}个",
            },
        ),
        Rule(
            "H05",
            "不查本村（单位）",
            _RECUSAL,
            barred={"": "是本村本单位的人"},
            bars={"": "{unit}是本人所在村（单位）"},
            broken={"": "{team}的{person}检查本人所在的{unit}"},
        ),
        Rule(
            "H06",
            "交叉",
            _PLAN,
            barred={"": "不符合交叉要求"},
            bars={
                "skill": "来自{area}，去{unit}不符合“{skill}”的交叉要求",
                "not": "来自{area}，“{slot:name}”去{unit}不得检查{circle}",
                "from": "来自{area}，“{slot:name}”去{unit}须为{circle}的人",
            },
            broken={
                "skill": "{team}的{person}（{area}）以“{slot}”检查{unit}，不符合交叉规则（{skills:/}）",
                "not": "{team}的{person}以“{slot}”检查{unit}，不得检查{circle}",
                "from": "{team}的{person}以“{slot}”检查{unit}，应由{circle}的人检查",
            },
        ),
        Rule(
            "H07",
            "与单位的回避关系",
            _RECUSAL,
            barred={"": "与受检单位有回避关系"},
            bars={"": "与{unit}有须回避的关系（{kind}）"},
            broken={"": "{team}的{person}对{unit}应当回避（{kinds}）"},
        ),
        Rule(
            "H08",
            "同组人员的回避关系",
            _RECUSAL,
            barred={"": "与组内人员有回避关系"},
            bars={"": "与同{组}的{other}不得同{组}（{kinds}）"},
            broken={"": "{team}中{person}与{other}不得同{组}（{kind}）"},
        ),
        Rule(
            "H09",
            "机构的留守和外派",
            _PLAN,
            barred={"": "所在机构外派已满"},
            bars={
                "home": "{office}{round:name}已外派{n}人，至少留守{least}人",
                "out": "{office}{round:name}已外派{n}人，至少留守{least}人、最多外派{most}人",
            },
            broken={
                "out": "{round}{office}派出{n}人（{people}），最多{most}人",
                "home": "{round}{office}在家{n}人，至少应留{least}人",
                "out day": "{office}{day}派出{n}人（{people}），最多{most}人",
                "home day": "{office}{day}在家{n}人，至少应留{least}人",
            },
        ),
        Rule(
            "H10",
            "本村受检须留村",
            _PLAN,
            barred={"": "因本村当轮接受检查须留村"},
            bars={"": "{unit}{round:name}接受检查，应留村"},
            broken={"": "{unit}在{round}接受检查，{person}应在家，却编入{team:short}"},
        ),
        Rule(
            "H11",
            "不得互派组长",
            _PLAN,
            barred={"": "任组长会形成两地互派"},
            bars={"": "{round:name}会形成两地互派组长"},
            broken={
                "": "{round}{area}与{other_area}互派组长：{person}带{team:short}，{other}带{other_team:short}"
            },
        ),
        Rule(
            "H12",
            "固定安排",
            _PLAN,
            barred={"": "与固定安排不符", "excluded": "被固定安排排除", "elsewhere": "被固定在本轮其他组"},
            bars={
                "held": "{other}由固定安排指定在此席位",
                "excluded": "固定安排把此人排除在该{组}之外",
            },
            broken={
                "apart": "{pin}未落实：{round}没有一个{组}同去{units}",
                "unit": "{pin}未落实：{round}没有{组}去{units}",
                "loose": "{pin}未落实：{team}{loose:；}",
                "people": "{pin}未落实：{round}没有一个{组}由{people}按指定席位组成且不含排除人员",
            },
        ),
        Rule(
            "H13",
            "单位两次检查的间隔",
            _PLAN,
            barred={"": "要去的单位不久前刚检查过"},
            bars={"": "{unit}{date}刚检查过，应满{days}天"},
            broken={"": "{team}检查{unit}，距上次检查{n}天，应满{days}天"},
        ),
        Rule(
            "H14",
            "同一人再去同一单位的间隔",
            _PLAN,
            barred={"": "不久前检查过受检单位"},
            bars={"": "{date}检查过{unit}，应隔满{days}天"},
            broken={"": "{team}的{person}{n}天前检查过{unit}，应隔满{days}天"},
        ),
        Rule(
            "H15",
            "席位所要的机构",
            _PLAN,
            barred={"": "所在机构不是该席位所要的"},
            bars={
                "body": "所在机构的性质不是“{slot:name}”所要的（{bodies}）",
                "must": "所在机构不是{unit}的对口监督机构，不能任“{slot:name}”",
                "must not": "所在机构是{unit}的对口监督机构，不能任“{slot:name}”",
            },
            broken={
                "body": "{team}的{person}所在{office}性质为{body}，“{slot}”只能由{bodies:/}的人担任",
                "nowhere": "{team}的{person}无所属机构，“{slot}”只能由{bodies:/}的人担任",
                "must": "{team}的{person}所在机构不是{unit}的对口监督机构，不能任“{slot}”",
                "must not": "{team}的{person}所在机构是{unit}的对口监督机构，应当回避“{slot}”",
            },
        ),
        Rule(
            "S01",
            "缺口如实",
            _PLAN,
            broken={
                "twice": "{unit}的缺口“{slot}”列了{n}次",
                "twice unit": "{unit}的缺口“无人前往或专题”列了{n}次",
                "visited": "{unit}列为无人前往，实际由{teams:id}前往",
                "one": "{unit}列为无人前往，缺数应为1，写成{n}",
                "elsewhere": "{unit}的缺口写在{round}，但该轮没有{组}前往",
                "heads": "{unit}的缺口“{slot}”写缺{n}人，实际缺{real}人",
                "topics": "{unit}写有{n}个专题没有人承担，实际{real}个",
            },
        ),
        Rule(
            "S02",
            "目标值如实",
            _PLAN,
            broken={
                "term": "目标项 {term} 写成{stated}，应为{real}",
                "total": "目标总值写成{stated}，应为{real}",
                "roads": "按直线距离计的人次写成{stated}，应为{real}",
            },
        ),
        Rule(
            "S03",
            "下界如实",
            _PLAN,
            broken={
                "partial": "方案有缺口，不应有下界，写成{stated}",
                "above": "下界{stated}高于目标总值{total}",
                "none": "没有下界或下界为0时差距应为空，写成{stated}",
                "gap": "与下界的差距写成{stated}，应为{real}",
            },
        ),
    )
}

#: What a person and a unit may share.
CIRCLES: Mapping[str, str] = {"unit": "本单位", "area": "本乡镇（本地）", "zone": "本片区"}

#: What a cost term is called, on every screen and in every sentence.
TERMS: Mapping[str, str] = {
    "risk": "风险先后",
    "distance": "路程",
    "load": "工作量",
    "pair": "重复搭档",
    "revisit": "重复到同一地方",
    "size": "人数偏离",
    "change": "改动",
    "soft_tie": "宜回避关系",
    "crossing": "宜交叉而未交叉",
    "memory": "近期去过",
    "pairing": "全组新人",
    "topic": "专题分担",
}

#: Parts of sentences that are no rule's own.
PHRASES: Mapping[str, str] = {
    "pin": "第{n}条固定安排",
    "lacks": "缺{person}任“{slot}”",
    "should not have": "不应有{person}",
    "no area": "无所属地",
    "no office": "无所属机构",
}
