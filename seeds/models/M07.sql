-- code: M07
-- name: 一卡多人
-- covers: DM-14
-- lists: 流水
-- also: 户籍
-- direction: presence
-- subject: account
-- category: E4
-- severity: S3
-- topics: E
-- period: 不限
-- means: 一个账号领取三户以上的补贴
-- ask: 账号为谁所有、由谁支取、本人是否收到
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 未成年人、配偶用同一账号；一名监护人代领；银行号码重用
-- says: 同一账号领取{people}人（{houses}户）的补贴
with a as (
    select f.账号, f.pid, min(f.via) via, min(f.pos) pos, bool_or(f.备注 = '代办') agent, sum(f.净额) amt, min(g.户) 户, min(coalesce(g.vid, f.vid)) vid
    from 流水 f left join 登记 g using (pid) where f.账号 is not null and f.pid is not null group by 1, 2),
b as (
    select 账号, count(distinct 户) houses, count(*) people, count(distinct 户) filter (where via <= 2) sure,
           count(distinct 户) filter (where not agent) direct, list(pos order by pos) rows, min(vid) unit, sum(amt)::bigint amount
    from a group by 1)
select 账号 key, unit, case when direct < 3 then 'weak' when sure < 3 then 'fair' else 'strong' end grade, amount, null::bigint as months,
       rows as "rows", people, houses
from b where houses >= 3
