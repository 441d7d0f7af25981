-- code: M14
-- name: 公益岗无考勤
-- covers: DM-13
-- lists: 公益岗、公益岗考勤
-- also: 户籍、死亡
-- direction: absence
-- subject: person
-- category: I3
-- severity: S3
-- topics: I
-- period: 有考勤表的月份里，缺三个月以上且过半
-- means: 在岗而无考勤，疑似挂名
-- ask: 平时由谁做事、考勤由谁记
-- whom: 公益岗本人、同岗人员、用工单位
-- false alarms: 乡镇没有交考勤表；考勤行号码有误；整村未交
-- says: 在岗的{due}个有考勤表的月份中缺考勤{months}个月
with months as (select distinct tid, 月份 m from 公益岗考勤 where tid is not null and 月份 is not null),
post as (
    select p.pid, p.via, p.pos, p.vid, p.tid, t.m, g.name
    from 公益岗 p join months t on t.tid = p.tid and t.m between coalesce(p.起月, 0) and coalesce(p.止月, as_of())
    left join 登记 g on g.pid = p.pid where p.pid is not null),
seen as (select pid, 月份 m, max(天数) as days, list(pos) rows from 公益岗考勤 where pid is not null group by 1, 2),
o as (
    select p.pid, min(p.vid) unit, max(p.via) via, list_distinct(list(p.pos)) pos, count(distinct p.m) due, min(p.name) name,
           count(distinct p.m) filter (where coalesce(s.days, 0) = 0) lacking, flatten(list(coalesce(s.rows, []))) rows
    from post p left join seen s on s.pid = p.pid and s.m = p.m group by p.pid),
silent as (
    select unit from o group by 1 having count(*) >= 4 and count(*) filter (where lacking < due) = 0),
doubt as (select distinct name, vid from loose where list = '公益岗考勤'),
dead as (select distinct pid from 死亡 where pid is not null)
select o.pid key, o.unit,
       case when d.name is not null or s.unit is not null or x.pid is not null then 'weak' else linked(o.via, 1) end grade,
       null::bigint amount, o.lacking as months, list_concat(o.pos, o.rows) as "rows", o.due
from o left join doubt d on d.name = o.name and d.vid = o.unit left join silent s on s.unit = o.unit left join dead x on x.pid = o.pid
where o.lacking >= 3 and o.lacking * 2 >= o.due
