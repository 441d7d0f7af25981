-- code: M03
-- name: 重复享受互斥政策
-- covers: 
-- lists: 低保、特困
-- also: 
-- direction: presence
-- subject: person
-- category: F2
-- severity: S3
-- topics: F
-- period: 两段起止月的交集；转换当月宽限
-- means: 低保与特困供养互斥，同时享受
-- ask: 两项哪一项应停、多领是否退回
-- whom: 户主或家属、左右邻、村民小组长
-- false alarms: 由一项转为另一项的当月
-- says: {s:month}至{e:month}同时享受低保和特困供养，重叠{months}个月
with o as (
    select a.pid, coalesce(g.vid, a.vid) unit, a.via avia, b.via bvia, a.pos apos, b.pos bpos,
           greatest(coalesce(a.起月, 0), coalesce(b.起月, 0)) s,
           least(coalesce(a.止月, as_of()), coalesce(b.止月, as_of()), as_of()) e,
           e - s + 1 n
    from 低保 a join 特困 b on b.pid = a.pid left join 登记 g on g.pid = a.pid
    where true)
select pid key, min(unit) unit, best(list(case when n < 2 then 'weak' else linked(avia, bvia) end)) grade, null::bigint amount, max(n)::bigint as months,
       list_concat(list(apos), list(bpos)) as "rows", min(s) s, max(e) e
from o where n >= 1 group by pid
