-- code: M18
-- name: 先付款后签合同
-- covers: DM-09
-- lists: 付款、工程合同
-- also: 
-- direction: presence
-- subject: contract
-- category: H1
-- severity: S3
-- topics: H
-- period: 首笔付款早于签订日期
-- means: 合同签订前已经付款
-- ask: 付款依据、实际开工时间
-- whom: 施工方、村务监督委员会主任
-- false alarms: 合同补签手续
-- says: 首笔付款比签订早{days}天
select c.合同号 key, min(c.vid) unit, case when date_diff('day', min(p.日期), min(c.签订日期)) >= 3 then 'strong' else 'fair' end grade,
       sum(p.金额)::bigint amount, null::bigint as months, list_concat(list_distinct(list(c.pos)), list(p.pos)) as "rows",
       date_diff('day', min(p.日期), min(c.签订日期)) as days
from 工程合同 c join 付款 p on p.合同号 = c.合同号
where p.金额 > 0 and p.日期 < c.签订日期 group by c.合同号
