-- code: M22
-- name: 外出期间领误工补贴
-- covers: DM-11
-- lists: 误工、外出
-- also: 
-- direction: presence
-- subject: person
-- category: C4
-- severity: S2
-- topics: C
-- period: 同日
-- means: 人在外地而领误工补贴
-- ask: 当日是否在村、误工由谁证明
-- whom: 村会计、报账员、经手人
-- false alarms: 外出就是所补的公务
-- says: 外出期间有{days}天领误工补贴，合计{amount:yuan}
with o as (
    select w.pid, w.pos, o.pos away, w.金额, w.日期, w.via, o.via ovia, coalesce(g.vid, w.vid) unit, o.事由 why
    from 误工 w join 外出 o on o.pid = w.pid and w.日期 between o.起 and coalesce(o.止, o.起) left join 登记 g on g.pid = w.pid
    where o.事由 <> '公务' and not coalesce(o.事由_c = w.事由_c, false))
select pid key, min(unit) unit, best(list(case when why = '' and via > 2 then 'weak' else linked(via, ovia) end)) grade,
       sum(金额)::bigint amount, null::bigint as months, list_concat(list(pos), list_distinct(list(away))) as "rows", count(distinct 日期) as days
from o group by pid
