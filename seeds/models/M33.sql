-- code: M33
-- name: 印章外借期间签合同
-- covers: DM-17
-- lists: 印章外借、工程合同
-- also: 
-- direction: presence
-- subject: contract
-- category: B6
-- severity: S2
-- topics: B
-- period: 签订日期在外借期间
-- means: 印章无审批外借期间签订合同
-- ask: 印章由谁借出、为何外借
-- whom: 村党组织书记、会议记录人
-- false alarms: 审批单另存
-- says: 印章外借期间签订合同，合同价{amount:yuan}
select c.合同号 key, min(c.vid) unit, best(list(case when s.审批 = '未审批' then 'strong' else 'weak' end)) grade, max(c.金额)::bigint amount,
       null::bigint as months, list_concat(list_distinct(list(c.pos)), list(s.pos)) as "rows"
from 工程合同 c join 印章外借 s on s.vid = c.vid and c.签订日期 between s.借出日期 and coalesce(s.归还日期, s.借出日期)
where c.合同号 is not null group by c.合同号
