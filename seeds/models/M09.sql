-- code: M09
-- name: 补贴面积大于确权面积
-- covers: DM-05
-- lists: 耕地、确权、户籍
-- also: 流转
-- direction: absence
-- subject: household
-- category: E1
-- severity: S3
-- topics: E
-- period: 按户按年：确权加流入，另容 5% 加 0.5 亩
-- means: 补贴面积超过确权和流入面积之和
-- ask: 实际种植面积、流转合同、确权证
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 重新测量；流入未登记；登记在家人名下；对照行号码有误
-- says: {year}年补贴{paid:area}亩，确权和流入共{limit:area}亩
with paid as (
    select g.户, case when k.年 = 0 then as_of() // 12 else k.年 end y, sum(k.面积) area, sum(k.金额) money, max(k.via) via,
           list(k.pos) rows, min(g.vid) vid
    from 耕地 k join 登记 g using (pid) where k.面积 > 0 group by 1, 2),
land as (select g.户, sum(q.面积) area, max(q.via) via, list(q.pos) rows from 确权 q join 登记 g using (pid) group by 1),
leased as (
    select g.户, y, sum(t.流入面积) area, list(t.pos) rows
    from 流转 t join 登记 g using (pid), (select distinct y from paid)
    where coalesce(year(t.起), 0) <= y and coalesce(year(t.止), 9999) >= y group by 1, 2),
over as (
    select p.户, p.y, p.area paid, coalesce(l.area, 0) + coalesce(t.area, 0) lim, p.money, greatest(p.via, coalesce(l.via, 1)) via,
           l.户 is null bare, list_concat(p.rows, list_concat(coalesce(l.rows, []), coalesce(t.rows, []))) rows, p.vid
    from paid p left join land l using (户) left join leased t on t.户 = p.户 and t.y = p.y
    where p.area > (coalesce(l.area, 0) + coalesce(t.area, 0)) * 1.05 + 0.5),
doubt as (select distinct g.户 from 登记 g join loose o on o.name = g.name and o.vid = g.vid where o.list in ('确权', '流转'))
select o.户 key, min(o.vid) unit,
       best(list(case when d.户 is not null then 'weak' when o.bare then 'fair' else linked(o.via, 1) end)) grade,
       sum((case when o.paid > 0 then o.money * (o.paid - o.lim) / o.paid end)::bigint)::bigint amount, null::bigint as months,
       flatten(list(o.rows)) as "rows", max(o.y) "year", arg_max(o.paid, o.y) paid, arg_max(o.lim, o.y) "limit"
from over o left join doubt d on d.户 = o.户 group by o.户
