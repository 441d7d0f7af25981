-- code: M08
-- name: 同一电话多户
-- covers: 
-- lists: 流水
-- also: 户籍、村干部
-- direction: presence
-- subject: phone
-- category: E4
-- severity: S2
-- topics: E
-- period: 不限
-- means: 五户以上的补贴登记同一电话
-- ask: 电话为谁所有、短信由谁接收、卡折由谁保管
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 村级经办人依职责代办
-- says: 同一电话登记在{people}人（{houses}户）名下
with a as (
    select f.电话, f.pid, min(f.via) via, min(f.pos) pos, bool_or(f.备注 = '代办') agent, min(g.户) 户, min(coalesce(g.vid, f.vid)) vid,
           bool_or(c.职务 = '经办') clerk
    from 流水 f left join 登记 g using (pid) left join 村干部 c using (pid)
    where f.电话 is not null and f.pid is not null group by 1, 2),
b as (
    select 电话, count(distinct 户) houses, count(*) people, count(distinct 户) filter (where via <= 2) sure,
           count(distinct 户) filter (where not agent) direct, coalesce(bool_or(clerk), false) clerk, list(pos order by pos) rows,
           min(vid) unit, count(distinct vid) villages
    from a group by 1)
select 电话 key, unit, case when direct < 5 or clerk then 'weak' when sure < 5 then 'fair' else 'strong' end grade,
       null::bigint amount, null::bigint as months, rows as "rows", people, houses
from b where houses >= 5
