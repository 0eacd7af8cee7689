-- What was reckoned again (herzien) between what stays as it was published before. Of that only the levering may be another: the same
-- figure was delivered anew. An energiebeeld that was made upon the older levering keeps that one.
create table {table} (like {previous});

insert into {table}
with blijvend as (
    select vorige.*, coalesce(vertaling.nieuw, vorige.levering_id) as uit_levering
    from {previous} vorige
    left join (
        select energiebeeld, oud, nieuw
        from (select distinct energiebeeld from {previous}) as elk cross join opgevolgd
        where oud not in (select levering_id from laag)
            or exists (select from laag where laag.levering_id = nieuw and laag.energiebeeld = elk.energiebeeld)
    ) as vertaling on vertaling.energiebeeld = vorige.energiebeeld and vertaling.oud = vorige.levering_id
    where not exists (
        select from sleutel
        where sleutel.opnieuw and sleutel.indicator = vorige.indicator and sleutel.drager = vorige.drager
            and sleutel.subsector = vorige.subsector and sleutel.techniek = vorige.techniek and sleutel.richting = vorige.richting
            and sleutel.jaar = vorige.jaar and sleutel.beeld = vorige.beeld
    )
    union all
    select herzien.*, levering_id
    from herzien join sleutel using (indicator, drager, subsector, techniek, richting, jaar, beeld)
    where sleutel.opnieuw
)
-- The order of publish.sql, by which rows are found and paged through.
select row_number() over (
        order by energiebeeld, niveau, gebied, indicator, drager, subsector, techniek, richting, jaar, beeld
    ),
    energiebeeld, gebied, gebied_naam, niveau, thema, indicator, drager, keten, subsector, hoofdsector, techniek, richting, jaar, beeld,
    indeling, soort, herkomst, kwaliteit, waarde, eenheid, ondergrens, bovengrens, reden_leeg, methode, bron, peiljaar, uit_levering,
    geleverd, som, rest, verschil, oordeel, kinderen, ontbrekend
from blijvend;
drop table herzien;
