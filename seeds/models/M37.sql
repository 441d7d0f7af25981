-- code: M37
-- name: 迁出后仍领取
-- covers: 
-- lists: 迁出、流水
-- also: 
-- direction: presence
-- subject: person
-- category: E1
-- severity: S2
-- topics: E
-- period: 迁出半年以后
-- means: 户口迁出后仍领个人补贴
-- ask: 现居何处、政策是否随户籍
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 政策允许在原籍领取
-- says: 迁出半年后仍领{months}个月，合计{amount:yuan}
with f as (select pid, 所属月 m, vid, sum(净额) amt, list(pos) rows from 流水 where pid is not null and 类 = '个人' group by 1, 2, 3 having sum(净额) > 0)
select f.pid key, min(f.vid) unit, 'weak' grade, sum(f.amt)::bigint amount, count(distinct f.m) as months,
       list_concat(list_distinct(list(q.pos)), flatten(list(f.rows))) as "rows"
from f join 迁出 q on q.pid = f.pid where f.m > monthidx(q.迁出日期) + 6 and f.vid = q.vid group by f.pid
