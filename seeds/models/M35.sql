-- code: M35
-- name: 合同到期后仍收承包费
-- covers: DM-15
-- lists: 承包合同、承包收款
-- also: 
-- direction: presence
-- subject: contract
-- category: D4
-- severity: S2
-- topics: D
-- period: 到期次年起
-- means: 到期未收回，未续签而继续占用
-- ask: 现由谁使用、是否续签
-- whom: 承包方、村委会主任
-- false alarms: 补缴以前年度
-- says: 合同到期后仍有{n}个年度收款
select c.合同号 key, min(c.vid) unit, 'weak' grade, sum(p.金额)::bigint amount, null::bigint as months,
       list_concat(list_distinct(list(c.pos)), list(p.pos)) as "rows", count(distinct p.年度) n
from 承包合同 c join 承包收款 p on p.合同号 = c.合同号 where p.年度 > year(c.止) and p.金额 > 0 group by c.合同号
