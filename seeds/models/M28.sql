-- code: M28
-- name: 服刑期间领取
-- covers: 
-- lists: 服刑、流水
-- also: 
-- direction: presence
-- subject: person
-- category: E1
-- severity: S3
-- topics: E
-- period: 完整服刑的月份
-- means: 服刑期间仍领个人补贴
-- ask: 由谁支取、是否报告
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 入监、出监当月；已退回
-- says: 服刑期间有{months}个月仍领{items}，合计{amount:yuan}
with f as (
    select pid, 项目, 类, 所属月 m, sum(净额) amt, max(via) via, list(pos) rows, min(vid) vid from 流水
    where pid is not null and 类 in ('个人', '家庭', '其他') group by all),
o as (
    select f.*, p.via pvia, p.pos from f join 服刑 p using (pid)
    where f.m > monthidx(p.入监) and f.m < coalesce(monthidx(p.出监), as_of() + 1))
select o.pid key, min(coalesce(g.vid, o.vid)) unit,
       case when bool_or(类 in ('个人', '家庭') and amt > 0) then linked(min(pvia), max(via)) else 'weak' end grade,
       sum(amt)::bigint amount, count(distinct m) filter (where amt > 0) as months,
       list_concat(list_distinct(list(o.pos)), flatten(list(rows))) as "rows",
       coalesce(string_agg(distinct nullif(项目, ''), '、' order by nullif(项目, '')), '其他项目') items
from o left join 登记 g using (pid) group by o.pid having sum(amt) > 0
