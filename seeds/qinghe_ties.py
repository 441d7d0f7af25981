"""The declared ties and relatives of 清河县: every kind of recusal that a planner may see, at least once.

RC-08 and RC-09 (informants, witnesses) never stand here: those are known to the case room alone.
A hard tie never contradicts the finished round, whose teams were posted lawfully.
"""

from dataclasses import dataclass, field

from roster import Roster

#: Ties to a unit whose person works elsewhere: kind, hard, basis, from/to.
ELSEWHERE = (
    ("RC-01", True, "户籍在该村（2026年申报）", "2026-09-01/"),
    ("RC-03", True, "曾在该村任职（干部履历）", "2021-05-01/2025-08-31"),
    ("RC-03", False, "曾在该村任职，离任已满三年且累计不足三年（干部履历）", "2018-03-01/2019-12-31"),
    ("RC-10", True, "近亲属承包该村集体鱼塘（本人申报）", "2024-01-01/2028-12-31"),
    ("RC-11", True, "与该村集体经济合作社理事合伙经营（本人申报）", "2023-06-01/"),
    ("RC-12", False, "在该村所在乡镇长大（干部档案）", ""),
    ("RC-16", False, "熟人关系（本人申报）", "2026-09-01/"),
    ("RC-17", True, "曾借用该村车辆（本人申报）", "2025-11-01/2025-11-30"),
    ("RC-23", True, "不可派往，事由不入库", "2026-09-01/"),
    ("RC-24", True, "领导小组决定，批示编号清组〔2026〕3号", "2026-09-01/"),
)
#: Ties to a unit of the person's own township, which matter when a township rotates inside itself.
AT_HOME = (
    ("RC-22", True, "负责该村补贴、救助事项审核（岗位职责）", "2024-01-01/"),
    ("RC-25", True, "包村干部（镇包村分工表）", "2026-01-01/"),
)
#: Ties between two people of the roster.
BETWEEN_PEOPLE = (
    ("RC-13", False, "近三年曾为上下级（干部履历）", "2023-02-01/2025-06-30"),
    ("RC-14", False, "曾同班子共事三年（干部履历）", "2020-01-01/2023-12-31"),
    ("RC-15", False, "同学关系（本人申报）", ""),
    ("RC-19", False, "两人所在村近期互为被检查村", "2026-09-01/"),
    ("RC-20", True, "近亲属关系（亲属申报表）", ""),
)
#: Relatives in key posts: how a man of the roster calls them, their name (— for his own surname), the post.
#: What follows from them (RC-04 to RC-07) is derived by the program and stands in no file.
RELATIVES = (
    ("配偶", "孟晓春", "村会计"),
    ("配偶", "严雪芬", "村民委员会委员"),
    ("父亲", "—福根", "村党支部委员"),
    ("女儿", "—文静", "村报账员"),
    ("堂兄", "—长根", "村党支部书记"),
    ("姑母", "—桂枝", "村务监督委员会主任"),
    ("岳父", "邹有田", "集体经济合作社理事"),
    ("妻弟", "熊小军", "村民委员会副主任"),
    ("母亲的兄弟", "常守田", "村报账员"),
)
ROTATING_TOWNSHIP = "柳河镇"


