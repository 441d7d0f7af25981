-- code: M38
-- name: 危房改造十年内两次
-- covers: 
-- lists: 危改
-- also: 户籍
-- direction: presence
-- subject: household
-- category: E2
-- severity: S2
-- topics: E
-- period: 十年之内
-- means: 同一户十年内两次享受危房改造
-- ask: 两次各建在何处
-- whom: 受益人本人或家属、村民小组长
-- false alarms: 分户；灾后重建
-- says: 同一户{years}年内{n}次享受危房改造，合计{amount:yuan}
with o as (select g.户, min(g.vid) vid, count(*) n, list(w.pos) rows, date_diff('year', min(w.日期), max(w.日期)) as years, count(distinct w.日期) as days, sum(w.金额) amt
           from 危改 w join 登记 g using (pid) group by 1)
select 户 key, vid unit, 'weak' grade, amt::bigint amount, null::bigint as months, rows as "rows", years, n from o where n >= 2 and days >= 2 and years < 10
