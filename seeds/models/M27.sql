-- code: M27
-- name: 干部亲属承揽本村工程
-- covers: DM-04
-- lists: 工程合同、工商、村干部
-- also: 村干部亲属、会议
-- direction: presence
-- subject: contract
-- category: H6
-- severity: S4
-- topics: D、H
-- period: 任职期间
-- means: 村干部或近亲属的企业承揽本村工程
-- ask: 谁参与议定、是否回避、价格
-- whom: 承包方、村委会主任
-- false alarms: 会议记录载明回避
-- says: 村干部或近亲属任法定代表人的企业承揽本村工程，合同价{amount:yuan}
with tied as (
    select pid, vid, via, pos from 村干部 where pid is not null
    union all select pid, vid, via, pos from 村干部亲属 where pid is not null),
o as (
    select c.合同号, c.vid, c.金额, c.pos, f.pos fpos, t.pos tpos, greatest(t.via, f.法人via) via
    from 工程合同 c join 工商 f on f.企业号 = c.企业号 join tied t on t.pid = f.法人pid and t.vid = c.vid
    where not exists (select 1 from 会议 m where m.vid = c.vid and m.议题 = '回避'
                      and m.日期 between c.签订日期 - 90 and c.签订日期 + 30))
select 合同号 key, min(vid) unit, best(list(linked(via, 1))) grade, max(金额)::bigint amount, null::bigint as months,
       list_distinct(list_concat(list(pos), list_concat(list(fpos), list(tpos)))) as "rows"
from o group by 合同号
