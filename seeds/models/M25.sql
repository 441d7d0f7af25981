-- code: M25
-- name: 村干部及亲属集中受益
-- covers: DM-03
-- lists: 村干部、村干部亲属、户籍
-- also: 低保、特困、公益岗、危改、临时救助
-- direction: presence
-- subject: village
-- category: E3
-- severity: S3
-- topics: E、F
-- period: 全部救助合并，按户
-- means: 干部及近亲属家庭受益比例显著高于全村
-- ask: 受益家庭是否符合条件、评议公示过程
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 亲属确实困难
-- says: 干部及近亲属{n}户中{k}户受益，全村{total}户中{all}户
with aid as (
    select '低保' a, pid, pos from 低保 union all select '特困', pid, pos from 特困 union all select '公益岗', pid, pos from 公益岗
    union all select '危改', pid, pos from 危改 union all select '临时救助', pid, pos from 临时救助),
got as (
    select case when grouping(a.a) = 1 then '全部' else a.a end a, g.户, g.vid, list(a.pos) rows
    from aid a join 登记 g using (pid) where g.vid is not null group by grouping sets ((a.a, g.户, g.vid), (g.户, g.vid))),
tied as (
    select distinct g.户, g.vid from (select pid, vid from 村干部 union select pid, vid from 村干部亲属) t
    join 登记 g on g.pid = t.pid and g.vid = t.vid),
size as (select vid, count(distinct 户) houses from 登记 where vid is not null group by 1),
o as (
    select got.a, got.vid, min(s.houses) total, count(*) benefit, count(t.户) k,
           (select count(*) from tied x where x.vid = got.vid) n, flatten(list(case when t.户 is not null then got.rows else [] end)) rows
    from got join size s using (vid) left join tied t on t.户 = got.户 and t.vid = got.vid group by 1, 2),
tail as (
    select a, vid, total, benefit, k, n, rows,
           list_sum([exp(choose(benefit, i) + choose(total - benefit, n - i) - choose(total, n))
                     for i in generate_series(k, least(n, benefit)) if n - i <= total - benefit]) p
    from o where n > 0 and n < total),
rank as (select *, p * count(*) over () / row_number() over (order by p, vid, a) q from tail),
bh as (select *, min(q) over (order by p desc, vid desc, a desc rows between unbounded preceding and current row) adjusted from rank),
one as (select * from bh where k >= 3 and p <= 0.005 and k * total > 1.5 * n * benefit
        qualify row_number() over (partition by vid order by p, a) = 1)
select vid key, vid unit, case when adjusted <= 0.05 then 'fair' else 'weak' end grade, null::bigint amount, null::bigint as months,
       rows as "rows", n, k, total, benefit "all"
from one
