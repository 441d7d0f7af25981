"""What is wrong with a list, a model or an exercise: a code and a place, never a value.

The sentence is made here and only here; nothing that was read from a cell can get into one.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from inspections.site.refusal import Refusal

SENTENCES = {
    "no_folder": "没有这个文件夹，应为放着名单（.csv）的文件夹",
    "no_lists": "文件夹里没有一份名单，应有 <种类>[<年度>][-<说明>].csv",
    "unknown_kind": "文件名不是任何一种名单，应为 <种类>[<年度>][-<说明>].csv，种类见 compare lists",
    "unreadable": "不能读取这个文件，应为 UTF-8 或 GB18030 编码的 CSV",
    "not_text": "第 {line} 行附近有不属于 UTF-8 或 GB18030 的字节，请从原系统重新导出",
    "no_header": "没有表头，第一行应为 {expected}",
    "missing_column": "第 {line} 行的表头缺少“{column}”一列",
    "double_column": "第 {line} 行的表头有两列“{column}”",
    "quotes": "第 {line} 行起引号不成对",
    "cut_numbers": "“{column}”一列的号码已被 Excel 截断（{cells}），不能比对，请以文本格式重新导出",
    "wrong_column": "“{column}”一列只有 {share} 的值像{expected}，可能列错位了，请核对表头",
    "bad_exercise": "应为 {expected}",
    "unknown_model": "没有这个模型，应为 compare models 列出的代码",
    "model_failed": "这个模型没有跑完：{reason}",
    "no_period": "流水没有一行落在起止月之内，请核对起止月",
    "disk_full": "磁盘空间不足，还需约 {megabytes} MB",
    "key_mismatch": "名单是用另一把密钥装入的，请重新装入",
    "no_workbook": "不是可读的 xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 或 .csv 后再传",
    "no_sheet": "工作簿里没有可见的工作表；隐藏的工作表不读",
    "too_large": "文件解开后过大，请另存为 .csv.gz 后再传",
    "killed": "读取时进程被终止，请重试；仍如此请检查内存",
}
#: rows that could not be used, counted by fault
SENTENCES_OF_ROWS = {
    "ragged": "列数不对",
    "subtotal": "小计合计行",
    "no_number": "没有证件号",
    "wrong_number": "证件号校验不过",
    "cut": "证件号被截断",
}
_DIGITS = re.compile(r"\d(?:[\s\-_]*[\dXx]){5,}")


@dataclass(frozen=True)
class Fault:
    """One fault: where (a file or a model, already safe to print), which code, and harmless facts
    about it."""

    where: str
    code: str
    facts: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.where}：{SENTENCES[self.code].format(**self.facts)}"


class BadInput(Refusal):
    """The input cannot be used; one line per fault, nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def shown(name: str) -> str:
    """A file's name fit for print: what could be a number in it is blotted out."""
    return _DIGITS.sub(lambda match: "*" * len(match[0]), unicodedata.normalize("NFKC", name))
