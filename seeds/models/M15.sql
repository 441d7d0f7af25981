-- code: M15
-- name: 财政供养人员任公益岗
-- covers: DM-13
-- lists: 公益岗、财政供养
-- also: 
-- direction: presence
-- subject: person
-- category: I3
-- severity: S3
-- topics: I
-- period: 两段起止月的交集
-- means: 公职人员占用公益岗
-- ask: 岗位由谁做事、工资由谁领
-- whom: 公益岗本人、同岗人员、用工单位
-- false alarms: 先任公益岗后入职；临聘已解聘
-- says: {s:month}至{e:month}既由财政供养又任公益岗，重叠{months}个月
with o as (
    select a.pid, coalesce(g.vid, a.vid) unit, a.via avia, b.via bvia, a.pos apos, b.pos bpos,
           greatest(coalesce(a.起月, 0), coalesce(b.进入月, 0)) s,
           least(coalesce(a.止月, as_of()), coalesce(b.离开月, as_of()), as_of()) e,
           e - s + 1 n
    from 公益岗 a join 财政供养 b on b.pid = a.pid left join 登记 g on g.pid = a.pid
    where true)
select pid key, min(unit) unit, best(list(case when n < 2 then 'weak' else linked(avia, bvia) end)) grade, null::bigint amount, max(n)::bigint as months,
       list_concat(list(apos), list(bpos)) as "rows", min(s) s, max(e) e
from o where n >= 1 group by pid
