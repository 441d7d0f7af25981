-- code: M34
-- name: 号码错误仍按月领取
-- covers: 
-- lists: 流水
-- also: 户籍
-- direction: presence
-- subject: person
-- category: E4
-- severity: S2
-- topics: E
-- period: 至少三个月
-- means: 身份证号不符合编码规则而持续领取
-- ask: 核对证件、是否有此人
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 录入错误
-- says: 身份证号有误，仍领{months}个月，合计{amount:yuan}
select hash(姓名, vid, 账号) key, vid unit, 'weak' grade, sum(净额)::bigint amount, count(distinct 所属月) as months, list(pos order by pos) as "rows"
from 流水 where pid is null and 姓名 is not null and vid is not null group by 姓名, vid, 账号 having count(distinct 所属月) >= 3 and sum(净额) > 0
