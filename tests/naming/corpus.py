"""Generated sentences with one name each: 500 surnames × 80 frames, to measure recall."""

import random

from inspections.naming.surnames import surnames

#: {} is the name
FRAMES = """
村民{}反映其2024年未领到补贴。|{}反映村务公开不及时。|会计{}未按规定记账。|网格员{}经手发放。|{}等3户未领到补助。|其妻{}代领补贴款。
由{}经手的3笔支出无票据。|经查，{}领取低保金1.2万元。|2024年3月，{}从村集体借款5000元。|{}（女，65岁）为五保户。|低保户{}已去世仍在领取。
村会计{}、出纳签字确认。|将补贴发给{}，未公示。|{}、李小红二人未签字。|村民王大明与{}签订合同。|承包人{}拖欠租金。|经手人：{}。|证明人为{}。
{}家中无人居住。|向{}支付劳务费800元。|{}之子享受低保。|村支书{}的妻子承包鱼塘。|施工方{}未提供发票。|包工头{}借用资质。|“{}”的签名与笔迹不符。
{}于2023年5月死亡。|发现{}冒领补贴1800元。|村民小组长{}代签。|户主{}表示没有收到。|{}户有轿车一辆。|未将{}纳入监测。|{}本人不知情。
{}承认未入账。|监委会主任{}未履职。|经走访{}、村医等人，情况属实。|党员{}参加会议。|收款人{}与合同不符。|收款人为{}，金额3000元。|{}名下有商铺。
村主任{}主持会议。|护林员{}未到岗。|保洁员{}工资由他人代领。|租给{}，每年2000元。|{}签字领取慰问品。|{}同志未参加会议。|其父{}享受五保。
其子{}在该公司任职。|土地流转给{}，合同未备案。|群众{}多次来访。|{}的低保金打入他人账户。|{}称钱已交给会计。|{}说没有开过会。|被{}占用的林地。
{}与村干部系亲属。|{}系村会计的弟弟。|报账员{}白条入账。|村民代表{}没有签字。|驾驶员{}加油。|该款由{}保管。|据{}称，未公示。|{}没有签名。
{}未经公示纳入低保。|死亡人员{}仍领取养老金。|供货商{}开具发票。|{}代{}办理。|股东{}占股三成。|法定代表人{}。|残疾人{}未享受补贴。
经核实，{}已退回。|附：{}收条一张。|{}；另有2户。|（{}）|联系人{}未接电话。|{}及其家属承包。|和{}共同承包。|对{}进行了谈话。|找{}核实情况。
{}在外务工。|{}已搬走。|给{}发放临时救助。|{}曾任村会计。|工作人员{}未到现场。
"""
FIRST = "桂长小大志秀建国海春文明德玉丽晓永金红福庆立成光俊思雨梓家新学忠"
SECOND = "枝明芳强英军华梅兰平林生才燕涛杰斌霞云峰龙凤辉宇轩涵怡发根香"
SINGLE = "敏伟静磊勇艳杰娟涛超霞刚辉鹏琴"
_PAIRS = "建国国庆和平建设爱民文化解放胜利海燕桂花开明长江天才有才学文卫东红旗光明春天"
WHOLE = [one + two for one, two in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)]


def frames() -> list[str]:
    """The frames, at least 80."""
    return [frame for line in FRAMES.strip().split("\n") for frame in line.split("|") if frame]


def given(luck: random.Random) -> str:
    """A given name of one or two letters, now and then one that is a word of its own."""
    turn = luck.random()
    if turn < 0.12:
        return luck.choice(WHOLE)
    return luck.choice(SINGLE) if turn < 0.25 else luck.choice(FIRST) + luck.choice(SECOND)


def sentences(seed: int, surnames_wanted: int = 500) -> list[tuple[str, str]]:
    """(sentence, name in it): every surname in every frame."""
    luck = random.Random(seed)
    known = surnames()
    chosen = sorted(known.compound - known.ethnic)
    rest = sorted(known.single)
    luck.shuffle(rest)
    chosen = [*chosen, *rest][:surnames_wanted]
    made = []
    for surname in chosen:
        for frame in frames():
            name = surname + given(luck)
            made.append((frame.replace("{}", name), name))
    return made
