"""Finds what looks like a villager's full name in the text of a working paper, so that a letter masks it.

It knows only names that follow a word for a person (村民、承包户、会计 …) and cannot find the others: whoever
issues a letter must still read it. Names already written 王某 are left alone.
"""

import re
from collections.abc import Iterator

_ROLES = (
    "村民小组长|村民代表|村民|居民|农户|群众|住户|户主|承租户|承租人|承包户|承包人|租户|流转户|用水户|种植户|养殖户|"
    "经营户|低保户|特困户|五保户|脱贫户|监测户|受益人|代领人|领款人|收款人|信访人|反映人|举报人|当事人|经办人|证明人|"
    "报账员|会计|出纳|村干部|书记|主任|组长|组民|老人|党员"
)
_COMPOUND = "欧阳|上官|司马|诸葛|尉迟|皇甫|公孙|慕容|长孙|宇文|司徒|令狐|轩辕|东方|夏侯"
_SINGLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴"
    "夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安"
    "颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁耿牟卜舒詹关苗凌费纪靳盛童欧甄项曲游阳裴"
    "席卫屈鲍覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边"
)
#: ordinary words that begin like a name
_NOT_NAMES = re.compile(
    "周[边围期知转]|高[度兴于质]|方[面式案便可]|何[时地人种]|万[元余]|任[何职务期]|金[额融]|向[村镇组乡]|常[年住务态]|"
    "安[排置全]|程序|项[目下]|石料|田[间地块]|余[下款额]|许[可多]|钱[款物]|严[重格]|曾[经因在向由]|施[工肥]|郑重|"
    "林[地权木]|于[是法]|夏[季粮]|范围|陆续|康复|张[贴榜挂]|陈[述旧]|马上|罗列|谢绝|董事|杜绝|胡乱|文[书件化明]|"
    "关[于系心]|管[理护]|路[面段边]|强[制调]|华侨|车[辆费]|房[屋产]|边界|解[决释除]|单[位独]|包[括含干]|司[机法]|"
    "齐全|季度|费用|纪[律检委]|盛产|章[程节]|左右|游客|卫生|景区|薄弱|易[地迁]|江边|段落|温饱|武装|毛利|"
    "孙子|兰花|牛羊|梅花|庄稼|谷物|苗木|植[树物]|甘蔗|柳树|杨树|桂花|代表|会议|大会|理事"
)
_FIRM = r"(?=[，。；、：！？（）()“”《》【】\s\d]|$|反映|表示|承认|陈述|证实|等[，。、\d人户名]|共计)"
_LOOSE = (
    r"(?=的|等|称|说|户|家|与|和|及|在|于|由|已|未|没|有|无|均|也|是|将|把|被|向|从|至|因|以|自|出|领|签|承|租|拖|"
    r"欠|缴|口头|交|为|到|每|全|曾|对|代|就|却|并|经|所|名下|本人|本户|夫妇|夫妻|某)"
)
_HAN = "(?:(?![等某的])[一-龥])"
_NAME = re.compile(
    rf"(?:{_COMPOUND}){_HAN}{{1,2}}?(?:{_FIRM}|{_LOOSE})"
    rf"|[{_SINGLE}](?:{_HAN}{{2}}{_FIRM}|{_HAN}{_FIRM}|{_HAN}{_LOOSE}|{_HAN}{{2}}{_LOOSE})"
)
_PERSON = re.compile(rf"(?:{_ROLES})(?:代表)?")
_UNSURE = re.compile(rf"[{_SINGLE}][一-龥](?<!某)[一-龥](?<!某)")
_NEXT = re.compile("[、和与及]")


def full_names(text: str) -> list[str]:
    """The full names that stand behind a word for a person, each once, in the order of the text."""
    return list(dict.fromkeys(_found(text)))


def possible_names(text: str) -> list[str]:
    """Places where a name may stand that `full_names` did not dare to take: the words there, for a reader."""
    known = full_names(text)
    found = []
    for role in _PERSON.finditer(text):
        rest = text[role.end() :]
        if _UNSURE.match(rest) and not _NOT_NAMES.match(rest) and not any(map(rest.startswith, known)):
            found.append(role.group() + rest[:4])
    return list(dict.fromkeys(found))


def _found(text: str) -> Iterator[str]:
    for role in _PERSON.finditer(text):
        at = role.end()
        while name := _NAME.match(text, at):
            if "某" in name.group() or _NOT_NAMES.match(name.group()):
                break
            yield name.group()
            more = _NEXT.match(text, name.end())
            if more is None:
                break
            at = more.end()
