-- code: M19
-- name: 未验收先付款
-- covers: DM-09
-- lists: 付款、工程合同、验收
-- also: 
-- direction: absence
-- subject: contract
-- category: H1
-- severity: S3
-- topics: H
-- period: 验收日之前所付占合同价的比例
-- means: 工程未验收已付大部分款项
-- ask: 工程现状、验收资料、付款依据
-- whom: 施工方、村务监督委员会主任
-- false alarms: 按合同支付的进度款；验收表合同号写法不同
-- says: 验收前已付合同价的{share}%
with done as (select 合同号, min(日期) d, list(pos) rows from 验收 where 日期 is not null group by 1),
o as (
    select c.合同号, min(c.vid) unit, max(c.金额) price, sum(p.金额) filter (where p.日期 < coalesce(done.d, date '9999-12-31')) early,
           list_concat(list_distinct(list(c.pos)), list_concat(list(p.pos), flatten(list(coalesce(done.rows, []))))) rows,
           min(done.d) d, max(p.日期) last
    from 工程合同 c join 付款 p on p.合同号 = c.合同号 left join done on done.合同号 = c.合同号 where p.金额 > 0 group by c.合同号)
select 合同号 key, unit,
       case when early < 0.75 * price then 'weak' when d is null then case when early >= 0.95 * price then 'fair' else 'weak' end
            when early >= 0.85 * price then 'strong' else 'fair' end grade,
       early::bigint amount, null::bigint as months, rows as "rows", (100 * early // price)::bigint share
from o where price > 0 and early > 0.7 * price
