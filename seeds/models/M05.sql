-- code: M05
-- name: 低保人员有多套房
-- covers: 
-- lists: 低保、不动产
-- also: 
-- direction: presence
-- subject: person
-- category: F2
-- severity: S3
-- topics: F
-- period: 两套同时持有且在低保期内
-- means: 享受低保期间名下有两套以上住房
-- ask: 房屋来源、是否实际居住、是否已出售
-- whom: 户主或家属、左右邻、村民小组长
-- false alarms: 宅基地；安置房；份额不超过一半；已转出；继承未登记
-- says: {s:month}至{e:month}享受低保期间名下同时有{homes}套住房
with home as (
    select pid, via, pos, 性质, monthidx(登记日期) s, coalesce(monthidx(转出日期) - 1, as_of()) e,
           case when 份额 is null then 1 when 份额 > 1 then 份额 / 100 else 份额 end part
    from 不动产 where pid is not null and 性质 not in ('宅基地', '安置房', '附属')),
pair as (
    select a.pid, a.pos p1, b.pos p2, greatest(a.via, b.via) via, greatest(coalesce(a.s, 0), coalesce(b.s, 0)) s,
           least(a.e, b.e) e, a.性质 = '' or b.性质 = '' vague
    from home a join home b on a.pid = b.pid and a.pos < b.pos where a.part > 0.5 and b.part > 0.5),
o as (
    select l.pid, coalesce(g.vid, l.vid) unit, l.via lvia, p.via, l.pos, p.p1, p.p2, p.vague,
           greatest(coalesce(l.起月, 0), p.s) s, least(coalesce(l.止月, as_of()), p.e, as_of()) e
    from 低保 l join pair p on p.pid = l.pid left join 登记 g on g.pid = l.pid)
select pid key, min(unit) unit,
       best(list(case when e - s < 1 then 'weak' when vague then 'fair' else linked(lvia, via) end)) grade,
       null::bigint amount, max(e - s + 1)::bigint as months, list_concat(list(pos), list_concat(list(p1), list(p2))) as "rows",
       min(s) s, max(e) e, len(list_distinct(list_concat(list(p1), list(p2)))) homes
from o where e >= s group by pid
