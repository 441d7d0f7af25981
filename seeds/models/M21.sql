-- code: M21
-- name: 有合同无用印
-- covers: DM-10
-- lists: 工程合同、用印
-- also: 承包合同
-- direction: absence
-- subject: contract
-- category: B6
-- severity: S2
-- topics: B
-- period: 用印登记簿起止之间签订的合同
-- means: 签了合同而用印登记没有记载
-- ask: 合同用印由谁批准、登记簿
-- whom: 村党组织书记、会议记录人
-- false alarms: 编号写法不同；登记簿未覆盖的时段
-- says: {d:month}签订的合同在用印登记中没有记载
with seal as (select distinct 合同号 from 用印 where 合同号 is not null),
span as (select min(日期) a, max(日期) b from 用印),
c as (
    select '工程' kind, 合同号, vid, 签订日期 d, 金额, pos from 工程合同 where 合同号 is not null
    union all select '承包', 合同号, vid, 起, 年租金, pos from 承包合同 where 合同号 is not null),
covered as (
    select c.kind from c left join seal s on s.合同号 = c.合同号 group by 1 having avg((s.合同号 is not null)::int) >= 0.5),
unused as (select count(*) n from 用印 u where not exists (select 1 from c where c.合同号 = u.合同号)),
spare as (select distinct u.日期 d from 用印 u where not exists (select 1 from c where c.合同号 = u.合同号))
select c.合同号 key, min(c.vid) unit,
       case when bool_or(exists (select 1 from spare where spare.d between c.d - 7 and c.d + 15)) and max(unused.n) < 200 then 'weak' else 'strong' end grade,
       sum(c.金额)::bigint amount, null::bigint as months, list(c.pos) as "rows", monthidx(min(c.d)) d
from c join covered using (kind) left join seal s on s.合同号 = c.合同号, span, unused
where s.合同号 is null and c.d between span.a - 15 and span.b group by c.合同号
