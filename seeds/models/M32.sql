-- code: M32
-- name: 评委与投标人关联
-- covers: DM-16
-- lists: 投标、评委
-- also: 股东、工商、工程合同
-- direction: presence
-- subject: tender
-- category: H2
-- severity: S4
-- topics: H
-- period: 同一标
-- means: 评委是投标企业的股东或法人，或共用电话
-- ask: 评委如何产生、是否回避
-- whom: 施工方、村务监督委员会主任
-- false alarms: 同名（有号码即排除）；总机号码
-- says: 评委与投标企业有关联：{how}
with tie as (
    select 企业号, pid, via, pos from 股东 where pid is not null
    union all select 企业号, 法人pid, 法人via, pos from 工商 where 法人pid is not null),
o as (
    select b.合同号, b.pos, j.pos jpos, t.pos tpos, '股东或法人' how, greatest(j.via, t.via) via
    from 投标 b join 评委 j on j.合同号 = b.合同号 join tie t on t.企业号 = b.企业号 and t.pid = j.pid
    union all
    select b.合同号, b.pos, j.pos, b.pos, '共用电话', 3 from 投标 b join 评委 j on j.合同号 = b.合同号 and j.电话 = b.电话)
select o.合同号 key, min(c.vid) unit, best(list(linked(o.via, 1))) grade, max(c.金额)::bigint amount, null::bigint as months,
       list_distinct(list_concat(list(o.pos), list_concat(list(jpos), list(tpos)))) as "rows", string_agg(distinct how, '、' order by how) how
from o left join 工程合同 c on c.合同号 = o.合同号 group by o.合同号
