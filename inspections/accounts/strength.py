"""Whether a password is hard to guess: judged by zxcvbn, which knows lists, names, years and keyboards."""

from zxcvbn import zxcvbn

from inspections.site.refusal import Refusal

LEAST_LENGTH, LONGEST = 10, 256
#: of 0 to 4; at 3 a thief of the hashes needs more than 10^8 guesses
LEAST_SCORE = 3
#: what somebody here would try first, beside the own name and the year
OURS = (
    *("巡回驻点", "驻点监督", "纪委监委", "xunhuizhudian", "xunchazhudian", "xunhui", "xuncha", "zhudian"),
    *("jiandu", "jiwei", "jianwei", "jiweijianwei", "inspections", "admin", "mima", "woaini", "zhongguo"),
)
#: zxcvbn takes longer with every sign; whatever comes behind makes a password no weaker
LOOKED_AT = 72


def require(password: str, *known: str) -> None:
    """Nothing. Raises Refusal for a password that is short, or found by whoever knows these words."""
    if len(password) < LEAST_LENGTH:
        raise Refusal(f"密码至少 {LEAST_LENGTH} 位。")
    words = [word for word in (*OURS, *known) if word]
    if zxcvbn(password[:LOOKED_AT], user_inputs=words)["score"] < LEAST_SCORE:
        raise Refusal(
            "这个密码容易被猜中：不要用姓名、账号、年份、键盘顺序或常见密码，可用几个不相干的词连起来。"
        )
