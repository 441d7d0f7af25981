-- code: M01
-- name: 死亡后领取
-- covers: DM-02
-- lists: 流水、死亡
-- also: 殡葬、公益岗考勤
-- direction: presence
-- subject: person
-- category: E1
-- severity: S4
-- topics: E
-- period: 所属月晚于死亡当月；当月应发
-- means: 死亡后仍按月发放个人补贴
-- ask: 补贴由谁支取、是否已退回；死亡日期是否登记有误
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 丧葬补助；补发生前月份；已退回、冲正；按户发放的补贴；死亡登记错误
-- says: 死亡于{dm:month}，此后仍领{items}共{months}个月，合计{amount:yuan}{alive}
with d as (
    select pid, min(m) dm, max(m) last, min(via) via, list(pos) rows
    from (select pid, via, monthidx(死亡日期) m, pos from 死亡 where 死亡日期 is not null
          union all select pid, via, monthidx(火化日期), pos from 殡葬 where 火化日期 is not null)
    where pid is not null group by pid),
f as (
    select pid, 项目, 类, 所属月 m, sum(净额) amt, min(via) via, max(via) worst, list(pos) rows, min(vid) vid
    from 流水 where pid is not null and 类 in ('个人', '家庭', '其他') group by all),
late as (
    select f.pid, sum(f.amt) amount, count(distinct f.m) filter (where f.amt > 0) as months,
           string_agg(distinct nullif(f.项目, ''), '、' order by nullif(f.项目, '')) items,
           bool_or(f.类 = '个人' and f.amt > 0) own, max(f.worst) worst, flatten(list(f.rows)) rows, min(f.vid) vid
    from f join d using (pid) where f.m > d.dm group by f.pid having sum(f.amt) > 0),
returned as (select distinct 姓名 as name, vid from 流水 where pid is null and 净额 < 0),
alive as (select distinct k.pid from 公益岗考勤 k join d using (pid) where k.月份 > d.dm + 1 and k.天数 > 0)
select l.pid key, coalesce(g.vid, l.vid) unit,
       case when not l.own or r.name is not null then 'weak'
            when d.last > d.dm + 2 or a.pid is not null then 'fair' else linked(d.via, l.worst) end grade,
       l.amount, l.months, list_concat(l.rows, d.rows) as "rows", d.dm,
       coalesce(l.items, '其他项目') items, case when a.pid is not null then '；死亡后仍有考勤记录' else '' end alive
from late l join d using (pid) left join 登记 g using (pid) left join alive a using (pid)
left join returned r on r.name = g.name and r.vid = g.vid
where l.months > 0
