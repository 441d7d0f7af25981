-- code: M06
-- name: 低保人员任企业法人
-- covers: 
-- lists: 低保、工商
-- also: 
-- direction: presence
-- subject: person
-- category: F2
-- severity: S3
-- topics: F
-- period: 两段起止月的交集
-- means: 享受低保期间任存续企业法定代表人
-- ask: 企业是否经营、身份是否被冒用
-- whom: 户主或家属、左右邻、村民小组长
-- false alarms: 合作社成员；个体小店；已注销；身份被冒用
-- says: {s:month}至{e:month}享受低保期间任企业法定代表人
with o as (
    select a.pid, coalesce(g.vid, a.vid) unit, a.via avia, b.法人via bvia, a.pos apos, b.pos bpos,
           greatest(coalesce(a.起月, 0), coalesce(monthidx(b.成立), 0)) s,
           least(coalesce(a.止月, as_of()), coalesce(monthidx(b.注销) - 1, as_of()), as_of()) e,
           e - s + 1 n, b.类型 kind
    from 低保 a join 工商 b on b.法人pid = a.pid left join 登记 g on g.pid = a.pid
    where b.类型 in ('企业', ''))
select pid key, min(unit) unit, best(list(case when n < 2 then 'weak' when kind = '' then 'fair' else linked(avia, bvia) end)) grade, null::bigint amount, max(n)::bigint as months,
       list_concat(list(apos), list(bpos)) as "rows", min(s) s, max(e) e
from o where n >= 1 group by pid
