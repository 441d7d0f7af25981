-- code: M17
-- name: 发票连号
-- covers: 
-- lists: 发票
-- also: 
-- direction: presence
-- subject: invoice
-- category: C3
-- severity: S2
-- topics: C
-- period: 同村同一销方，三张以上连号，跨 30 天以上
-- means: 长时间连号开票，疑似集中开票
-- ask: 业务是否真实、何时开票
-- whom: 村会计、报账员、经手人
-- false alarms: 一次采购分几张开；红字
-- says: 同一销方{n}张连号发票，首尾相隔{days}天，合计{amount:yuan}
with v as (
    select 代码, 号码_p p, 号码_n n, vid, 销方, min(日期) d1, max(日期) d2, sum(金额) amt, list(pos) rows
    from 发票 where 号码_n is not null and 销方 is not null and 日期 is not null group by 1, 2, 3, 4, 5 having sum(金额) > 0),
i as (select *, n - row_number() over (partition by 代码, p, vid, 销方 order by n) grp from v),
o as (select 代码, p, vid, 销方, grp, count(*) n, date_diff('day', min(d1), max(d2)) as days, sum(amt)::bigint amount, flatten(list(rows)) rows,
             min(n) first from i group by 1, 2, 3, 4, 5)
select hash(代码, p, vid, 销方, first) key, vid unit, case when days >= 30 then 'strong' else 'weak' end grade, amount, null::bigint as months,
       rows as "rows", n, days
from o where n >= 3 and days >= 20
