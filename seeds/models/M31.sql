-- code: M31
-- name: 公示照片不在公示期内
-- covers: DM-12
-- lists: 公示
-- also: 
-- direction: presence
-- subject: photo
-- category: B3
-- severity: S2
-- topics: B
-- period: 拍摄日期在公示期之外
-- means: 公示照片在公示期外拍摄，疑似补拍
-- ask: 公示栏实况、谁拍摄
-- whom: 村党组织书记、会议记录人
-- false alarms: 相机日期未校准
-- says: 照片拍摄日期在公示期外{days}天
select pos key, vid unit, case when days >= 3 then 'strong' else 'weak' end grade, null::bigint amount, null::bigint as months, [pos] as "rows", days
from (select *, case when 拍摄日期 > 公示止 then date_diff('day', 公示止, 拍摄日期) when 拍摄日期 < 公示起 then date_diff('day', 拍摄日期, 公示起) else 0 end as days
      from 公示 where 拍摄日期 is not null and 公示起 is not null and 公示止 is not null)
where days > 0
