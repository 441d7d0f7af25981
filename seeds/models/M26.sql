-- code: M26
-- name: 大额支出无会议
-- covers: DM-08
-- lists: 支出、会议
-- also: 
-- direction: absence
-- subject: voucher
-- category: B1
-- severity: S3
-- topics: B、C
-- period: 付款前 30 天内
-- means: 大额支出没有集体议事记录
-- ask: 会议记录原件、谁批准付款
-- whom: 村党组织书记、会议记录人
-- false alarms: 年度预算会议已议；会议金额写法不同；同额多笔
-- says: 支出{amount:yuan}，此前30天内没有议定该金额的会议
with v as (select row_number() over (order by pos) id, vid, 日期 d, 金额 amt, pos, 凭证号 from 支出 where vid is not null and 日期 is not null and 金额 > 0),
m as (select row_number() over (order by pos) id, vid, 日期 d, 金额 amt, 议题 topic, pos from 会议 where vid is not null and 日期 is not null and 金额 > 0),
pair as (
    select v.id v, m.id m from v join m on m.vid = v.vid and abs(m.amt - v.amt) <= 0.005 * v.amt and v.d between m.d and m.d + 30),
vouched as (select v, count(*) n from pair group by 1),
used as (select distinct m from pair),
rivals as (
    select p.v, count(distinct q.v) vouchers, count(distinct p.m) meetings from pair p join pair q on q.m = p.m group by 1),
lines as (select unnest([1000, 2000, 3000, 5000, 10000, 20000, 30000, 50000, 80000, 100000, 200000]) * 100::bigint line),
line as (
    select line from lines
    where (select avg((vouched.v is not null)::int) from v left join vouched on vouched.v = v.id where v.amt >= line) >= 0.8
    order by line limit 1),
o as (
    select v.*, vouched.v is null bare, coalesce(r.vouchers > r.meetings, false) shared,
           exists (select 1 from m where m.vid = v.vid and m.topic = '年度预算' and year(m.d) = year(v.d) and m.amt between v.amt * 0.995 and v.amt * 1.005) budgeted,
           exists (select 1 from m where m.vid = v.vid and m.topic = '年度预算' and year(m.d) = year(v.d) and m.d <= v.d and m.amt > v.amt) roof,
           exists (select 1 from m left join used on used.m = m.id where used.m is null and m.vid = v.vid and v.d between m.d - 5 and m.d + 60) spare
    from v left join vouched on vouched.v = v.id left join rivals r on r.v = v.id)
select o.pos key, o.vid unit,
       case when o.shared or o.spare then 'weak' when o.roof then 'fair' else 'strong' end grade,
       o.amt amount, null::bigint as months, [o.pos] as "rows"
from o, line where o.amt >= line.line and not o.budgeted and (o.bare or o.shared)
