-- Why these figures cannot be published, in Dutch; nothing when they can. Run before the layers of an energiebeeld are put together.
select format('energiebeeld %s noemt als grondslag levering %s, die er niet is', laag.energiebeeld, laag.levering_id)
from laag
where levering_id > 0 and not exists (select from facts.levering where levering.id = laag.levering_id)
union all
select format('bron %s levert cijfers van energiebeeld %s, dat door geen bron is beschreven', bron, energiebeeld)
from gebruikt join facts.levering on levering.id = levering_id
where levering.status = 'CURRENT' and energiebeeld not in (select energiebeeld from beeld_gebied)
group by bron, energiebeeld
union all
select format('indicator %s staat niet in de codelijst', indicator) from reeks where not bekend group by indicator
union all
(
    select format(
        'bronnen %s leveren in energiebeeld %s allebei %s van %s', string_agg(distinct levering.bron, ' en '), reeks.energiebeeld,
        concat_ws(
            ', ', reeks.indicator, nullif(reeks.drager, ''), nullif(reeks.subsector, ''), nullif(reeks.techniek, ''),
            nullif(reeks.richting, ''), reeks.jaar, reeks.beeld
        ), plaats.code
    )
    from (select reeks, plaats, laag from basis group by reeks, plaats, laag having count(*) > 1 order by reeks, plaats limit 20) as dubbel
    join basis using (reeks, plaats, laag)
    join reeks using (reeks)
    join plaats using (plaats)
    join facts.levering on levering.id = basis.levering_id
    group by dubbel.laag, reeks.reeks, reeks.energiebeeld, reeks.indicator, reeks.drager, reeks.subsector, reeks.techniek, reeks.richting,
        reeks.jaar, reeks.beeld, plaats.code
    order by reeks.reeks, plaats.code
)
