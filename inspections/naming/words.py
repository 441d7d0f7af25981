"""The words and letters around names in official sentences (seeds/catalogue/name_words.csv)."""

import csv
from pathlib import Path

TABLE = Path(__file__).parents[2] / "seeds" / "catalogue" / "name_words.csv"

with TABLE.open(encoding="utf-8", newline="") as _file:
    _ROWS = [(row["词"], row["用处"]) for row in csv.DictReader(_file)]


def _used(use: str) -> tuple[str, ...]:
    return tuple(word for word, used in _ROWS if used == use)


#: who somebody is, right before the name
ROLES = _used("身份")
#: relatives, as a sentence says them before a name
RELATIVES = _used("亲属")
#: words of the trade that the dictionary takes for names, or does not know
ORDINARY = _used("普通词")
#: words that belong to the sentence when they follow one letter of a surname
FOLLOWING = frozenset(_used("句中后接"))
#: what makes a place of the letters before it
PLACES = _used("地名后缀")

#: single letters that lead to a name or follow one
LEADS = frozenset("应接收由给向让请找替对系与和及、跟同经据被把以为从托交付发借欠送收：:，,。；（(")
#: letters that end a name when they stand alone
ENDING = frozenset(
    "等的了在于已未称说领户家是有将被把向与和及对从到由也又都曾共各还均经为因至给出收交用所之名并却就才再没不无应须可能"
    "让请去来拿取签拒系租拖欠承某以自同要想做当任即则而且或但如若后前时处上下内外中里间"
)
#: letters that begin no given name
NO_GIVEN = frozenset("的了们吗呢吧着个这那哪些某每我你他她它×*xXＸ等及与")
#: letters of which given names are made
GIVEN = frozenset(
    "一三万东中丹为义久乐书云亚京人仁今仕仙代仪任会伟传伯佑佩佳依侠保俊信修健元光全八公六兰共兴其典军农冬冰凡凤凯利刚创"
    "初力功加劲勇勋勤化北华卓南博卫厚友双发叶合吉名君启周和咏品哲唐善喜嘉四国圆坚坤垚城培堂增声大天太夫奇女好如妍妙妮姣姿"
    "娅娇娜娟娥娣婉婧婵婷媛嫦子孝孟学宁宇守安宏宗定宜宝实宣家容宽宾富寅寒寿小少尚尧山岚岩岭岳峰峻崇川工巧巨帆希帮平年广庆康"
    "建开弘强彤彦彩彪彬影德心志忠念怀怡思恒恩悦惠慧成才扬承振捷敏教敬文斌斐斯方旭时旺昌明昕春昭显晋晓晖晗晚晨景晴晶智曙曼月"
    "有朋朝木本杉材杰松林果枝柏柔柱柳柯栋树根格桂桃桐桦梁梅梓梦森楠楷欢欣正武民永汉江池汝沛沙河治泉法波泰洁洋洪津浩海涛润"
    "涵淑清渊温源溪满滨漫潇潮澄澜灵炎炜炳焕然照煜熙燕爱爽牛玉王玟玥玮玲珂珊珍珠班琛琦琪琳琴琼瑜瑞瑶璇璐瓶生甫田申男留"
    "登白皓益盈盛真睿石砚硕磊社祖祥祯福禄秀秋科程穗立竹笑筠米粉红纪纯纲练绍经结绪维绵缘翔翠耀联聪肖胜能自航良艳艺芝芬花芳"
    "芸苗若英茂茜茹荣莉莎莲菁菊菲萌萍葵蓉蓓蓝蔚蕊蕾薇虎虹蝶行裕西言誉诗诚语诺谊谦贞贤贵贺赛超跃路军辉辰达迎运远连迪通道邦"
    "邵郎采重野金鑫钊钢钦钧铁铃铎铭银锋锐锦镇长闯阳际陆院陵雁雄雅雨雪雯雷霄霆霖霜霞露青静韵顺颖香馨马驰骁骏高魁鲁鲜鸣鸿鹃"
    "鹏鹤麒麟黎龙进新芹丽伍杨美风喻贝巍飞培星晟越泽凌妹姐弟毛狗根水火土旦仔妞丫兵才来财发昌满生轩旗愿怡梓涵长卫东解放设化利胜光妈奶仙娃狗栓锁柱铁蛋臣良朴厚魏孔尧舜禹唐颜桓冠帅帆楚"
)
