-- code: M40
-- name: 干部亲属承包集体资产
-- covers: DM-04
-- lists: 承包合同、村干部亲属
-- also: 村干部
-- direction: presence
-- subject: contract
-- category: D2
-- severity: S2
-- topics: D
-- period: 任职期间
-- means: 村干部或近亲属承包集体资产资源
-- ask: 如何议定、价格是否公开
-- whom: 承包方、村委会主任
-- false alarms: 公开竞得、价格合理
-- says: 村干部或近亲属承包本村集体资产，年租金{amount:yuan}
with tied as (
    select pid, vid, via, pos from 村干部 where pid is not null union all select pid, vid, via, pos from 村干部亲属 where pid is not null)
select c.合同号 key, min(c.vid) unit, 'weak' grade, max(c.年租金)::bigint amount, null::bigint as months,
       list_distinct(list_concat(list(c.pos), list(t.pos))) as "rows"
from 承包合同 c join tied t on t.pid = c.pid and t.vid = c.vid where c.合同号 is not null group by c.合同号
