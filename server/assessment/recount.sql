-- 独立复算: the three rates, scores and ranks counted from the raw file alone. Nothing of the product is used here: the file is
-- COPYed as it is, words are compared as they are written, and every figure is whole numbers or numerics of forty digits.
-- Needs: recount.raw (orders.csv), recount.unit (units.csv), recount.rule (name, w_response, w_solution, w_satisfaction, ties, total).
with told as (
  select "诉求编号" as number, translate("主办单位", '（）', '()') as unit,  -- the list of units has narrow brackets, the orders wide ones
         "解决类型" = '剔除' as struck,
         "响应" as response, "解决" as solution, "满意" as satisfaction,
         left(coalesce(nullif("派发时间", ''), "登记时间"), 10)::date as day,
         case when exists (select from recount.unit u where u."名称" = translate("主办单位", '（）', '()')) then '委办局' else '其他' end as grp
    from recount.raw raw),
placed as (
  -- a period begins on the 19th of the month before
  select told.*, to_char(case when extract(day from day) >= 19 then day + interval '1 month' else day end, 'YYYY-MM') as span from told
  union all
  select told.*, 'year' from told where extract(year from day) = 2020),
counted as (
  select span, scope, grp, unit,
         count(*) filter (where counts) as tickets,
         count(*) filter (where counts and (response <> '' or solution <> '' or satisfaction <> '')) as base,
         count(*) filter (where counts and response <> '') as r_base,
         count(*) filter (where counts and response = '响应') as r,
         count(*) filter (where counts and solution <> '') as s_base,
         count(*) filter (where counts and solution = '解决') as s,
         count(*) filter (where counts and solution = '未解决') as s_not,
         count(*) filter (where counts and satisfaction <> '') as h_base,
         count(*) filter (where counts and satisfaction = '满意') as h,
         count(*) filter (where counts and satisfaction = '基本满意') as h_part,
         count(*) filter (where counts and satisfaction = '不满意') as h_not,
         coalesce(string_agg(number, ' ' order by number collate "C") filter (where counts), '') as numbers,
         coalesce(string_agg(number, ' ' order by number collate "C") filter (where counts and solution = '未解决'), '') as unsolved
    from placed cross join (values ('all'), ('assessed')) s(scope) cross join lateral (select scope = 'all' or not struck as counts) c
   group by span, scope, grp, unit),
-- rates as tenths of a per cent, scores as tenths of a point: half up, by whole numbers
scored as (
  select counted.*, rule.name as rule, rule.ties, rule.total, rule.w_response, rule.w_solution, rule.w_satisfaction,
         div(2000 * r + r_base, nullif(2 * r_base, 0)) as r_tenths,
         div(2000 * s + s_base, nullif(2 * s_base, 0)) as s_tenths,
         div(200 * (10 * h + 9 * h_part) + h_base, nullif(2 * h_base, 0)) as h_tenths,
         div(20 * top + 10 * r_base * s_base * h_base, nullif(2 * 10 * r_base * s_base * h_base, 0)) as score_tenths
    from counted cross join recount.rule rule
   cross join lateral (select (w_response * 10 * r * s_base * h_base + w_solution * 10 * s * r_base * h_base
                               + w_satisfaction * (10 * h + 9 * h_part) * r_base * s_base)::numeric as top) t),
ranked as (
  select scored.*, case when score_tenths is not null and tickets >= 1 and unit <> '' then
           rank() over (partition by span, scope, rule, grp, score_tenths is not null and tickets >= 1 and unit <> ''
                        order by score_tenths desc, case when ties = 'volumeDesc' then tickets end desc) end as rank
    from scored),
totals as (
  select span, scope, rule, grp, case max(total) when 'pooled' then
           round(100 * (max(w_response) * sum(r) / nullif(sum(r_base), 0) * z + max(w_solution) * sum(s) / nullif(sum(s_base), 0) * z
                        + max(w_satisfaction) * (sum(h) + 0.9 * sum(h_part)) / nullif(sum(h_base), 0) * z) / 100, 1)
         else
           round(100 * (max(w_response) * avg(r * z / nullif(r_base, 0)) + max(w_solution) * avg(s * z / nullif(s_base, 0))
                        + max(w_satisfaction) * avg((h + 0.9 * h_part) * z / nullif(h_base, 0))) / 100, 1) end as group_score
    from scored cross join (select 1.0000000000000000000000000000000000000000 as z) digits
   where unit <> '' group by span, scope, rule, grp, z)
select ranked.span, ranked.scope, ranked.rule, ranked.grp, ranked.unit, ranked.rank::int,
       tickets::int, base::int, r_base::int, r::int, s_base::int, s::int, s_not::int, h_base::int, h::int, h_part::int, h_not::int,
       coalesce(round(r_tenths / 10, 1) || '%', '—') as r_text, coalesce(round(s_tenths / 10, 1) || '%', '—') as s_text,
       coalesce(round(h_tenths / 10, 1) || '%', '—') as h_text, coalesce(round(score_tenths / 10, 1)::text, '—') as score_text,
       coalesce(group_score::text, '—') as group_score, numbers, unsolved
  from ranked left join totals using (span, scope, rule, grp)
 order by span, scope, rule, grp, rank, unit
