-- code: M13
-- name: 公益岗人员在外参保
-- covers: 
-- lists: 公益岗、社保
-- also: 
-- direction: presence
-- subject: person
-- category: I3
-- severity: S3
-- topics: I
-- period: 在岗与外地参保同月，至少两个月
-- means: 公益岗在岗期间在外地参保就业
-- ask: 本人是否在村、谁在顶岗
-- whom: 公益岗本人、同岗人员、用工单位
-- false alarms: 换岗当月；本县劳务公司派出
-- says: 在岗期间有{months}个月在外地参保
with own as (
    select coalesce(max(参保地_c) filter (where 参保地 = '本县'), ''::blob) marked,
           coalesce(bool_or(参保地 = '本县'), false) marked_here, coalesce(bool_or(参保地 = '外地'), false) away from 社保),
most as (
    select 参保地_c c, count(*) n, sum(count(*)) over () total from 社保 group by 1 qualify row_number() over (order by n desc, min(pos)) = 1),
outside as (
    select s.* from 社保 s, own, most
    where s.pid is not null and case when own.marked_here then s.参保地 <> '本县' when own.away then s.参保地 = '外地'
          else s.参保地_c <> most.c or most.n < 0.4 * most.total end),
o as (
    select a.pid, a.via avia, s.via, a.pos apos, s.pos, s.月份 m, coalesce(g.vid, a.vid) unit
    from 公益岗 a join outside s on s.pid = a.pid left join 登记 g on g.pid = a.pid
    where s.月份 between coalesce(a.起月, 0) and coalesce(a.止月, as_of()))
select pid key, min(unit) unit, case when count(distinct m) < 2 then 'weak' else linked(min(avia), min(via)) end grade,
       null::bigint amount, count(distinct m) as months, list_concat(list_distinct(list(apos)), list(pos)) as "rows"
from o group by pid
