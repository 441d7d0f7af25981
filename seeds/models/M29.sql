-- code: M29
-- name: 一人多村领取
-- covers: 
-- lists: 流水
-- also: 迁出
-- direction: presence
-- subject: person
-- category: E1
-- severity: S3
-- topics: E
-- period: 同一项目同一月，各村净额
-- means: 同一人在两个村领同一项补贴
-- ask: 应由哪个村发放、多领是否退回
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 迁移当月；补发；已退回
-- says: 同一项目有{months}个月在{villages}个村领取，合计{amount:yuan}
with f as (
    select pid, 项目_c, any_value(项目) 项目, 类, 所属月 m, vid, sum(净额) amt, max(via) via, list(pos) rows from 流水
    where pid is not null and vid is not null and 类 in ('个人', '家庭', '其他') group by pid, 项目_c, 类, 所属月, vid having sum(净额) > 0),
o as (
    select pid, 项目_c, 类, m, count(*) villages, min(vid) vid, sum(amt) - max(amt) amt, max(via) via, flatten(list(rows)) rows
    from f group by 1, 2, 3, 4 having count(*) >= 2)
select o.pid key, min(coalesce(g.vid, o.vid)) unit,
       case when not bool_or(类 = '个人') or count(distinct m) < 2 then 'weak' else linked(max(via), 1) end grade,
       sum(amt)::bigint amount, count(distinct m) as months, flatten(list(rows)) as "rows", max(villages) villages
from o left join 登记 g using (pid) group by o.pid
