-- What maps show of each gebied, from the temporary tables gebied_vorm, getroffen and gebied_samen (m² of the union, where several layers
-- tell of one beperking): per beperking hectares and the number of energy objects with a signal that is no koppelkans, and all signals by
-- severity. Nothing is said of what was not judged; without overlap at all there is no map.
create table {kaart} (laag text, code text, geometrie geometry, eigenschappen jsonb);
insert into {kaart}
with ondergrond as (
    select maat.code, maat.beperking, coalesce(max(samen.m2), sum(maat.m2)) as m2, max(maat.m2) > 0 or max(maat.gedekt) > 0 as beoordeeld
    from {gebieden} maat join te_tellen using (code) left join gebied_samen samen using (code, beperking)
    group by maat.code, maat.beperking
),
geraakt as (
    select code, beperking, count(distinct (object_laag, object_id)) as aantal
    from getroffen where ernst in ('UITSLUITING', 'ZWAARWEGEND', 'AANDACHTSPUNT')
    group by code, beperking
),
kolom as (
    select code, lower(replace(beperking, '-', '_')) as naam,
        case when beoordeeld then round((m2 / 10000)::numeric, case when m2 < 100 then 4 else 2 end) end as ha,
        coalesce(aantal, case when beoordeeld then 0 end) as objecten
    from ondergrond left join geraakt using (code, beperking)
),
kolommen as (
    select code, jsonb_object_agg(naam || '_ha', ha) || jsonb_object_agg(naam || '_objecten', objecten) as waarden from kolom group by code
),
signaal as (
    select kolommen.code,
        count(distinct id) filter (where ernst = 'UITSLUITING') as uitsluiting,
        count(distinct id) filter (where ernst = 'ZWAARWEGEND') as zwaarwegend,
        count(distinct id) filter (where ernst = 'AANDACHTSPUNT') as aandachtspunt,
        count(distinct id) filter (where ernst = 'KOPPELKANS') as koppelkans
    from kolommen left join getroffen using (code)
    group by kolommen.code
)
select vorm.laag, vorm.code, vorm.geometrie,
    jsonb_build_object(
        'gebied_code', vorm.code, 'gebied_naam', vorm.naam, 'oppervlakte_ha', round((ST_Area(vorm.geometrie) / 10000)::numeric, 2),
        'signalen_uitsluiting', signaal.uitsluiting, 'signalen_zwaarwegend', signaal.zwaarwegend,
        'signalen_aandachtspunt', signaal.aandachtspunt, 'signalen_koppelkans', signaal.koppelkans
    ) || coalesce(kolommen.waarden, '{{}}') as eigenschappen
from gebied_vorm vorm
join te_tellen using (code)
left join kolommen using (code)
left join signaal using (code)
where exists (select from {gebieden});

drop table gebied_samen, getroffen;
