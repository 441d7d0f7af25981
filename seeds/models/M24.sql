-- code: M24
-- name: 逾期未收承包费
-- covers: DM-15
-- lists: 承包合同、承包收款
-- also: 
-- direction: absence
-- subject: contract
-- category: D3
-- severity: S3
-- topics: D
-- period: 已经结束的合同年度
-- means: 到期承包费没有收取
-- ask: 欠费原因、是否集体议定减免
-- whom: 承包方、村委会主任
-- false alarms: 会议同意减免；一次性预付；收款行合同号有误
-- says: {missing}个年度没有收款，应收{due:yuan}，实收{got:yuan}
with span as (select min(年度) a, max(年度) b from 承包收款 where 年度 is not null),
c as (
    select 合同号, min(vid) vid, min(起) s, max(止) e, max(年租金) rent, bool_or(coalesce(附注, '') <> '') noted, list(pos) pos
    from 承包合同 where 合同号 is not null and 年租金 > 0 and 起 is not null group by 1),
y as (
    select c.*, y from c, span, (select unnest(generate_series(1990, 2100)) y) t
    where y between greatest(year(c.s), span.a) and least(coalesce(year(c.e), 9999), span.b)
      and (y + 1) * 12 - 1 <= as_of() and (year(c.e) > y or c.e is null or c.e >= make_date(y, 1, 31))),
got as (select 合同号, 年度 y, sum(金额) money, list(pos) rows from 承包收款 group by 1, 2),
total as (select 合同号, sum(money) money, flatten(list(rows)) rows from got group by 1),
lack as (
    select y.合同号, min(y.vid) vid, count(*) as years, count(*) filter (where coalesce(got.money, 0) <= 0) missing, min(y.rent) rent,
           bool_or(y.noted) noted, min(y.pos) pos, count(*) filter (where coalesce(got.money, 0) < 0.5 * y.rent) low,
           count(*) filter (where coalesce(got.money, 0) <= 0 and y.y > year(y.s)) later
    from y left join got on got.合同号 = y.合同号 and got.y = y.y group by 1)
select l.合同号 key, l.vid unit,
       case when l.noted or l.missing = 0 or (l.later = 0 and l.years > 1) then 'weak' else 'strong' end grade,
       (l.rent * l.years - coalesce(t.money, 0))::bigint amount, null::bigint as months, list_concat(l.pos, coalesce(t.rows, [])) as "rows",
       greatest(l.missing, l.low) missing, l.rent * l.years due, coalesce(t.money, 0) got
from lack l left join total t on t.合同号 = l.合同号
where l.low > 0 and coalesce(t.money, 0) < l.rent * l.years - 0.5 * l.rent and not (l.noted and l.missing = 0)
