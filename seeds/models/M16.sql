-- code: M16
-- name: 发票重复报销
-- covers: DM-07
-- lists: 发票
-- also: 
-- direction: presence
-- subject: invoice
-- category: C3
-- severity: S3
-- topics: C
-- period: 不限
-- means: 同一张发票报销两次以上
-- ask: 原始凭证、两次报销的经手人
-- whom: 村会计、报账员、经手人
-- false alarms: 红字冲销；一张发票分摊入账；同一行录了两次
-- says: 同一张发票入账{n}次，合计{amount:yuan}
with v as (
    select 代码, 号码, 村码_v, 日期, 金额, pos, times from (select *, vid 村码_v from 发票 where 号码 is not null)),
o as (
    select 代码, 号码, min(村码_v) unit, sum(case when 金额 > 0 then 1 when 金额 < 0 then -1 else 0 end) n, sum(times) written,
           count(*) filter (where 金额 > 0) positive, count(distinct 金额) filter (where 金额 > 0) sums, count(distinct 村码_v) villages,
           count(distinct 日期) as days, sum(金额)::bigint amount, list(pos) rows
    from v group by 1, 2)
select hash(代码, 号码) key, unit,
       case when n < 2 then 'weak' when villages = 1 and days = 1 and sums = positive then 'fair' else 'strong' end grade,
       amount, null::bigint as months, rows as "rows", greatest(n, written) n
from o where n >= 2 or (n = 1 and written >= 2 and positive = 1)
