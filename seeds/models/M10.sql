-- code: M10
-- name: 补贴面积逐年突增
-- covers: 
-- lists: 耕地
-- also: 户籍、流转
-- direction: presence
-- subject: person
-- category: E1
-- severity: S2
-- topics: E
-- period: 与上一年比：增到 1.5 倍以上且增 1.5 亩以上
-- means: 补贴面积一年间突增
-- ask: 增加的地块在哪里、从谁流入
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 新流入；全村重新测量；分户
-- says: {y}年补贴{now:area}亩，上年{before:area}亩
with a as (
    select pid, 年 y, sum(面积) area, sum(金额) money, max(via) via, list(pos) rows, min(vid) vid
    from 耕地 where pid is not null and 年 > 0 group by 1, 2),
h as (select g.户, a.y, sum(a.area) area from a join 登记 g using (pid) group by 1, 2),
c as (
    select n.pid, n.y, n.area now, b.area before, n.money, greatest(n.via, b.via) via, list_concat(n.rows, b.rows) rows,
           coalesce(g.vid, n.vid) vid, g.户, g.name
    from a n join a b on b.pid = n.pid and b.y = n.y - 1 left join 登记 g on g.pid = n.pid),
village_wide as (select vid, y from c group by 1, 2 having count(*) >= 8 and avg((now >= before * 1.2)::int) >= 0.4),
jump as (select c.* from c anti join village_wide w on w.vid = c.vid and w.y = c.y
         where c.now >= c.before * 1.5 and c.now - c.before >= 1.5),
leased as (
    select j.pid, j.y, sum(t.流入面积) area from jump j join 登记 g on g.户 = j.户 join 流转 t on t.pid = g.pid
    where year(t.起) between j.y - 1 and j.y group by 1, 2),
doubt as (select distinct name, vid from loose where list = '流转')
select j.pid key, min(j.vid) unit,
       best(list(case when d.name is not null or coalesce(hn.area - hb.area, j.now - j.before) < 0.7 * (j.now - j.before) then 'weak'
                      else linked(j.via, 1) end)) grade,
       sum((case when j.now > 0 then j.money * (j.now - j.before) / j.now end)::bigint)::bigint amount, null::bigint as months,
       flatten(list(j.rows)) as "rows", max(j.y) y, arg_max(j.now, j.y) now, arg_max(j.before, j.y) before
from jump j left join leased t on t.pid = j.pid and t.y = j.y left join doubt d on d.name = j.name and d.vid = j.vid
left join h hn on hn.户 = j.户 and hn.y = j.y left join h hb on hb.户 = j.户 and hb.y = j.y - 1
where coalesce(t.area, 0) < 0.6 * (j.now - j.before) group by j.pid
