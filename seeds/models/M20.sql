-- code: M20
-- name: 拆分工程规避招标
-- covers: 
-- lists: 工程合同
-- also: 投标
-- direction: presence
-- subject: contract
-- category: H1
-- severity: S4
-- topics: H
-- period: 同村同一企业 60 天内，每份都在限额下、合计达到限额
-- means: 拆分合同规避招标
-- ask: 几份合同是否同一项目、为何分签
-- whom: 施工方、村务监督委员会主任
-- false alarms: 不同性质的工程；框架合同
-- says: {days}天内与同一企业签{n}份同类合同，合计{amount:yuan}，每份低于限额{line:yuan}
with c as (
    select c.*, t.合同号 is not null tendered from 工程合同 c left join (select distinct 合同号 from 投标) t on t.合同号 = c.合同号
    where c.企业号 is not null and c.签订日期 is not null and c.金额 > 0 and c.vid is not null),
near as (
    select a.pos, a.vid, a.企业号, a.签订日期, a.名称, a.名称_c, a.金额, a.tendered
    from c a where exists (select 1 from c b where b.vid = a.vid and b.企业号 = a.企业号 and b.pos <> a.pos
                           and abs(date_diff('day', a.签订日期, b.签订日期)) <= 60)),
s as (
    select *, sum((gap is null or gap > 60)::int) over (partition by vid, 企业号, sort order by 签订日期, pos) grp
    from (select *, case when 名称 = '' then hex(名称_c) else 名称 end sort,
                 date_diff('day', lag(签订日期) over (partition by vid, 企业号, sort order by 签订日期, pos), 签订日期) gap from near)),
o as (
    select vid, 企业号, sort, grp, count(*) n, sum(金额) total, max(金额) most, list(pos) rows, bool_or(tendered) tendered,
           date_diff('day', min(签订日期), max(签订日期)) as days, min(pos) first
    from s group by all having count(*) >= 2),
lines as (select unnest([50000, 100000, 200000, 300000, 400000, 500000, 600000, 1000000, 2000000, 4000000]) * 100::bigint line),
fit as (
    select line, (select count(*) from o where most < line and total >= line) hits,
           (select count(*) from c where tendered and 金额 >= line) + (select count(*) from c where not tendered and 金额 < line) kept
    from lines),
tenders as (select count(*) filter (where tendered) n, count(*) total from c),
choice as (
    select line from fit, tenders
    order by case when tenders.n >= 20 and (select max(kept) from fit) >= 0.97 * tenders.total then kept else 0 end desc, hits desc, line limit 1)
select first key, vid unit, case when most < line and total >= line and days <= 60 then 'strong' else 'weak' end grade,
       total::bigint amount, null::bigint as months, rows as "rows", days, n, line
from o, choice where total >= line
