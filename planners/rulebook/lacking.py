"""What is said of a plan that lacks somebody: causes that are no number of people, remarks, gaps, remedies.
Words only, in the manner of table.py; what they are said of is found in shortage/."""

from __future__ import annotations

from collections.abc import Mapping

#: Causes that are more than a number of people whom a rule bars: rule and case → words.
CAUSES: Mapping[str, str] = {
    "H02 closed": "各轮次都不能接受检查{rule}",
    "H02 room": "全部轮次最多可去{room}个单位，需去{n}个{rule}",
    "H02 full": "可去的{rounds:few}已排满{rule}",
    "H02 crowded": "可去的{rounds:few}已排满，{n}个单位只能在这些轮次接受检查{rule}",
    "H03 nobody": "没有其他具备所需专长（{needs}）的人{rule}",
    "H03 none": "没有具备所需专长的人{rule}",
    "H03 stopped": "另有{n}人可派，求解停止时还没有安排",
    "H03 untried": "有人可派，求解停止时还没有安排",
    "H04 sent": "可派的{n}人已全部派出{rule}",
    "H09 full": "{offices:few}外派已满{rule}",
    "H13 closed": "距上次检查太近，各轮次都不能接受检查{rule}",
}

#: Facts that no plan can get around.
REMARKS: Mapping[str, str] = {
    "H02 room": "全周期最多可组建{groups}，需去{n}个单位{rule}。",
    "H02 closed": "{unit}各轮次都不能接受检查{rule}。",
    "H03 staff": "按在岗人数和留守、外派上限，全周期可组建{groups}，需{n}个（组不满的：{rounds:few}）。",
    "H04 turns": "全周期有“{slot}”专长的{n}人最多出{most}人次，至少需{least}人次（最多组数{rule:after}）。",
    "H13 closed": "{unit}距上次检查太近，或各轮次都不能接受检查{rule}。",
    "barred": "{unit}的“{slot}”至少要{least}人，全周期只有{n}人可去：{causes:；}。",
    "round": "{round}“{slot}”最多{n}人，满编{teams_wanted}个组需{least}人。",
}

PARTS: Mapping[str, str] = {
    "groups": "{n}个组",
    "groups and visits": "{n}个组、去{visits}个单位",
    "round with teams": "{round}（{n}个组）",
    "round of so many": "{round}{n}个",
    "office keeps": "{office}（在岗{n}人须留守{least}人）",
    "office sends": "{office}（最多外派{most}人）",
    "seat": "“{slot}”",
    # what a plan lacks in all, and what every plan lacks
    "unvisited": "{n}个单位无人前往",
    "missing": "缺{n}人次",
    "never fewer unvisited": "怎样排都至少{n}个单位无人前往",
    "never fewer missing": "能去的单位都去时至少缺{n}人次",
    "totals": "本方案{lacks:，}。",
    "totals proven": "本方案{lacks:，}；在现有条件下，{least:，}（已证明）。",
    "totals least": "本方案{lacks:，}；在现有条件下，怎样排都不会更少（已证明）。",
    # single gaps
    "gap": "{round}缺{n}名{seats}：{causes:；}；受影响：{units:few}。",
    "gap proven": "{round}缺{n}名{seats}（其中{proven}名换人也补不上）：{causes:；}；受影响：{units:few}。",
    "gone": "{unit}无人前往：{causes:；}。",
    "reason": "{causes:；}。",
    "reason of seat": "{round}“{slot}”缺{n}人：{causes:；}。",
    "reason of seats": "{round}“{slot}”缺{n}人（与其他单位共缺{all}人）：{causes:；}。",
    # what a repair changed
    "moved": "{unit}：由{before}改为{after}，原因：{why}。",
    "that round": "{round}",
    "no round": "未安排",
    "no visit": "无人前往",
    "seat filled": "{round}{team:short}（{units}）“{slot}”：增加{other}，原因：{why}。",
    "seat empty": "{round}{team:short}（{units}）“{slot}”：{person}退出，暂缺，原因：{why}。",
    "seat changed": "{round}{team:short}（{units}）“{slot}”：{person}换为{other}，原因：{why}。",
    "because closed": "{round}不能接受检查{rule}",
    "because legal": "为使方案合法完整",
    "because moved": "随单位调整轮次",
    "because short": "补足缺额",
    "because left": "{person}已退出",
    "because away": "{person}{round}缺勤",
    "because quota": "{office}{round}留守或外派超出规定（至少留守{least}人{rule:after}）",
    "because quotas": "{office}{round}留守或外派超出规定（至少留守{least}人，最多外派{most}人{rule:after}）",
    "because barred": "{why}",
    "because spared": "让出名额以补足其他席位",
    "because reseated": "在本{组}改任其他席位",
    "because needed": "调往{team:short}补缺",
    # what giving up a rule would save
    "without term": "不计“{name}”（权重{n}改为0）",
    "without soft ties": "不计“{name}”",
    "without H10": "取消“{name}”{rule}",
    "without H11": "取消“{name}”{rule}",
    "without H06": "取消“{skill}”的交叉要求{rule}",
    "without H06 of slot": "允许“{slot:id}”检查{circle}{rule}",
    "without H13": "取消“单位两次检查”的间隔要求{rule}",
    "without H14": "取消“同一人再去同一单位”的间隔要求{rule}",
    "more out": "{office}每轮多派1人{rule}",
    # remedies
    "round": "增加{n}轮（每轮{most}个组，同末轮；按全员在岗计）",
    "teams": "{round}由{n}个组增为{most}个组",
    "limit": "{people:few}的最多组数各增加1",
    "loan": "从{area}向{other_area}借用{n}名“{slot}”（{people:few}）",
    "open": "{changes:few}",
    "open unit": "请{unit}在{round}接受检查",
    "pin": "{changes}",
    "pin lifted": "{pin}不再排除{people:few}",
    "quota": "{changes:，}",
    "home of one": "{office}留守由{n}人降为{most}人",
    "home of many": "{offices:few}留守各减1人",
    "out of one": "{office}最多外派由{n}人增为{most}人",
    "out of many": "{offices:few}最多外派各增1人",
    "policy crossing": "“{slot}”检查{circle}由禁止改为尽量避免",
    "policy unit": "单位两次检查的间隔不足由禁止改为尽量避免",
    "policy person_unit": "同一人再去同一单位的间隔不足由禁止改为尽量避免",
    "helps": "{change}，经试算{before}减为{after}。",
    "heals": "{change}，经试算{before}可全部补齐。",
}
