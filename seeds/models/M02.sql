-- code: M02
-- name: 财政供养人员领低保
-- covers: DM-01
-- lists: 低保、财政供养
-- also: 
-- direction: presence
-- subject: person
-- category: F2
-- severity: S3
-- topics: F
-- period: 两段起止月的交集
-- means: 公职人员在供养期间享受低保
-- ask: 本人是否仍在供养岗位、低保何时停发
-- whom: 户主或家属、左右邻、村民小组长
-- false alarms: 先享受低保后入职；临聘已解聘；低保当月调整
-- says: {s:month}至{e:month}既由财政供养又享受低保，重叠{months}个月
with o as (
    select a.pid, coalesce(g.vid, a.vid) unit, a.via avia, b.via bvia, a.pos apos, b.pos bpos,
           greatest(coalesce(a.起月, 0), coalesce(b.进入月, 0)) s,
           least(coalesce(a.止月, as_of()), coalesce(b.离开月, as_of()), as_of()) e,
           e - s + 1 n
    from 低保 a join 财政供养 b on b.pid = a.pid left join 登记 g on g.pid = a.pid
    where true)
select pid key, min(unit) unit, best(list(case when n < 2 then 'weak' else linked(avia, bvia) end)) grade, null::bigint amount, max(n)::bigint as months,
       list_concat(list(apos), list(bpos)) as "rows", min(s) s, max(e) e
from o where n >= 1 group by pid