@dataclass
class Declarations:
    """Draws who declares what; `posted` is the finished round: person → units of the own team;
    `men` are the given names of men, whose relatives are called as RELATIVES calls them.
    """

    roster: Roster
    posted: dict[str, set[str]]
    men: frozenset[str]
    townships: dict[str, str] = field(init=False)
    officials: list[str] = field(init=False)
    commissioners: dict[str, str] = field(init=False)
    drawn: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        offices = {row["编号"]: row["所属乡镇"] for row in self.roster.offices}
        self.townships = {row["编号"]: offices[row["机构"]] for row in self.roster.people}
        self.officials = [row["编号"] for row in self.roster.people if not row["所在村"]]
        self.commissioners = {
            row["编号"]: row["所在村"] for row in self.roster.people if row["专长"] == "村纪检委员"
        }

    def somebody(self, choice: list[str]) -> str:
        """A person of `choice` who has declared nothing yet."""
        person = self.roster.lot.choice([code for code in choice if code not in self.drawn])
        self.drawn.add(person)
        return person

    def unit_for(self, person: str, at_home: bool) -> str:
        """A village in (or outside) the person's township that the person's team has not visited."""
        return self.roster.lot.choice(
            [
                unit["编号"]
                for unit in self.roster.units
                if unit["类型"] != "单位"
                and (unit["所属乡镇"] == self.townships[person]) == at_home
                and unit["编号"] not in self.posted.get(person, ())
            ]
        )

    def to_units(self) -> None:
        """Former posts, contracts, acquaintances and duties, two of each; more where a township rotates."""
        for kind, hard, basis, dates in ELSEWHERE * 2:
            person = self.somebody(self.officials if kind != "RC-01" else list(self.commissioners))
            self.roster.tie(person, self.unit_for(person, at_home=False), kind, basis, hard, dates)
        rotating = [code for code in self.officials if self.townships[code] == ROTATING_TOWNSHIP]
        others = [code for code in self.officials if self.townships[code] not in ("", ROTATING_TOWNSHIP)]
        for kind, hard, basis, dates in AT_HOME:
            for choice in (rotating, rotating, rotating, others, others):
                person = self.somebody(choice)
                self.roster.tie(person, self.unit_for(person, at_home=True), kind, basis, hard, dates)
        for person in self.roster.lot.sample(list(self.commissioners), 2):
            disputed = self.unit_for(person, at_home=True)
            while disputed == self.commissioners[person]:
                disputed = self.unit_for(person, at_home=True)
            self.roster.tie(
                person, disputed, "RC-26", "两村存在灌溉用水纠纷（调解台账）", False, "2025-04-01/"
            )

    def by_office(self) -> None:
        """A room's officer on secondment (RC-02), and departments' people for their own one (RC-21)."""
        seconded = self.somebody([code for code in self.officials if not self.townships[code]])
        self.roster.tie(
            seconded,
            self.unit_for(seconded, at_home=False),
            "RC-02",
            "在该乡镇挂职（任职文件）",
            True,
            "2026-03-01/",
        )
        for row in self.roster.people:
            if row["所在村"].startswith("QHD") and row["专长"] == "财务、惠民":
                self.roster.tie(row["编号"], row["所在村"], "RC-21", "任职单位", True)

    def between_people(self) -> None:
        """Superiors, colleagues, schoolmates, mutual visits and couples; nobody of one finished team."""
        for kind, hard, basis, dates in BETWEEN_PEOPLE * 2:
            choice = list(self.commissioners) if kind == "RC-19" else self.officials
            one = self.somebody(choice)
            own = self.posted.get(one, set())
            mates = [code for code in choice if not self.posted.get(code, set()) & own]
            self.roster.tie(one, self.somebody(mates), kind, basis, hard, dates)

    def relatives(self) -> None:
        """A relative in a key post of a village, as declared."""
        names = {row["编号"]: row["姓名"] for row in self.roster.people}
        men = [code for code, name in names.items() if name[1:] in self.men]
        for term, name, post in RELATIVES:
            person = self.somebody(men)
            self.relative(
                person, term, name.replace("—", names[person][0]), self.unit_for(person, at_home=False), post
            )
        # a couple of the roster: what the wife says of her father bars the husband too
        away = [code for code in names if code not in self.posted]
        wife = self.somebody([c for c in away if c in self.commissioners and names[c][1:] not in self.men])
        husband = self.somebody([c for c in away if c in self.officials and names[c][1:] in self.men])
        self.relative(husband, "妻子", names[wife], self.commissioners[wife], "村纪检委员")
        village = self.unit_for(wife, at_home=False)
        self.relative(wife, "父亲", f"{names[wife][0]}老根", village, "村民委员会委员")

    def relative(self, person: str, term: str, name: str, unit: str, post: str) -> None:
        """Adds a row of the sheet 亲属."""
        self.roster.kin.append(
            {"人员编号": person, "亲属称谓": term, "亲属姓名": name, "任职单位编号": unit, "职务": post}
        )

    def visited_before(self, last_day: str) -> None:
        """Whoever visited a village in the finished round should not do so in the next (RC-18)."""
        for person, units in sorted(self.posted.items()):
            for unit in sorted(units):
                self.roster.tie(person, unit, "RC-18", "2026年第一轮曾驻点该单位", False, f"{last_day}/")


def declare(roster: Roster, posted: dict[str, set[str]], men: frozenset[str], last_day: str) -> None:
    """Adds all ties and relatives to `roster`, sorted by person as a clerk would keep them."""
    declarations = Declarations(roster, posted, men)
    declarations.to_units()
    declarations.by_office()
    declarations.between_people()
    declarations.relatives()
    declarations.visited_before(last_day)
    roster.ties.sort(key=lambda tie: (tie["人员编号"], tie["关系"], tie["对象"]))
    roster.kin.sort(key=lambda kin: kin["人员编号"])
