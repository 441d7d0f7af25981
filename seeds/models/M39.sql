-- code: M39
-- name: 同一农机两次补贴
-- covers: 
-- lists: 农机
-- also: 
-- direction: presence
-- subject: machine
-- category: E2
-- severity: S2
-- topics: E
-- period: 不限
-- means: 同一台农机补贴两次
-- ask: 机具现在何处、铭牌号
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 录入重复
-- says: 同一机号补贴{n}次，合计{amount:yuan}
select 机号 key, min(vid) unit, 'weak' grade, sum(金额)::bigint amount, null::bigint as months, list(pos) as "rows", count(*) n
from 农机 where 机号 is not null group by 机号 having count(*) >= 2 and sum(金额) > 0
