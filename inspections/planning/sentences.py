"""The planner's sentences in the words of the desk: 第一轮第1组 where the files say 第一轮（R1）R1-01队.

It judges nothing and leaves the ids of people, units and offices in place: they tell two of one name apart.
"""

import re
from collections.abc import Callable, Mapping

from inspections.rounds.models import team_words


def desk_words(rounds: Mapping[str, str], teams: Mapping[str, str]) -> Callable[[str], str]:
    """A function: the sentence with teams and rounds as people call them.

    `rounds`: id → name; `teams`: id → id of its round.
    """
    called = {f"{name}（{code}）": name for code, name in rounds.items()}
    words = {code: team_words(rounds[round_], code) for code, round_ in teams.items()}
    either = "|".join(map(re.escape, [*called, *called.values()])) or "(?!)"
    team = re.compile(rf"(?:{either})?(?<![\w-])({'|'.join(map(re.escape, words)) or '(?!)'})队", re.ASCII)

    def told(sentence: str) -> str:
        sentence = team.sub(lambda found: words[found[1]], sentence)
        for with_code, name in called.items():
            sentence = sentence.replace(with_code, name)
        return re.sub("(?<=个|入|同|有)队", "组", sentence)  # 编入队, 不得同队, 没有队; never 三队村

    return told
