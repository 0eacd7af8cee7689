-- Figures that are derived more than once, in Dutch.
select format('afleiding %s geeft meer dan eens %s', string_agg(distinct afleiding, ' en ' order by afleiding),
    concat_ws(', ', indicator, nullif(drager, ''), nullif(subsector, ''), nullif(techniek, ''), nullif(richting, ''), jaar, beeld))
from (
    select *, count(*) over (partition by energiebeeld, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld) as keer
    from uitgerekend
) as geteld
where keer > 1
group by indicator, drager, subsector, techniek, richting, jaar, beeld
order by 1
limit 20
