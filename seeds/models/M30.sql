-- code: M30
-- name: 重复领取两份养老金
-- covers: 
-- lists: 职工养老、流水
-- also: 
-- direction: presence
-- subject: person
-- category: E1
-- severity: S3
-- topics: E
-- period: 所属月在职工养老起止月之内
-- means: 职工养老金和城乡居民养老金同领
-- ask: 居民养老何时停发、多领是否退回
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 转换当月；补发以前月份；已退回
-- says: 领职工养老期间有{months}个月又领城乡居民养老，合计{amount:yuan}
with f as (
    select pid, 所属月 m, sum(净额) amt, max(via) via, list(pos) rows, min(vid) vid from 流水
    where pid is not null and 项目 = '城乡居民养老' group by 1, 2),
o as (
    select f.*, p.via pvia, p.pos from f join 职工养老 p using (pid)
    where f.m between coalesce(p.起月, 0) and coalesce(p.止月, as_of()))
select o.pid key, min(coalesce(g.vid, o.vid)) unit,
       case when count(distinct m) filter (where amt > 0) < 2 then 'weak' else linked(min(pvia), max(via)) end grade,
       sum(amt)::bigint amount, count(distinct m) filter (where amt > 0) as months,
       list_concat(list_distinct(list(o.pos)), flatten(list(rows))) as "rows"
from o left join 登记 g using (pid) group by o.pid having sum(amt) > 0
