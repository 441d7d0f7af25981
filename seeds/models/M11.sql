-- code: M11
-- name: 退耕地块领耕地补贴
-- covers: DM-06
-- lists: 耕地、退耕
-- also: 确权
-- direction: presence
-- subject: plot
-- category: E1
-- severity: S3
-- topics: E、G
-- period: 退耕早于补贴年度
-- means: 同一地块既退耕还林又领耕地补贴
-- ask: 地块现状；补贴是否已核减
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 只占地块一部分；补贴之后才记载；地块号重用
-- says: {since}年已退耕的地块，{y}年仍领耕地补贴
with gone as (select 地块号, min(年度) since, sum(面积) area, list(pos) rows, max(via) via from 退耕 where 地块号 is not null group by 1),
whole as (select 地块号, max(面积) area from 确权 where 地块号 is not null group by 1),
o as (
    select k.地块, k.pid, k.vid, k.面积 paid, k.金额 money, k.pos, case when k.年 = 0 then as_of() // 12 else k.年 end y, g.since,
           g.rows, greatest(coalesce(k.via, 1), 1) via, w.area whole, g.area taken
    from 耕地 k join gone g on g.地块号 = k.地块 left join whole w on w.地块号 = k.地块 where k.面积 > 0)
select 地块 key, min(vid) unit,
       best(list(case when since < y then case when whole is null and taken < 0.9 * paid then 'weak' else 'strong' end else 'weak' end)) grade,
       sum(money)::bigint amount, null::bigint as months, list_concat(list(pos), flatten(list(rows))) as "rows",
       max(y) y, min(since) since
from o where since <= y
  and (whole is null or paid > whole - taken + 0.05 * whole + 0.1) group by 地块
