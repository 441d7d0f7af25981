-- code: M23
-- name: 围标串标
-- covers: DM-16
-- lists: 投标
-- also: 工商、工程合同
-- direction: presence
-- subject: tender
-- category: H2
-- severity: S4
-- topics: H
-- period: 同一标
-- means: 同一标的不同投标人共用电话或地址
-- ask: 投标文件由谁制作、保证金来源
-- whom: 施工方、村务监督委员会主任
-- false alarms: 代理机构的电话
-- says: 同一标有{n}家投标人共用{what}
with b as (select distinct 合同号, 企业号, 电话, 地址, pos from 投标 where 合同号 is not null and 企业号 is not null),
agent as (select 电话 from b where 电话 is not null group by 1 having count(distinct 企业号) > 5),
block as (select 地址 from b where 地址 is not null group by 1 having count(distinct 企业号) > 5),
phone as (
    select 合同号, 电话, count(distinct 企业号) n, list(pos) rows, 1 sort from b where 电话 is not null group by 1, 2 having count(distinct 企业号) >= 2),
address as (
    select 合同号, 地址, count(distinct 企业号) n, list(pos) rows, 2 sort from b where 地址 is not null group by 1, 2 having count(distinct 企业号) >= 2),
o as (
    select 合同号, n, rows, 'phone' how, a.电话 is not null agent from phone left join agent a using (电话)
    union all select 合同号, n, rows, 'address', k.地址 is not null from address left join block k using (地址)),
unit as (select 合同号, min(vid) vid, min(pos) pos, max(金额) amount from 工程合同 group by 1)
select o.合同号 key, min(u.vid) unit,
       best(list(case when agent then 'weak' else 'strong' end)) grade,
       max(u.amount)::bigint amount, null::bigint as months, list_distinct(flatten(list(rows))) as "rows", max(n) n,
       case when bool_or(how = 'phone') and bool_or(how = 'address') then '电话和地址' when bool_or(how = 'phone') then '电话' else '地址' end what
from o left join unit u on u.合同号 = o.合同号 group by o.合同号
having not bool_and(agent) or max(n) >= 2
