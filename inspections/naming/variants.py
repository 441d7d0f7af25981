"""Letters that look like others, and letters that people use for one another in names."""

#: CJK radicals that NFKC leaves alone → the letters they are taken for (Unicode, EquivalentUnifiedIdeograph)
RADICALS = str.maketrans(
    "⺁⺄⺇⺈⺊⺌⺎⺒⺓⺛⺜⺝⺟⺠⺦⺧⺩⺪⺫⺬⺮⺶⺷⺸⺻⺼⺽⻁⻂⻄⻅⻆⻇⻉⻋⻑⻓⻔⻕⻗⻘⻙⻚⻛⻜⻝⻞"
    "⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乙几刀卜小兀巳幺旡日月母民丬牛王疋目示竹羊羊羊聿肉臼虎衤西见角角贝车長长门阜雨青韦页风飞食食"
    "首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龟亀龟",
)

#: letters that stand for one another in names although dictionaries keep them apart: surnames written short
#: (肖 for 萧, 付 for 傅, 闫 for 阎), and variant letters. All of a group become its last one
_GROUPS = """
肖萧 付傅 闫闾阎 代戴 邱丘 兰蓝 於于 黨党 沈沉 葉叶 範范 種种 遊游 馀余 舍佘 寧宁 吴吳 溫温 郤郄
堃坤 喆哲 昇陞升 峯峰 邨村 晳皙 煊暄 犇奔 甦苏 濶阔 勲勋 燿耀 璧壁
祐佑 彬斌 珮佩 琍莉 崐崑昆 崙仑 逹达 栢柏 棨启 廸迪
華华 鋒锋 鈞钧 鏡镜 銘铭 鍾钟锺 强強 靜静 敎教 眞真 靑青 淸清 淨净 谿溪 豔艳 嶽岳 衞卫 羣群 秊年
炜煒 燁晔烨 贇赟 韻韵 彥彦 彌弥 恆恒 朶朵 棟栋 枏楠 椏桠 澤泽 淵渊 湧涌 煙烟 瑠琉 祕秘 綫线 蘂蕊
"""
VARIANTS = str.maketrans({sign: group[-1] for group in _GROUPS.split() for sign in group[:-1]})
