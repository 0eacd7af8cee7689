-- A key figure of so many hectares per kilometre is a strip of ten times as many metres wide: 7.2 ha per km is 36 m on either side.
with lijn as (
    select land, netvlak as techniek, geometrie, jaar, levering_id
    from object
    where collection = 'hoogspanningsverbindingen' and objecttype = 'VERBINDING_BOVENGRONDS'
        and coalesce(status, 'BESTAAND') = 'BESTAAND' and eigenschappen->>'herkomst' is distinct from 'NETMODEL'
),
zone as (
    select kengetal.land, gemeente.code as gemeente, kengetal.techniek, kengetal.tekst,
        kengetal.onder / kengetal.midden as onder, kengetal.boven / kengetal.midden as boven,
        max(lijn.jaar) as jaar, array_agg(distinct lijn.levering_id) as leveringen,
        ST_Area(ST_Intersection(
            gemeente.geometrie, ST_Buffer(ST_Collect(lijn.geometrie), kengetal.midden * 5, 'endcap=flat')
        )) / 10000 as ha
    from geldig_kengetal kengetal
    join gemeente on gemeente.land = kengetal.land and gemeente.code = kengetal.gebied
    join lijn
        on lijn.land = kengetal.land and lijn.techniek = kengetal.techniek
        and ST_DWithin(lijn.geometrie, gemeente.geometrie, kengetal.midden * 5)
    where kengetal.ruimtebeslagsoort = 'BELEMMERINGSSTROOK' and kengetal.indicator = 'netlengte'
    group by kengetal.land, gemeente.code, gemeente.geometrie, kengetal.techniek, kengetal.tekst, kengetal.onder, kengetal.midden,
        kengetal.boven
),
-- Gemeenten do not overlap, so the zones of one netvlak may be added from gemeenten to larger gebieden; those of two netvlakken may not.
schaal as (
    select land, gemeente, ouder from ouder
    union all
    select land, code, code from gemeente
)
select schaal.land, schaal.ouder as gebied, 'ELEKTRICITEIT' as drager, zone.techniek, sum(zone.ha) as waarde,
    case when bool_or(zone.onder < zone.boven) then sum(zone.ha * zone.onder) end as ondergrens,
    case when bool_or(zone.onder < zone.boven) then sum(zone.ha * zone.boven) end as bovengrens,
    'Zone BELEMMERINGSSTROOK langs bovengrondse lijnen. ' || string_agg(distinct zone.tekst, '; ' order by zone.tekst) as methode
from zone join schaal on schaal.land = zone.land and schaal.gemeente = zone.gemeente
group by schaal.land, schaal.ouder, zone.techniek
