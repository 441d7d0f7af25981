-- code: M04
-- name: 低保人员有高价值车
-- covers: 
-- lists: 低保、车辆
-- also: 残疾补贴
-- direction: presence
-- subject: person
-- category: F2
-- severity: S3
-- topics: F
-- period: 两段起止月的交集
-- means: 享受低保期间名下有高价值机动车
-- ask: 车辆实际由谁使用、何时购置、是否已过户
-- whom: 户主或家属、左右邻、村民小组长
-- false alarms: 三轮、货车、摩托；价值不高；已过户或注销；残疾人用车；借名登记
-- says: {s:month}至{e:month}享受低保期间名下有购置价{price:yuan}的车辆
with o as (
    select a.pid, coalesce(g.vid, a.vid) unit, a.via avia, b.via bvia, a.pos apos, b.pos bpos,
           greatest(coalesce(a.起月, 0), coalesce(monthidx(b.注册日期), 0)) s,
           least(coalesce(a.止月, as_of()), coalesce(monthidx(b.过户注销日期) - 1, as_of()), as_of()) e,
           e - s + 1 n, b.购置价 price, h.pid disabled
    from 低保 a join 车辆 b on b.pid = a.pid left join 登记 g on g.pid = a.pid
    left join (select distinct pid from 残疾补贴 where pid is not null) h on h.pid = a.pid
    where b.车型 not in ('营运农用', '残疾人专用') and b.购置价 >= 6000000)
select pid key, min(unit) unit, best(list(case when price < 10000000 then 'weak' when disabled is not null or n < 2 then 'fair' else linked(avia, bvia) end)) grade, null::bigint amount, max(n)::bigint as months,
       list_concat(list(apos), list(bpos)) as "rows", min(s) s, max(e) e, max(price) price
from o where n >= 1 group by pid
