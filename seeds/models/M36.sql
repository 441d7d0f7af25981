-- code: M36
-- name: 低保家庭成员由财政供养
-- covers: DM-01
-- lists: 低保、财政供养、户籍
-- also: 
-- direction: presence
-- subject: household
-- category: F2
-- severity: S3
-- topics: F
-- period: 两段起止月的交集
-- means: 共同生活的家庭成员是公职人员
-- ask: 是否共同生活、核对时是否申报
-- whom: 户主或家属、左右邻、村民小组长
-- false alarms: 已分户；成年子女另行居住
-- says: 家庭成员由财政供养期间享受低保，重叠{months}个月
with o as (
    select g.户, g.vid, l.pos, f.pos fpos,
           least(coalesce(l.止月, as_of()), coalesce(f.离开月, as_of()), as_of()) - greatest(coalesce(l.起月, 0), coalesce(f.进入月, 0)) + 1 n
    from 低保 l join 登记 g on g.pid = l.pid join 登记 h on h.户 = g.户 and h.pid <> g.pid join 财政供养 f on f.pid = h.pid
    anti join 财政供养 x on x.pid = l.pid)
select 户 key, min(vid) unit, 'weak' grade, null::bigint amount, max(n)::bigint as months,
       list_concat(list_distinct(list(pos)), list_distinct(list(fpos))) as "rows"
from o where n >= 2 group by 户
