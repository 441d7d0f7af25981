"""The sentences for a doubt about a citation: one each, for whoever writes, checks or signs."""

from inspections.law.review import Fault

SENTENCES = {
    Fault.NOT_IN_FORCE: "“{words}”在 {day} 不是现行有效的依据，不能引用。",
    Fault.NO_SUCH_ARTICLE: "“{words}”：这部法规没有这一条，请核对条号。",
    Fault.OTHER_PLACES: "“{words}”不适用于这类单位，请核对后再引用。",
    Fault.UNCHECKED: "“{words}”的条文还没有核对。",
    Fault.UNKNOWN: "“{words}”不在依据库中，请核对名称和文号。",
}
