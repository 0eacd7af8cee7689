-- Add up: from the figures of gemeenten (basis), what is not assigned to one (niveau NTI) and the members of each parent (lid) to one
-- row per reeks and parent in uitkomst. Sums are of decimals as people write them (numeric; of a double fifteen digits count): 0.1 and
-- 0.2 make 0.3, and the order does not matter. A mean is the sum of value times weight over the sum of weights; the weight of a sum is 1.
create temp table getal on commit drop as
select reeks, plaats, niveau, levering_id, waarde::numeric, gewicht::numeric,
    waarde::numeric * gewicht::numeric as product,
    coalesce(ondergrens, waarde)::numeric * gewicht::numeric as product_onder,
    coalesce(bovengrens, waarde)::numeric * gewicht::numeric as product_boven,
    ondergrens is not null as heeft_onder, bovengrens is not null as heeft_boven,
    soort_rang, kwaliteit_rang
from basis
where niveau in ('GEMEENTE', 'NTI');
analyze getal;

create temp table omvang on commit drop as
select kring, ouder, count(*)::integer as kinderen from lid group by kring, ouder;

create temp table som on commit drop as
select getal.reeks, lid.ouder, count(*)::integer as aanwezig,
    sum(getal.product) as totaal, sum(getal.gewicht) as gewicht,
    case when bool_or(heeft_onder) then sum(getal.product_onder) end as ondergrens,
    case when bool_or(heeft_boven) then sum(getal.product_boven) end as bovengrens,
    max(getal.soort_rang) as soort_rang, max(getal.kwaliteit_rang) as kwaliteit_rang
from getal
join reeks using (reeks)
join lid on lid.kring = reeks.kring and lid.gemeente = getal.plaats
where getal.niveau = 'GEMEENTE' and getal.product is not null
group by getal.reeks, lid.ouder;

-- Parents of which gemeenten are there, but none that counts (empty, or without a weight).
insert into som (reeks, ouder, aanwezig)
select distinct basis.reeks, lid.ouder, 0
from basis
join reeks using (reeks)
join lid on lid.kring = reeks.kring and lid.gemeente = basis.plaats
where basis.niveau = 'GEMEENTE' and (basis.waarde is null or basis.gewicht is null)
    and reeks.aggregatie in ('SOM', 'GEWOGEN_GEMIDDELDE')
    and not exists (select from som where som.reeks = basis.reeks and som.ouder = lid.ouder);
analyze som;

-- What is not assigned belongs to its own parent and to the land. A regio is no part of a provincie and the land has both: it takes
-- what is not assigned in provincies, and what is not assigned in regio's only where provincies have none.
create temp table rest on commit drop as
with los as (
    select getal.*, van.plaats as van, van.niveau as van_niveau, reeks.kring as reeks_kring, reeks.verdeeld
    from getal
    join reeks using (reeks)
    join plaats using (plaats)
    join plaats van on van.code = left(plaats.code, -4)
    where getal.niveau = 'NTI' and reeks.aggregatie in ('SOM', 'GEWOGEN_GEMIDDELDE')
),
deel as (
    select los.*, van as ouder from los
    union all
    select los.*, land.plaats
    from los
    join kring on kring.kring = los.reeks_kring
    join plaats land on land.code = kring.gebied and land.niveau = 'LAND'
    where los.van_niveau = 'PROVINCIE'
        or los.van_niveau = 'REGIO'
            and not exists (select from los ander where ander.reeks = los.reeks and ander.van_niveau = 'PROVINCIE')
)
select reeks, ouder,
    sum(product) as totaal, sum(gewicht) filter (where waarde is not null) as gewicht,
    case when bool_or(heeft_onder) then sum(product_onder) end as ondergrens,
    case when bool_or(heeft_boven) then sum(product_boven) end as bovengrens,
    max(soort_rang) as soort_rang, max(kwaliteit_rang) as kwaliteit_rang,
    array_agg(plaats order by plaats) filter (where waarde is null or gewicht is null) as onbekend,
    min(van_niveau) filter (where van <> ouder) as van_niveau, array_agg(van) as van, array_agg(levering_id) as leveringen
from deel
group by reeks, ouder;

create temp table telling on commit drop as
select reeks.reeks, coalesce(som.ouder, rest.ouder) as ouder, reeks.kring, reeks.verdeeld, reeks.aggregatie, coalesce(som.aanwezig, 0) as aanwezig,
    case when reeks.verdeeld then omvang.kinderen end as kinderen,
    case when reeks.aggregatie = 'SOM' then som.totaal else som.totaal / nullif(som.gewicht, 0) end as som,
    case when reeks.aggregatie = 'SOM' then rest.totaal else rest.totaal / nullif(rest.gewicht, 0) end as rest,
    coalesce(som.totaal + rest.totaal, som.totaal, rest.totaal) as totaal,
    nullif(coalesce(som.gewicht + rest.gewicht, som.gewicht, rest.gewicht), 0) as gewicht,
    case when som.ondergrens is not null or rest.ondergrens is not null
        then coalesce(som.ondergrens, som.totaal, 0) + coalesce(rest.ondergrens, rest.totaal, 0) end as ondergrens,
    case when som.bovengrens is not null or rest.bovengrens is not null
        then coalesce(som.bovengrens, som.totaal, 0) + coalesce(rest.bovengrens, rest.totaal, 0) end as bovengrens,
    greatest(som.soort_rang, rest.soort_rang) as soort_rang, greatest(som.kwaliteit_rang, rest.kwaliteit_rang) as kwaliteit_rang,
    rest.onbekend, rest.van_niveau, rest.van
from som full join rest on rest.reeks = som.reeks and rest.ouder = som.ouder
join reeks on reeks.reeks = coalesce(som.reeks, rest.reeks)
left join omvang on omvang.kring = reeks.kring and omvang.ouder = coalesce(som.ouder, rest.ouder)
where not reeks.verdeeld or omvang.kinderen > 0;

-- A parent that was delivered where gemeenten of other parents have figures: all of its own are missing.
insert into telling (reeks, ouder, kring, verdeeld, aggregatie, aanwezig, kinderen)
select basis.reeks, basis.plaats, reeks.kring, true, reeks.aggregatie, 0, omvang.kinderen
from basis
join reeks using (reeks)
join omvang on omvang.kring = reeks.kring and omvang.ouder = basis.plaats
where reeks.verdeeld and reeks.aggregatie in ('SOM', 'GEWOGEN_GEMIDDELDE') and basis.niveau not in ('GEMEENTE', 'NTI')
    and not exists (select from telling where telling.reeks = basis.reeks and telling.ouder = basis.plaats);
analyze telling;

create temp table ontbreekt on commit drop as
with plek as (
    select telling.reeks, telling.ouder, lid.gemeente as plaats
    from telling
    join lid on lid.kring = telling.kring and lid.ouder = telling.ouder
    left join basis
        on basis.reeks = telling.reeks and basis.plaats = lid.gemeente and basis.waarde is not null and basis.gewicht is not null
    where telling.verdeeld and telling.aanwezig < telling.kinderen and basis.reeks is null
    union all
    select reeks, ouder, unnest(onbekend) from telling
    union all
    -- Without figures per gemeente a land is complete when each of its provincies (or regio's) says what it did not assign.
    select distinct telling.reeks, telling.ouder, lid.ouder
    from telling
    join lid on lid.kring = telling.kring
    join plaats on plaats.plaats = lid.ouder and plaats.niveau = telling.van_niveau
    where not telling.verdeeld and lid.ouder <> all (telling.van)
)
select reeks, ouder, array_agg(code order by code collate "C") as codes
from plek join plaats using (plaats)
group by reeks, ouder;

create temp table uitkomst on commit drop as
select reeks, ouder, verdeeld, aggregatie, kinderen, som, rest, ontbreekt.codes as ontbrekend, soort_rang, kwaliteit_rang,
    case when aggregatie = 'SOM' then totaal else totaal / gewicht end as samen,
    case when aggregatie = 'SOM' then ondergrens else ondergrens / gewicht end as ondergrens,
    case when aggregatie = 'SOM' then bovengrens else bovengrens / gewicht end as bovengrens,
    ontbreekt.codes is null and (aggregatie = 'SOM' or gewicht is not null) as compleet
from telling left join ontbreekt using (reeks, ouder);
analyze uitkomst;
